import type { Level, StreamLayer } from '../../src/domain/words.ts';
import { signal } from './processes.ts';
import type { StreamShow } from './show.ts';

/**
 * One way for a stream to fail, done to the real thing (STR-92), with what is owed on the desk and by when. The order matters:
 * the delivery is not judged for a while after the way to the ingest was bad (STR-46).
 */
export interface RigFault {
  name: string;
  inflict: (show: StreamShow) => void;
  heal: (show: StreamShow) => void;
  layer: StreamLayer;
  /** levels that are owed, and ms after the onset by which `GET /api/state` says them */
  owed: { level: Level; withinMs: number }[];
  /** causes that count as right */
  causes: string[];
  /** how long OBS is given to notice by itself, ms, when there is time for it */
  obsNoticesMs: number | null;
}

/** Of the rig's playlists, ms (`hls_fragment 2s`). */
const TARGET_MS = 2000;
/** Half a target duration, at least one second. */
const POLL_MS = 1000;

/** Of the network, the ingest and what is published: OBS and its recording go on through all of them. */
export const WAY_FAULTS: readonly RigFault[] = [
  {
    name: 'HLS stalled',
    inflict: ({ rig }) => rig.origin.freeze(),
    heal: ({ rig }) => rig.origin.heal(),
    layer: 'delivery',
    owed: [{ level: 'warn', withinMs: 1.5 * TARGET_MS + 2 * POLL_MS }],
    causes: ['packager-stalled'],
    obsNoticesMs: null,
  },
  {
    name: 'edge stale',
    inflict: ({ rig }) => rig.edge.freeze(),
    heal: ({ rig }) => rig.edge.heal(),
    layer: 'delivery',
    owed: [{ level: 'warn', withinMs: 1.5 * TARGET_MS + 2 * POLL_MS }],
    causes: ['edge-stale'],
    obsNoticesMs: null,
  },
  {
    name: 'silent loss',
    inflict: ({ rig }) => rig.uplink.set({ kind: 'swallow' }),
    heal: ({ rig }) => rig.uplink.set({ kind: 'none' }),
    layer: 'transport',
    owed: [
      { level: 'warn', withinMs: 2500 },
      { level: 'critical', withinMs: 3500 },
    ],
    // In user space the way is broken behind a door that still opens: a wedged server looks the same from here.
    causes: ['path-to-ingest', 'ingest-wedged'],
    obsNoticesMs: 25_000,
  },
  {
    name: 'wedged ingest',
    inflict: ({ rig }) => rig.ingestWorkers().forEach((pid) => signal(pid, 'SIGSTOP')),
    heal: ({ rig }) => rig.ingestWorkers().forEach((pid) => signal(pid, 'SIGCONT')),
    layer: 'transport',
    owed: [{ level: 'critical', withinMs: 4000 }],
    causes: ['ingest-wedged'],
    obsNoticesMs: 25_000,
  },
  {
    name: 'throttle to 40 %',
    inflict: ({ rig }) => rig.uplink.set({ kind: 'throttle', kbps: 0.4 * rig.sentKbps }),
    heal: ({ rig }) => rig.uplink.set({ kind: 'none' }),
    layer: 'transport',
    owed: [
      { level: 'warn', withinMs: 4000 },
      { level: 'critical', withinMs: 8000 },
    ],
    causes: ['uplink-too-slow'],
    obsNoticesMs: 20_000,
  },
];

export const OBS_FAULTS: readonly RigFault[] = [
  {
    name: 'OBS frozen',
    inflict: ({ rig }) => signal(rig.obsPid, 'SIGSTOP'),
    heal: ({ rig }) => signal(rig.obsPid, 'SIGCONT'),
    layer: 'obs',
    owed: [{ level: 'critical', withinMs: 3500 }],
    causes: ['obs-frozen'],
    obsNoticesMs: null,
  },
  {
    name: 'OBS killed',
    inflict: ({ rig }) => signal(rig.obsPid, 'SIGKILL'),
    heal: () => undefined,
    layer: 'obs',
    owed: [{ level: 'critical', withinMs: 500 }],
    causes: ['obs-gone'],
    obsNoticesMs: null,
  },
];

/** What one fault came to. */
export interface Detection {
  name: string;
  /** ms from the onset to each level that is owed */
  tookMs: { level: Level; ms: number; withinMs: number }[];
  cause: string | null;
  /** ms from the onset to OBS's own word about it; null: it said nothing by then */
  obsMs: number | null;
  watchedMs: number;
}

/**
 * Inflicts a fault, waits for what is owed, heals it and waits for calm.
 *
 * @param isPatient gives OBS its time to notice by itself
 */
export async function detect(show: StreamShow, fault: RigFault, isPatient: boolean): Promise<Detection> {
  const before = show.rig.said.length;
  const began = performance.now();
  fault.inflict(show);
  const tookMs: Detection['tookMs'] = [];
  try {
    for (const { level, withinMs } of fault.owed) {
      await show.timeUntil(fault.layer, level, withinMs + 4000 - (performance.now() - began));
      tookMs.push({ level, withinMs, ms: Math.round(performance.now() - began) });
    }
    const cause = await settledCause(show, fault);
    const own = (): { ms: number } | undefined =>
      show.rig.said.slice(before).find(({ type }) => type === 'StreamStateChanged');
    const patience = isPatient ? (fault.obsNoticesMs ?? 0) : 0;
    while (own() === undefined && performance.now() - began < patience) await show.pause(100);
    const word = own();
    const watchedMs = Math.round(performance.now() - began);
    return { name: fault.name, tookMs, cause, obsMs: word ? Math.round(word.ms - began) : null, watchedMs };
  } finally {
    fault.heal(show);
  }
}

/** A cause may be corrected for five seconds after the first symptom (STR-51). */
const SETTLES_MS = 5000;

async function settledCause(show: StreamShow, { layer, causes }: RigFault): Promise<string | null> {
  const until = performance.now() + SETTLES_MS;
  for (;;) {
    const cause = (await show.stream()).layers[layer]?.cause ?? null;
    if ((cause !== null && causes.includes(cause)) || performance.now() > until) return cause;
    await show.pause(100);
  }
}

/** The table that the suite prints. */
export function detectionTable(rows: readonly Detection[]): string {
  const head = ['fault', 'Dropdesk', 'owed', 'cause', 'OBS by itself'];
  const cells = rows.map(({ name, tookMs, cause, obsMs, watchedMs }) => [
    name,
    tookMs.map(({ level, ms }) => `${level} ${(ms / 1000).toFixed(2)} s`).join(', '),
    tookMs.map(({ withinMs }) => `${withinMs / 1000} s`).join(', '),
    cause ?? '-',
    obsMs === null ? `nothing in ${(watchedMs / 1000).toFixed(1)} s` : `${(obsMs / 1000).toFixed(2)} s`,
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => (row[i] ?? '').length)));
  return [head, widths.map((width) => '-'.repeat(width)), ...cells]
    .map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | '))
    .join('\n');
}
