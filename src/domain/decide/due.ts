import type { OriginFact } from '../ledger.ts';
import type { ShowState } from '../show.ts';
import type { Now } from '../units.ts';
import { dueAlarms } from './alarm.ts';
import { dueCues } from './cue.ts';
import { dueOffers } from './offer.ts';
import { dueHolds } from './stock.ts';
import type { Vitals } from './vitals.ts';

/**
 * What time alone brings about. Asked by the hub after every append and at least four times a second; each fact carries
 * an origin id of its own, so that asking twice books once.
 */
export function due(show: ShowState, vitals: Vitals, now: Now): OriginFact[] {
  return [...dueHolds(show, now), ...dueOffers(show, now), ...dueCues(show, now), ...dueAlarms(show, vitals, now)];
}
