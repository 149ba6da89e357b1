import type { Frame } from './frame.ts';
import type { BodyOf, Entry } from './ledger.ts';
import { fromIso, type HubTime, type Instant, MINUTE } from './units.ts';
import type { Priority } from './words.ts';

/** An alarm that comes back this soon is the same one again (UI-38). */
export const REOPEN_MS = MINUTE;

/** Alarms as facts tell them. When to raise, worsen and clear is decided in decide/alarm.ts. */
export interface AlarmsState {
  /** alarm id (kind + subject) → its latest life; ids are never removed, so that a raise can be numbered */
  byId: Map<string, Alarm>;
}

export interface Alarm {
  id: string;
  kind: string;
  subject: string | null;
  priority: Priority;
  message: string;
  action: string;
  related: string[];
  raisedAt: Instant;
  raisedT: HubTime;
  acknowledgedAt: Instant | null;
  acknowledgedBy: string | null;
  shelved: Shelving | null;
  clearedAt: Instant | null;
  clearedT: HubTime | null;
  /** raises within this life: comes back within a minute, counts one up */
  times: number;
  /** raises in the whole show; numbers the origin ids */
  raises: number;
}

export interface Shelving {
  /** null: no time limit, only the next cue brings it back */
  untilT: HubTime | null;
  untilAt: Instant | null;
  untilCue: boolean;
  /** a cue has started since it was shelved */
  cueStarted: boolean;
}

export function initialAlarms(): AlarmsState {
  return { byId: new Map() };
}

export function evolveAlarms(state: AlarmsState, entry: Entry, frame: Frame): void {
  switch (entry.kind) {
    case 'alarm.raised':
      state.byId.set(entry.body.alarm, raised(state.byId.get(entry.body.alarm), entry.body, entry.at, frame.t));
      break;
    case 'alarm.worsened':
      withAlarm(state, entry.body.alarm, (alarm) => {
        const { priority, message, action } = entry.body;
        Object.assign(alarm, { priority, message, action, acknowledgedAt: null, acknowledgedBy: null });
      });
      break;
    case 'alarm.acknowledged':
      withAlarm(state, entry.body.alarm, (alarm) => {
        alarm.acknowledgedAt ??= entry.at;
        alarm.acknowledgedBy ??= entry.body.by;
      });
      break;
    case 'alarm.shelved':
      withAlarm(state, entry.body.alarm, (alarm) => (alarm.shelved = shelving(entry.body, entry.at, frame.t)));
      break;
    case 'alarm.unshelved':
      withAlarm(state, entry.body.alarm, (alarm) => (alarm.shelved = null));
      break;
    case 'alarm.cleared':
      withAlarm(state, entry.body.alarm, (alarm) => clear(alarm, entry.at, frame.t));
      break;
    case 'cue.started':
      for (const { shelved } of state.byId.values()) if (shelved) shelved.cueStarted = true;
      break;
    case 'show.closed':
      for (const alarm of activeAlarms(state)) clear(alarm, entry.at, frame.t);
      break;
  }
}

/** Raised and not cleared. */
export function activeAlarms(state: AlarmsState): Alarm[] {
  return [...state.byId.values()].filter((alarm) => alarm.clearedAt === null);
}

/** Active, or a P1 or P2 that cleared before anybody acknowledged it: both stay on the desk (UI-21). */
export function listedAlarms(state: AlarmsState): Alarm[] {
  return [...state.byId.values()].filter(
    (alarm) => alarm.clearedAt === null || (alarm.priority < 3 && alarm.acknowledgedAt === null),
  );
}

/** Over and seen: the latest life of each, newest first. */
export function pastAlarms(state: AlarmsState): Alarm[] {
  return [...state.byId.values()]
    .filter((alarm) => alarm.clearedAt !== null && (alarm.priority === 3 || alarm.acknowledgedAt !== null))
    .sort((a, b) => (b.clearedT ?? 0) - (a.clearedT ?? 0));
}

function raised(before: Alarm | undefined, body: BodyOf<'alarm.raised'>, at: Instant, t: HubTime): Alarm {
  const { alarm: id, alarmKind: kind, subject, priority, message, action, related } = body;
  const raises = (before?.raises ?? 0) + 1;
  const again = before && t - (before.clearedT ?? -Infinity) <= REOPEN_MS ? before : null;
  return {
    id,
    kind,
    subject,
    priority,
    message,
    action,
    related,
    raisedAt: again?.raisedAt ?? at,
    raisedT: again?.raisedT ?? t,
    acknowledgedAt: again?.acknowledgedAt ?? null,
    acknowledgedBy: again?.acknowledgedBy ?? null,
    shelved: null,
    clearedAt: null,
    clearedT: null,
    times: (again?.times ?? 0) + 1,
    raises,
  };
}

function shelving(body: BodyOf<'alarm.shelved'>, at: Instant, t: HubTime): Shelving {
  const untilAt = body.until === null ? null : fromIso(body.until);
  return { untilT: untilAt === null ? null : t + (untilAt - at), untilAt, untilCue: body.untilCue, cueStarted: false };
}

function clear(alarm: Alarm, at: Instant, t: HubTime): void {
  alarm.clearedAt = at;
  alarm.clearedT = t;
  alarm.shelved = null;
}

function withAlarm(state: AlarmsState, id: string, change: (alarm: Alarm) => void): void {
  const alarm = state.byId.get(id);
  if (alarm) change(alarm);
}
