import type { Decider } from './decider.ts';
import { refuse } from '../refusal.ts';

export const acknowledgeAlarm: Decider<'acknowledge-alarm'> = () => refuse('not-built', 'acknowledge-alarm is not built yet.');
export const shelveAlarm: Decider<'shelve-alarm'> = () => refuse('not-built', 'shelve-alarm is not built yet.');

import type { OriginFact } from '../ledger.ts';
import type { ShowState } from '../show.ts';
import type { Now } from '../units.ts';
import type { Vitals } from './vitals.ts';

/** Alarms to raise, worsen, unshelve or clear, from the state of the show and the machine's vitals (desk.md UI-21 …). */
export function dueAlarms(_show: ShowState, _vitals: Vitals, _now: Now): OriginFact[] {
  return [];
}
