import { clockText } from '../local-time.ts';
import type { ShowState } from '../show.ts';
import type { StreamIncident } from '../stream-record.ts';
import { SECOND } from '../units.ts';
import type { Priority, StreamLayer } from '../words.ts';
import { fitted, type Wanted, wanted, zoneOf } from './alarm-wanted.ts';
import type { Vitals } from './vitals.ts';

/** Alarms about the stream, the recording and the disk. The verdicts are the stream room's; here they become calls. */
export function wantedOfStream(show: ShowState, vitals: Vitals): Wanted[] {
  const incidents = [...show.stream.open.values()];
  const down = incidents.filter(({ layer, level }) => level === 'critical' && DARK.includes(layer));
  return [
    ...streamDown(show, down),
    // While viewers see nothing, what is merely weak is part of the same trouble (UI-37).
    ...(down.length > 0 ? [] : streamWeak(show, incidents)),
    ...recordingStopped(show, incidents),
    ...cannotSave(vitals),
  ];
}

/** Layers whose failing takes the picture from the viewers, the likeliest root first. */
const DARK: readonly StreamLayer[] = ['obs', 'transport', 'delivery'];

const CHECK: Record<StreamLayer, string> = {
  obs: 'Check OBS.',
  transport: 'Check the uplink.',
  delivery: 'Check the stream server.',
  source: 'Check camera and microphone.',
  recording: 'Check the recording in OBS.',
};
const ACTION = 'Show stream';

/** UI-22: one alarm, however many layers fail with the first. */
function streamDown(show: ShowState, down: StreamIncident[]): Wanted[] {
  const [first, ...others] = down.toSorted((a, b) => DARK.indexOf(a.layer) - DARK.indexOf(b.layer));
  if (!first) return [];
  const related = others.map(({ id }) => id);
  return [wanted({ kind: 'stream-down', priority: 1, message: textOf(show, first), action: ACTION, related })];
}

/** STR-70: picture or sound gone is high at once; anything weak for ten seconds is medium. */
function streamWeak(show: ShowState, incidents: StreamIncident[]): Wanted[] {
  const blind = incidents.find(({ layer, level }) => layer === 'source' && level === 'critical');
  const worst = blind ?? incidents.find(({ level }) => level === 'warn');
  if (!worst) return [];
  const priority: Priority = blind ? 2 : 3;
  const related = incidents.filter((other) => other !== worst && other.layer !== 'recording').map(({ id }) => id);
  const holdMs = blind ? 0 : 10 * SECOND;
  return [wanted({ kind: 'stream-weak', priority, message: textOf(show, worst), action: ACTION, related, holdMs })];
}

/** UI-23, STR-69: stopped, stalled, or its disk nearly full. */
function recordingStopped(show: ShowState, incidents: StreamIncident[]): Wanted[] {
  const incident = incidents.find(({ layer, level }) => layer === 'recording' && level === 'critical');
  return incident
    ? [wanted({ kind: 'recording-stopped', priority: 1, message: textOf(show, incident), action: ACTION })]
    : [];
}

/** UI-25. Whether it can be raised at all depends on the very disk it is about: the desk also says it by itself. */
function cannotSave({ cannotSave: why }: Vitals): Wanted[] {
  if (why === null) return [];
  return [wanted({ kind: 'cannot-save', priority: 1, message: fitted(why, (text) => text), action: 'Free space' })];
}

function textOf(show: ShowState, { layer, message, startedAt }: StreamIncident): string {
  const since = clockText(startedAt, zoneOf(show));
  return fitted(message.replace(/\.$/, ''), (what) => `${what}, since ${since}. ${CHECK[layer]}`);
}
