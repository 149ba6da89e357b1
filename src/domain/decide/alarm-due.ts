import { activeAlarms, type Alarm } from '../alarms.ts';
import type { Fact, OriginFact } from '../ledger.ts';
import type { ShowState } from '../show.ts';
import { type Duration, type Now, SECOND } from '../units.ts';
import { wantedOfAuthorisations } from './alarm-authorisation.ts';
import { wantedOfFailover } from './alarm-failover.ts';
import { wantedOfPeople } from './alarm-people.ts';
import { wantedOfStock } from './alarm-stock.ts';
import { wantedOfStream } from './alarm-stream.ts';
import type { Wanted } from './alarm-wanted.ts';
import type { Vitals } from './vitals.ts';

/**
 * Alarms to raise, worsen, bring back from the shelf or clear (desk.md UI-21 …). Each rule says what it wants now; what
 * differs from the alarms that stand becomes facts. How long a condition has lasted is kept in `vitals.pending`.
 */
export function dueAlarms(show: ShowState, vitals: Vitals, now: Now): OriginFact[] {
  if (show.phase !== 'live' && show.phase !== 'closing') return [];
  const wanted = new Map(
    [
      ...wantedOfStream(show, vitals, now),
      ...wantedOfFailover(show),
      ...wantedOfStock(show, now),
      ...wantedOfAuthorisations(show, now),
      ...wantedOfPeople(show, vitals, now),
    ].map((one) => [one.id, one]),
  );
  const active = new Map(activeAlarms(show.alarms).map((alarm) => [alarm.id, alarm]));
  forgetEnded(vitals.pending, wanted, active);
  return [
    ...[...wanted.values()].flatMap((one) => {
      const alarm = active.get(one.id);
      return alarm ? worsening(alarm, one) : raising(show, one, vitals, now);
    }),
    ...[...active.values()].flatMap((alarm) =>
      wanted.has(alarm.id) ? unshelving(show, alarm, wanted.get(alarm.id), now) : clearing(alarm, vitals, now),
    ),
  ];
}

/** How long a condition must be gone before its alarm clears; the others clear at once, by thresholds of their own. */
const CLEAR_AFTER: Readonly<Record<string, Duration>> = { 'cannot-save': 10 * SECOND };

function raising(show: ShowState, one: Wanted, vitals: Vitals, now: Now): OriginFact[] {
  if (!hasLasted(vitals, one.id, one.holdMs, now)) return [];
  const { id: alarm, kind: alarmKind, subject, priority, message, action, related } = one;
  const raise = (show.alarms.byId.get(alarm)?.raises ?? 0) + 1;
  const body = { alarm, alarmKind, subject, priority, message, action, related };
  return [named({ kind: 'alarm.raised', body }, `${alarm}:${raise}`)];
}

function worsening(alarm: Alarm, { priority, message, action }: Wanted): OriginFact[] {
  if (priority >= alarm.priority) return [];
  const worse: Fact = { kind: 'alarm.worsened', body: { alarm: alarm.id, priority, message, action } };
  return [named(worse, `${alarm.id}:${alarm.raises}:worsened:${priority}`)];
}

function unshelving(show: ShowState, alarm: Alarm, one: Wanted | undefined, now: Now): OriginFact[] {
  const why = whyBack(alarm, one, now);
  if (why === null) return [];
  const body = { alarm: alarm.id, why };
  return [named({ kind: 'alarm.unshelved', body }, `${alarm.id}:${alarm.raises}:unshelved:${show.seq}`)];
}

function whyBack({ shelved, priority }: Alarm, one: Wanted | undefined, now: Now): 'time' | 'cue' | 'worsened' | null {
  if (!shelved) return null;
  if (one && one.priority < priority) return 'worsened';
  if (shelved.untilCue && shelved.cueStarted) return 'cue';
  return shelved.untilT !== null && now.t >= shelved.untilT ? 'time' : null;
}

function clearing(alarm: Alarm, vitals: Vitals, now: Now): OriginFact[] {
  if (!hasLasted(vitals, goneKey(alarm.id), CLEAR_AFTER[alarm.kind] ?? 0, now)) return [];
  return [named({ kind: 'alarm.cleared', body: { alarm: alarm.id } }, `${alarm.id}:${alarm.raises}:cleared`)];
}

function hasLasted(vitals: Vitals, key: string, holdMs: Duration, now: Now): boolean {
  const since = vitals.pending.get(key) ?? now.t;
  vitals.pending.set(key, since);
  return now.t - since >= holdMs;
}

/** What has stopped, or has become an alarm, waits no longer; the same for what has come back or is cleared. */
function forgetEnded(
  pending: Vitals['pending'],
  wanted: ReadonlyMap<string, Wanted>,
  active: ReadonlyMap<string, Alarm>,
): void {
  for (const key of pending.keys()) {
    const id = key.startsWith(GONE) ? key.slice(GONE.length) : key;
    const waits = key === id ? wanted.has(id) && !active.has(id) : active.has(id) && !wanted.has(id);
    if (!waits) pending.delete(key);
  }
}

const GONE = 'gone ';
function goneKey(alarm: string): string {
  return GONE + alarm;
}

function named(fact: Fact, name: string): OriginFact {
  return { ...fact, origin: 'timer', originId: `alarm:${name}` };
}
