import type { Attribution } from '../facts/sale-facts.ts';
import { weighCredit } from '../sale-credit.ts';
import type { ShowState } from '../show.ts';
import { type HubTime, type Iso, type Now, fromIso } from '../units.ts';
import type { Ask } from './ask.ts';

/** A sale's attribution with what the hour and the buyer say about its credit: late, or the creator's own purchase. */
export function weighedCredit(
  show: ShowState,
  attribution: Attribution,
  sale: { madeAt: Iso; personRef: string | null },
  ask: Ask,
): Attribution {
  return weighCredit(show, attribution, {
    soldT: soldTime(sale.madeAt, ask.now),
    personRef: sale.personRef,
  });
}

/** Hub time of a sale by the seller's own clock, never later than now; absent: now. */
export function soldTime(madeAt: Iso | undefined, now: Now): HubTime {
  return madeAt === undefined ? now.t : now.t - Math.max(0, now.at - fromIso(madeAt));
}
