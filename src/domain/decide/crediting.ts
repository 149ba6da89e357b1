import type { Attribution } from '../facts/sale-facts.ts';
import { weighCredit } from '../sale-credit.ts';
import type { ShowState } from '../show.ts';
import { type Iso, fromIso } from '../units.ts';
import type { Ask } from './ask.ts';

/** A sale's attribution with what the hour and the buyer say about its credit: late, or the creator's own purchase. */
export function weighedCredit(
  show: ShowState,
  attribution: Attribution,
  sale: { madeAt: Iso; personRef: string | null },
  ask: Ask,
): Attribution {
  return weighCredit(show, attribution, {
    soldT: ask.now.t - Math.max(0, ask.now.at - fromIso(sale.madeAt)),
    personRef: sale.personRef,
  });
}
