import type { Decider } from './decider.ts';
import { refuse } from '../refusal.ts';

export const openOffer: Decider<'open-offer'> = () => refuse('not-built', 'open-offer is not built yet.');
export const closeOffer: Decider<'close-offer'> = () => refuse('not-built', 'close-offer is not built yet.');

import type { OriginFact } from '../ledger.ts';
import type { Decision } from '../refusal.ts';
import type { ShowState } from '../show.ts';
import type { Now } from '../units.ts';
import type { Ask } from './ask.ts';

/** Opens an offer for a cue, a window or a hand; refused when unknown, open already or nothing is left of it. */
export function offerOpening(_show: ShowState, _offer: string, _why: 'hand' | 'cue' | 'window', _ask: Ask): Decision {
  return refuse('not-built', 'not built yet');
}
export function offerClosing(_show: ShowState, _offer: string, _why: 'hand' | 'cue' | 'window' | 'cap' | 'close', _ask: Ask): Decision {
  return refuse('not-built', 'not built yet');
}
/** Windows that have ended, caps that are reached. */
export function dueOffers(_show: ShowState, _now: Now): OriginFact[] {
  return [];
}
