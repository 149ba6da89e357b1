import { moveCredit } from './credit.ts';
import type { BodyOf } from './ledger.ts';
import { addRecent } from './recent-sales.ts';
import { netLeft } from './sale-record.ts';
import { type SalesState, soldT } from './sales.ts';
import { moveSale } from './takings.ts';

/**
 * A sale was put under another channel or creator: everything that was counted for it moves, refunds and the chart's
 * minutes included, and what was recorded at first stays in its own entry.
 */
export function reattribute(sales: SalesState, body: BodyOf<'sale.reattributed'>): void {
  const sale = sales.byId.get(body.saleId);
  if (!sale || sale.voided) return;
  const { to } = body;
  const netMinor = netLeft(sale);
  moveSale(sales.takings, sale, to, netMinor);
  moveCredit(sales.credit, sale, to, netMinor);
  const moved = { soldT: soldT(sale), count: 0, netMinor, units: [] };
  addRecent(sales.recent, { ...moved, channel: sale.channel }, -1);
  addRecent(sales.recent, { ...moved, channel: to.channel }, 1);
  for (const refund of sales.refunds) if (refund.saleId === sale.saleId) refund.channel = to.channel;
  sale.channel = to.channel;
  sale.attribution = to;
}
