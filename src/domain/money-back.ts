import type { Tender } from './facts/sale-facts.ts';
import { share } from './money.ts';
import { type SaleRecord, dueLeft } from './sale-record.ts';
import { cashRounding } from './sale-pricing.ts';
import type { Minor } from './units.ts';

/**
 * How refunded goods turn into money (STK-12). Goods are refunded; a tip and shipping are not, and go back only with a
 * void. What was never paid is owed no more, in proportion to the goods. The rest goes to what it was paid with: card
 * first, then other, then cash, never above what each paid. Cash is rounded as coins allow, and the refund of the last
 * goods gives back the rest of the sale's own rounding, so that all refunds together are exactly what the buyer paid.
 */
export interface MoneyBack {
  tenders: Tender[];
  /** Σ tenders = amount + rounding − due */
  roundingMinor: Minor;
  dueMinor: Minor;
}

/** Goods money that may still be refunded, what was never paid included: net and tax on top. */
export function refundable(sale: SaleRecord): Minor {
  const goodsMinor = sale.totalMinor - sale.tipMinor - (sale.extra?.shippingMinor ?? 0);
  return goodsMinor - sale.refundedMinor + (sale.since?.besideMinor ?? 0);
}

/** Of this, what the buyer has really paid. */
export function payableBack(sale: SaleRecord): Minor {
  return refundable(sale) - dueLeft(sale);
}

/** What is owed no more when goods of so much worth come back. */
export function dueForgiven(sale: SaleRecord, worthMinor: Minor): Minor {
  const [due, limit] = [dueLeft(sale), refundable(sale)];
  if (due <= 0) return 0;
  return worthMinor >= limit ? due : Math.min(worthMinor, share(due, BigInt(worthMinor), BigInt(limit)));
}

/**
 * @param amountMinor goods money, `dueMinor` included
 * @param stepMinor   smallest cash step, 0 for none
 */
export function moneyBack(
  sale: SaleRecord,
  { amountMinor, dueMinor }: { amountMinor: Minor; dueMinor: Minor },
  stepMinor: Minor,
): MoneyBack {
  const tenders: Tender[] = [];
  let open = amountMinor - dueMinor;
  for (const { leftMinor, ...tender } of openTenders(sale).filter(({ kind }) => kind !== 'cash')) {
    const part = Math.min(open, leftMinor);
    if (part <= 0) continue;
    addTo(tenders, { ...tender, amountMinor: part });
    open -= part;
  }
  if (open <= 0) return { tenders, roundingMinor: 0, dueMinor };
  const cashLeft = openTenders(sale).reduce((sum, { kind, leftMinor }) => sum + (kind === 'cash' ? leftMinor : 0), 0);
  const roundsMinor = amountMinor === refundable(sale) ? roundingLeft(sale) : cashRounding(open, stepMinor);
  const cashMinor = Math.max(0, Math.min(open + roundsMinor, cashLeft));
  if (cashMinor > 0) addTo(tenders, { kind: 'cash', amountMinor: cashMinor });
  const isRounded = stepMinor > 0 || (sale.extra?.roundingMinor ?? 0) !== 0;
  return { tenders, roundingMinor: isRounded ? cashMinor - open : 0, dueMinor };
}

/** What a way of paying may still take back. */
export function leftOf(sale: SaleRecord, kind: Tender['kind']): Minor {
  return openTenders(sale).reduce((sum, each) => sum + (each.kind === kind ? each.leftMinor : 0), 0);
}

/** What was paid, card first, less what went back; a payment's own id is kept, so that the right one is refunded. */
function openTenders(sale: SaleRecord): { kind: Tender['kind']; ref?: string; leftMinor: Minor }[] {
  const open = (['card', 'other', 'cash'] as const).flatMap((kind) =>
    sale.tenders
      .filter((tender) => tender.kind === kind)
      .map(({ amountMinor: leftMinor, ref }) => ({ kind, ...(ref === undefined ? {} : { ref }), leftMinor })),
  );
  for (const back of sale.since?.refundedTenders ?? []) {
    let gone = back.amountMinor;
    const same = open.filter(({ kind }) => kind === back.kind);
    for (const each of [...same.filter(({ ref }) => ref === back.ref), ...same.filter(({ ref }) => ref !== back.ref)]) {
      const part = Math.min(gone, each.leftMinor);
      each.leftMinor -= part;
      gone -= part;
    }
  }
  return open;
}

/** Of the sale's rounding, what its refunds have not given back; tip and goods alike were paid with it. */
function roundingLeft(sale: SaleRecord): Minor {
  return (sale.extra?.roundingMinor ?? 0) - (sale.since?.roundingMinor ?? 0);
}

function addTo(tenders: Tender[], tender: Tender): void {
  const same = tenders.find(({ kind, ref }) => kind === tender.kind && ref === tender.ref);
  if (same) same.amountMinor += tender.amountMinor;
  else tenders.push(tender);
}
