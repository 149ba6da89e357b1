import { saleSheet } from '../../contract/views/sale-sheet-view.ts';
import { delayOf } from '../../contract/views/funnel-view.ts';
import { readPickupCode } from '../../domain/decide/pickup-code.ts';
import { accept, refuse } from '../../domain/refusal.ts';
import type { SaleRecord } from '../../domain/sale-record.ts';
import type { ShowState } from '../../domain/show.ts';
import { type Suggested, suggestedCredit } from '../../domain/suggested-credit.ts';
import type { Procedure } from './hall.ts';

/** What one screen shows. */
const FOUND = 20;

/**
 * Sales by what a person holds in the hand: a sale's id, a pickup code, a receipt, an order number of a shop, a payment's
 * id. Whole ids come first and alone; else every sale that has the text in it, the newest first. Without a text the
 * newest sales; with `suggestedTo` those whose credit is suggested to that person.
 *
 * Reply: `sales`, at most 20 (`SaleSheet`), and `more`: there are others.
 */
export const findSale: Procedure<'find-sale'> = (command, _actor, hall) => {
  const show = hall.book()?.show;
  if (!show) return refuse('show-not-open', 'There is no show yet.');
  const suggested = suggestedCredit(show, delayOf(hall.settings()));
  const found = salesNamed(show, command, suggested);
  const sales = found.slice(0, FOUND).map((sale) => saleSheet(show, sale, suggested));
  return accept([], { sales, more: found.length > FOUND });
};

function salesNamed(
  show: ShowState,
  { text, suggestedTo }: { text: string; suggestedTo?: string | undefined },
  suggested: Suggested,
): SaleRecord[] {
  const asked = text.trim().toLowerCase();
  const exact = show.sales.byId.get(asked) ?? show.sales.byId.get(show.pickups.byCode.get(readPickupCode(asked)) ?? '');
  if (exact && suggestedTo === undefined) return [exact];
  const found: SaleRecord[] = [];
  for (const sale of [...show.sales.byId.values()].reverse()) {
    if (suggestedTo !== undefined && suggested.bySale.get(sale.saleId)?.creator !== suggestedTo) continue;
    if (asked !== '' && !hasText(sale, asked)) continue;
    found.push(sale);
    if (found.length > FOUND) break;
  }
  return found;
}

function hasText({ receipt, sourceId, tenders }: SaleRecord, asked: string): boolean {
  return (
    receipt?.toLowerCase().includes(asked) === true ||
    sourceId?.toLowerCase().includes(asked) === true ||
    tenders.some(({ ref }) => ref?.toLowerCase() === asked)
  );
}
