import { type Alarm, listedAlarms, pastAlarms } from '../../domain/alarms.ts';
import type { ShowState } from '../../domain/show.ts';
import { type Instant, type Iso, toIso } from '../../domain/units.ts';
import type { AlarmView } from '../desk-state.ts';

const HISTORY = 200;

/** Bar order (UI-36): priority, then unacknowledged first, then oldest; after them what is over, newest first. */
export function alarmsView(show: ShowState | null): AlarmView[] {
  if (!show) return [];
  const listed = withoutPassedLevels(listedAlarms(show.alarms)).toSorted(inBarOrder);
  return [...listed, ...pastAlarms(show.alarms).slice(0, HISTORY)].map(alarmView);
}

function inBarOrder(a: Alarm, b: Alarm): number {
  return (
    a.priority - b.priority ||
    Number(a.acknowledgedAt !== null) - Number(b.acknowledgedAt !== null) ||
    a.raisedT - b.raisedT
  );
}

/** Of a product that has fallen through several levels, the newest says it all; the others only keep their level told. */
function withoutPassedLevels(alarms: Alarm[]): Alarm[] {
  const newest = new Map(alarms.filter(({ kind }) => kind === 'stock-low').map((alarm) => [alarm.subject, alarm]));
  return alarms.filter((alarm) => alarm.kind !== 'stock-low' || newest.get(alarm.subject) === alarm);
}

function alarmView(alarm: Alarm): AlarmView {
  const { id, kind, subject, priority, message, action, raisedAt, acknowledgedAt, shelved, clearedAt, times, related } =
    alarm;
  return {
    ...{ id, kind, subject, priority, message, action, times, related },
    raisedAt: toIso(raisedAt),
    acknowledgedAt: isoOrNull(acknowledgedAt),
    shelvedUntil: isoOrNull(shelved?.untilAt ?? null),
    shelved: shelved !== null,
    clearedAt: isoOrNull(clearedAt),
  };
}

function isoOrNull(at: Instant | null): Iso | null {
  return at === null ? null : toIso(at);
}
