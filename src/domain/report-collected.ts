import type { CloseRecord } from './close-record.ts';
import { tenderSum } from './sale-pricing.ts';
import { type RefundRecord, type SaleRecord, dueLeft } from './sale-record.ts';
import type { Minor } from './units.ts';

/** What came in for a sale beside its goods, and what that makes in all: charged + tips + shipping + rounding − due. */
export interface Collected {
  tipMinor: Minor;
  /** for delivery and the like, less what was given back of it */
  shippingMinor: Minor;
  roundingMinor: Minor;
  /** sold against a deposit and not paid yet */
  dueMinor: Minor;
  /** Σ tenders in − Σ tenders back */
  collectedMinor: Minor;
}

const NOTHING: Collected = { tipMinor: 0, shippingMinor: 0, roundingMinor: 0, dueMinor: 0, collectedMinor: 0 };

export function collectedOf(sale: SaleRecord): Collected {
  if (sale.voided) return NOTHING;
  const { extra, since } = sale;
  return {
    tipMinor: sale.tipMinor,
    shippingMinor: (extra?.shippingMinor ?? 0) - (since?.besideMinor ?? 0),
    roundingMinor: (extra?.roundingMinor ?? 0) - (since?.roundingMinor ?? 0),
    dueMinor: dueLeft(sale),
    collectedMinor: tenderSum(sale.tenders) - tenderSum(since?.refundedTenders ?? []),
  };
}

/** Money given back without a receipt has no sale of its own. */
export function collectedOfReturn({ tenders, roundingMinor = 0, besideMinor = 0 }: RefundRecord): Collected {
  return {
    ...NOTHING,
    shippingMinor: -besideMinor,
    roundingMinor: -roundingMinor,
    collectedMinor: -tenderSum(tenders),
  };
}

/** Returns whose sale is not in the ledger. */
export function looseReturns({ show }: CloseRecord): RefundRecord[] {
  return show.sales.refunds.filter(({ saleId }) => saleId === null || !show.sales.byId.has(saleId));
}

export function sumCollected(all: Iterable<Collected>): Collected {
  const sum = { ...NOTHING };
  for (const one of all) for (const key of Object.keys(sum) as (keyof Collected)[]) sum[key] += one[key];
  return sum;
}
