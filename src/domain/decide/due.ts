import type { OriginFact } from '../ledger.ts';
import type { ShowState } from '../show.ts';
import type { Now } from '../units.ts';
import { dueAlarms } from './alarm-due.ts';
import { dueAuthorisations } from './authorisation.ts';
import { dueCoverage } from './coverage.ts';
import { dueCues } from './cue-due.ts';
import { dueLeases } from './lease.ts';
import { dueOffers } from './offer.ts';
import { dueHolds } from './stock.ts';
import type { Vitals } from './vitals.ts';

/**
 * What time alone brings about. Asked by the hub after appends and four times a second, one after the other, each on the
 * show as the one before left it. Every fact carries an origin id of its own, so that asking twice books once.
 */
export const DUES: readonly ((show: ShowState, now: Now, vitals: Vitals) => OriginFact[])[] = [
  dueHolds,
  dueOffers,
  dueLeases,
  dueAuthorisations,
  dueCues,
  dueCoverage,
  (show, now, vitals) => dueAlarms(show, vitals, now),
];
