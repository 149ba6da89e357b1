import { type CreditState, moveCredit } from './credit.ts';
import type { BodyOf } from './ledger.ts';
import { type RecentSales, addRecent } from './recent-sales.ts';
import { type RefundRecord, type SaleRecord, netLeft, soldT } from './sale-record.ts';
import { type SalesByTime, changedByTime } from './sales-by-time.ts';
import { type Takings, moveSale } from './takings.ts';

/** What is counted by channel and creator. */
interface Counted {
  byId: ReadonlyMap<string, SaleRecord>;
  refunds: readonly RefundRecord[];
  takings: Takings;
  credit: CreditState;
  recent: RecentSales;
  byTime: SalesByTime;
}

/**
 * A sale was put under another channel or creator: everything that was counted for it moves, refunds and the chart's
 * minutes included, and what was recorded at first stays in its own entry.
 */
export function reattribute(sales: Counted, body: BodyOf<'sale.reattributed'>): void {
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
  changedByTime(sales.byTime, sale);
}
