import { listedAlarms } from '../alarms.ts';
import { wallOf } from '../clock.ts';
import type { Fact } from '../ledger.ts';
import { accept, refuse } from '../refusal.ts';
import type { ShowState } from '../show.ts';
import { type Duration, fromIso, MINUTE, toIso } from '../units.ts';
import type { Ask } from './ask.ts';
import type { Decider } from './decider.ts';

const LONGEST_SHELF: Duration = 30 * MINUTE;

/** Silences and keeps it shown; "all" means what is shown, not what lies on the shelf. */
export const acknowledgeAlarm: Decider<'acknowledge-alarm'> = (show, command, ask) => {
  const listed = listedAlarms(show.alarms);
  const meant =
    command.alarm === 'all'
      ? listed.filter(({ shelved }) => !shelved)
      : listed.filter(({ id }) => id === command.alarm);
  if (meant.length === 0 && command.alarm !== 'all') {
    return refuse('unknown-alarm', 'There is no such alarm now.', { field: 'alarm' });
  }
  const fresh = meant.filter(({ acknowledgedAt }) => acknowledgedAt === null);
  const facts = fresh.map(({ id }): Fact => ({ kind: 'alarm.acknowledged', body: { alarm: id, by: ask.actor.by } }));
  return accept(facts, { alarms: meant.map(({ id }) => id) });
};

/** Puts an alarm away for a while (UI-35): never a P1, never for more than half an hour, never past the planned end. */
export const shelveAlarm: Decider<'shelve-alarm'> = (show, command, ask) => {
  const alarm = show.alarms.byId.get(command.alarm);
  if (!alarm || alarm.clearedAt !== null) {
    return refuse('unknown-alarm', 'There is no such alarm now.', { field: 'alarm' });
  }
  if (alarm.priority === 1) return refuse('cannot-shelve', 'A critical alarm cannot be shelved.');
  const { untilMs, untilCue = false } = command;
  if ((untilMs === undefined) !== untilCue)
    return refuse('bad-value', 'Say either untilMs or untilCue.', { field: 'untilMs' });
  if (untilMs !== undefined && untilMs > LONGEST_SHELF) {
    return refuse('bad-value', 'An alarm can be shelved for 30 minutes at most.', {
      field: 'untilMs',
      most: LONGEST_SHELF,
    });
  }
  const until = shelfEnd(show, untilMs, ask);
  const body = { alarm: alarm.id, until: until === null ? null : toIso(until), untilCue, by: ask.actor.by };
  return accept([{ kind: 'alarm.shelved', body }], { until: body.until });
};

/** @returns wall time, or null for "until the next cue" in a show without a planned end */
function shelfEnd(show: ShowState, untilMs: Duration | undefined, ask: Ask): number | null {
  const { endsAt } = show.plan?.show ?? { endsAt: null };
  const left = endsAt === null ? Infinity : fromIso(endsAt) - wallOf(show.clock, ask.now.t);
  // After the planned end there is no such limit any more.
  const span = Math.min(untilMs ?? Infinity, left > 0 ? left : Infinity);
  return span === Infinity ? null : ask.now.at + span;
}
