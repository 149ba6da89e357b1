import type { HealthSample } from '../../src/domain/health/sample.ts';
import type { HealthConfig } from '../../src/domain/health/state.ts';
import type { Level, StreamLayer } from '../../src/domain/words.ts';
import { configFrom } from '../../src/hub/replay-health.ts';
import { sidecarOf } from './stream-rig.ts';
import { type PlacedFault, SETTLED_MS, type ShowScript, samplesOf } from './stream-show.ts';

/** A judge under test: the real one, or a copy of it with a planted defect. */
export interface JudgeUnderTest<H> {
  initialHealth: (config: HealthConfig) => H;
  observe: (health: H, sample: HealthSample) => void;
  judge: (health: H, ms: number) => { layers: Record<StreamLayer, { level: Level; cause: string | null }> };
  /** dark ms of each transport incident that ended in this turn */
  ended?: (health: H) => { layer: StreamLayer; startMs: number; darkMs: number }[];
  /** figures of each source, asked once a second where they are looked at */
  figures?: (health: H) => Record<string, { metrics: Record<string, unknown> }>;
}

export interface Change {
  ms: number;
  layer: StreamLayer;
  /** 0 fine or not judged · 1 warn · 2 critical */
  rank: number;
  cause: string | null;
  rose: boolean;
}

export interface Played {
  script: ShowScript;
  placed: PlacedFault[];
  changes: Change[];
  incidents: { layer: StreamLayer; startMs: number; darkMs: number }[];
  /** figures that are none: negative or not finite */
  oddFigures: Set<string>;
  endMs: number;
}

const TICK_MS = 250;
const RANK: Record<Level, number> = { ok: 0, off: 0, unknown: 0, warn: 1, critical: 2 };
const LAYERS = ['obs', 'transport', 'source', 'recording', 'delivery'] as const;

/** Plays a show as the hub lives it: samples as they come, a look four times a second. */
export function playShow<H>(script: ShowScript, judge: JudgeUnderTest<H>): Played {
  const health = judge.initialHealth(configFrom(sidecarOf(script.rig)));
  const played: Played = { script, placed: [], changes: [], incidents: [], oddFigures: new Set(), endMs: 0 };
  const last = { obs: ranked(), transport: ranked(), source: ranked(), recording: ranked(), delivery: ranked() };
  let nextTick = TICK_MS;
  for (const sample of samplesOf(script, played.placed)) {
    for (; nextTick < sample.ms; nextTick += TICK_MS) {
      const { layers } = judge.judge(health, nextTick);
      if (judge.ended !== undefined) played.incidents.push(...judge.ended(health));
      if (judge.figures !== undefined && nextTick % 1000 === 0) noteOdd(judge.figures(health), played.oddFigures);
      for (const layer of LAYERS) {
        const rank = RANK[layers[layer].level];
        const { cause } = layers[layer];
        const before = last[layer];
        if (rank === before.rank && (rank === 0 || cause === before.cause)) continue;
        played.changes.push({ ms: nextTick, layer, rank, cause: rank === 0 ? null : cause, rose: rank > before.rank });
        last[layer] = { rank, cause };
      }
    }
    judge.observe(health, sample);
    played.endMs = sample.ms;
  }
  return played;
}

function noteOdd(sources: Record<string, { metrics: Record<string, unknown> }>, odd: Set<string>): void {
  for (const [source, { metrics }] of Object.entries(sources)) {
    for (const [name, value] of Object.entries(metrics)) {
      if (typeof value === 'number' && !(value >= 0 && value < Infinity)) odd.add(`${source}.${name} = ${value}`);
    }
  }
}

function ranked(): { rank: number; cause: string | null } {
  return { rank: 0, cause: null };
}

/** What became of one fault. Times in ms after its onset; null: never. */
export interface Finding {
  seed: number;
  kind: string;
  warnMs: number | null;
  criticalMs: number | null;
  missed: boolean;
  late: boolean;
  cause: string | null;
  wrongCause: boolean;
}

/** A cause may still be corrected for so long after the layer's first symptom (STR-51). */
const CAUSE_SETTLES_MS = 5250;

export function findingsOf({ script, placed, changes }: Played): Finding[] {
  return placed.map(({ fault, onsetMs, clearMs }) => {
    const owed = { warn: fault.warnByMs(script.rig), critical: fault.criticalByMs(script.rig) };
    const until = Math.max(clearMs, onsetMs + (owed.warn ?? 0), onsetMs + (owed.critical ?? 0)) + 2000;
    const own = changes.filter(({ ms, layer }) => layer === fault.layer && ms >= onsetMs && ms <= until);
    const after = (rank: number): number | null => {
      const found = own.find((change) => change.rank >= rank);
      return found === undefined ? null : Math.round(found.ms - onsetMs);
    };
    const [warnMs, criticalMs] = [after(1), after(2)];
    const settled = own.filter(({ ms, cause }) => cause !== null && ms <= onsetMs + (warnMs ?? 0) + CAUSE_SETTLES_MS);
    const cause = settled.at(-1)?.cause ?? null;
    const missed = (owed.warn !== null && warnMs === null) || (owed.critical !== null && criticalMs === null);
    const isLate = (ms: number | null, by: number | null): boolean => ms !== null && by !== null && ms > by;
    return {
      seed: script.seed,
      kind: fault.kind,
      warnMs,
      criticalMs,
      missed,
      late: isLate(warnMs, owed.warn) || isLate(criticalMs, owed.critical),
      cause,
      wrongCause: warnMs !== null && !rightCauses(fault.causes, script).includes(cause ?? ''),
    };
  });
}

/** A code with a question mark is right only where nothing probes the way. */
function rightCauses(causes: readonly string[], { rig }: ShowScript): string[] {
  return causes.flatMap((cause) =>
    cause.endsWith('?') ? (rig.probeMs === null ? [cause.slice(0, -1)] : []) : [cause],
  );
}

export interface FalseAlarm {
  seed: number;
  ms: number;
  layer: StreamLayer;
  rank: number;
  cause: string | null;
  /** the fault before it, if there was one */
  after: string | null;
}

/** Rises that no fault accounts for: in another layer, or when everything has long been well again. */
export function falseAlarmsOf({ script, placed, changes }: Played): FalseAlarm[] {
  return changes
    .filter(({ rose, layer }) => rose && !(layer === 'source' && script.rig.renderLost > 0))
    .filter(
      ({ ms, layer }) =>
        !placed.some(
          ({ fault, onsetMs, clearMs, flowingMs }) =>
            ms <= flowingMs + SETTLED_MS &&
            ((layer === fault.layer && ms >= onsetMs) ||
              (fault.also.includes(layer) && ms >= (fault.alsoFrom === 'clear' ? clearMs : onsetMs))),
        ),
    )
    .map(({ ms, layer, rank, cause }) => ({
      seed: script.seed,
      ms,
      layer,
      rank,
      cause,
      after: placed.findLast(({ onsetMs }) => onsetMs <= ms)?.fault.kind ?? null,
    }));
}
