import { type ShowState } from '../show.ts';
import { type Now, SECOND } from '../units.ts';
import type { Level, Priority, StreamLayer } from '../words.ts';
import type { StreamIncident } from '../stream-record.ts';
import { incidentText, sinceText } from './alarm-stream-text.ts';
import { fitted, type Wanted, wanted } from './alarm-wanted.ts';
import type { Vitals } from './vitals.ts';

/** Alarms about the stream, the recording and the disk. The verdicts are the stream room's; here they become calls. */
export function wantedOfStream(show: ShowState, vitals: Vitals, now: Now): Wanted[] {
  const incidents = openNow(show, vitals);
  const down = incidents.filter(({ layer, level }) => level === 'critical' && DARK.includes(layer));
  const live = show.phase === 'live';
  return [
    ...streamDown(show, down, incidents),
    // While viewers see nothing, what is merely weak is part of the same trouble (UI-37).
    ...(down.length > 0 ? [] : streamWeak(show, incidents)),
    ...(live ? recordingStopped(show, incidents) : []),
    ...(live ? streamStopped(show, now) : []),
    ...(live ? auditNotRun(show) : []),
    ...cannotSave(vitals),
  ];
}

/**
 * Open incidents at the level they have now. Facts about one layer are five seconds apart (STR-63); an alarm that is due
 * with the verdict (STR-68) does not wait for its fact. What eases waits: levels fall through facts alone.
 */
function openNow(show: ShowState, { layers }: Vitals): StreamIncident[] {
  return [...show.stream.open.values()].map((incident) => {
    const now = layers?.get(incident.layer);
    return now !== undefined && RANK[now.level] > RANK[incident.level] ? { ...incident, ...now } : incident;
  });
}

const RANK: Record<Level, number> = { off: 0, unknown: 0, ok: 0, warn: 1, critical: 2 };

/** Layers whose failing takes the picture from the viewers, the likeliest root first. */
const DARK: readonly StreamLayer[] = ['obs', 'transport', 'delivery'];
const SHOW_STREAM = 'Show stream';

/** UI-22: one alarm, however many layers fail with the first. */
function streamDown(show: ShowState, down: StreamIncident[], all: StreamIncident[]): Wanted[] {
  const [first] = down.toSorted((a, b) => DARK.indexOf(a.layer) - DARK.indexOf(b.layer));
  if (!first) return [];
  const related = all.filter((other) => other !== first && other.layer !== 'recording').map(({ id }) => id);
  return [
    wanted({
      kind: 'stream-down',
      priority: 1,
      message: incidentText(show, first),
      action: SHOW_STREAM,
      related,
    }),
  ];
}

/** STR-70: picture or sound gone is high at once; anything weak for ten seconds is medium. */
function streamWeak(show: ShowState, incidents: StreamIncident[]): Wanted[] {
  const blind = incidents.find(({ layer, level }) => layer === 'source' && level === 'critical');
  const worst = blind ?? incidents.find(({ level }) => level === 'warn');
  if (!worst) return [];
  const priority: Priority = blind ? 2 : 3;
  const related = incidents.filter((other) => other !== worst && other.layer !== 'recording').map(({ id }) => id);
  const holdMs = blind ? 0 : 10 * SECOND;
  const message = incidentText(show, worst);
  return [wanted({ kind: 'stream-weak', priority, message, action: SHOW_STREAM, related, holdMs })];
}

/** UI-23, STR-69: stopped, stalled, or its disk nearly full; losing it costs the clips of the show, so only while live. */
function recordingStopped(show: ShowState, incidents: StreamIncident[]): Wanted[] {
  const incident = incidents.find(({ layer, level }) => layer === 'recording' && level === 'critical');
  if (!incident) return [];
  const message = incidentText(show, incident);
  const action = incident.cause === 'recording-stopped' ? 'Start recording' : SHOW_STREAM;
  return [wanted({ kind: 'recording-stopped', priority: 1, message, action })];
}

/** STR-72: a stop by hand may be meant, or a slip of the mouse. */
function streamStopped(show: ShowState, now: Now): Wanted[] {
  const { onAir, stopped } = show.stream;
  if (onAir !== null || stopped?.by !== 'operator' || now.at - stopped.at < 10 * SECOND) return [];
  const message = `The stream was stopped in OBS at ${sinceText(show, stopped.at)}. Start it, or acknowledge.`;
  return [wanted({ kind: 'stream-stopped', priority: 3, message, action: SHOW_STREAM })];
}

/** A show with a stream went live, and nobody has ever looked whether it would hold. A demo's stream is none. */
function auditNotRun(show: ShowState): Wanted[] {
  const stream = show.plan?.stream;
  const has = stream && (stream.obs ?? stream.rtmpStat ?? stream.mediamtx ?? stream.hls ?? stream.edge) !== null;
  if (!has || show.demo || show.audit.auditId !== null || show.openedAt === null) return [];
  const message = `The stream was not checked before the show opened at ${sinceText(show, show.openedAt)}. Run the checks.`;
  return [wanted({ kind: 'audit-not-run', priority: 3, message, action: 'Run the checks' })];
}

/** UI-25. Whether it can be raised at all depends on the very disk it is about: the desk also says it by itself. */
function cannotSave({ cannotSave: why }: Vitals): Wanted[] {
  if (why === null) return [];
  return [wanted({ kind: 'cannot-save', priority: 1, message: fitted(why, (text) => text), action: 'Free space' })];
}
