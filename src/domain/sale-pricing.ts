import type { Article } from './catalogue.ts';
import type { PartShare, SaleLine, Taken, Tender } from './facts/sale-facts.ts';
import { type TaxMode, allocate, taxOf, times } from './money.ts';
import type { Minor } from './units.ts';

/** What a line is to cost, before its goods are found. `article` is null for an outside sku that nobody knows yet. */
export interface AskedLine {
  article: Article | null;
  foreignSku: string | null;
  name: string;
  quantity: number;
  unitPriceMinor: Minor;
  discountMinor: Minor;
  offer: string | null;
}

/** A line with its money (MON-4 … MON-6); `taken` is what stock found for it. */
export function priceLine(asked: AskedLine, line: number, mode: TaxMode, taken: Taken[]): SaleLine {
  const { article, quantity, unitPriceMinor, discountMinor } = asked;
  const grossMinor = times(unitPriceMinor, quantity);
  const netMinor = grossMinor - discountMinor;
  const taxRate = article?.taxRate ?? '0';
  return {
    line,
    sku: article?.sku ?? null,
    ...(asked.foreignSku === null ? {} : { foreignSku: asked.foreignSku }),
    name: asked.name,
    quantity,
    unitPriceMinor,
    listPriceMinor: article?.priceMinor ?? unitPriceMinor,
    discountMinor,
    grossMinor,
    netMinor,
    taxMinor: taxOf(netMinor, taxRate, mode),
    taxRate,
    offer: asked.offer,
    parts: partShares(article, asked.foreignSku ?? '', quantity, netMinor),
    taken,
  };
}

/** Bundle money goes to its parts by list price × quantity; parts that all list at 0 share by quantity. */
export function partShares(article: Article | null, sku: string, quantity: number, netMinor: Minor): PartShare[] {
  const parts = article?.parts ?? [{ sku, quantity: 1, listMinor: 0 }];
  const weights = parts.map((part) => times(part.listMinor, part.quantity));
  const usable = weights.some((weight) => weight > 0) ? weights : parts.map((part) => part.quantity);
  const shares = allocate(netMinor, usable);
  return parts.map((part, i) => ({ sku: part.sku, quantity: part.quantity * quantity, netMinor: shares[i] ?? 0 }));
}

export interface SaleTotals {
  grossMinor: Minor;
  discountMinor: Minor;
  netMinor: Minor;
  taxMinor: Minor;
  /** what the buyer pays: net + exclusive tax + tip */
  totalMinor: Minor;
}

export function totalsOf(lines: readonly SaleLine[], mode: TaxMode, tipMinor: Minor): SaleTotals {
  const sum = (pick: (line: SaleLine) => Minor): Minor => lines.reduce((all, line) => all + pick(line), 0);
  const netMinor = sum((line) => line.netMinor);
  const taxMinor = sum((line) => line.taxMinor);
  return {
    grossMinor: sum((line) => line.grossMinor),
    discountMinor: sum((line) => line.discountMinor),
    netMinor,
    taxMinor,
    totalMinor: netMinor + (mode === 'exclusive' ? taxMinor : 0) + tipMinor,
  };
}

/** What the buyer is asked for now: the total, less what is due later, its cash part rounded to what coins allow (MON-7). */
export interface Payment {
  tenders: Tender[];
  roundingMinor: Minor;
}

/**
 * Tenders as paid. One kind alone pays the whole; of a list the cash part alone is rounded.
 *
 * @param dueNowMinor   total less what is paid later
 * @param stepMinor     smallest cash step, 0 for none
 * @param mayBeUnrounded the money was taken already, perhaps by somebody who did not round
 * @returns null when a list does not add up to what is due
 */
export function paymentOf(
  asked: Tender['kind'] | Tender[],
  { dueNowMinor, stepMinor, mayBeUnrounded }: { dueNowMinor: Minor; stepMinor: Minor; mayBeUnrounded: boolean },
): Payment | null {
  if (typeof asked === 'string') {
    const roundingMinor = asked === 'cash' ? cashRounding(dueNowMinor, stepMinor) : 0;
    return { tenders: [{ kind: asked, amountMinor: dueNowMinor + roundingMinor }], roundingMinor };
  }
  const paid = asked.filter(({ amountMinor }) => amountMinor > 0);
  const tenders = paid.length > 0 ? paid : asked.slice(0, 1);
  const differenceMinor = tenderSum(asked) - dueNowMinor;
  const hasCash = paid.some(({ kind }) => kind === 'cash');
  const roundingMinor = hasCash ? cashRounding(dueNowMinor - nonCash(asked), stepMinor) : 0;
  if (differenceMinor === roundingMinor) return { tenders, roundingMinor };
  return differenceMinor === 0 && (mayBeUnrounded || stepMinor === 0) ? { tenders, roundingMinor: 0 } : null;
}

/** What is added to an amount so that it can be paid in coins; half a step is rounded up. */
export function cashRounding(amountMinor: Minor, stepMinor: Minor): Minor {
  if (stepMinor <= 1) return 0;
  const over = amountMinor % stepMinor;
  return over * 2 >= stepMinor ? stepMinor - over : -over;
}

export function tenderSum(tenders: readonly Tender[]): Minor {
  return tenders.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** A discount on the whole basket, rounded once and spread over what each line still costs, so that none falls below 0. */
export function spreadDiscount(lines: readonly AskedLine[], basketMinor: Minor): AskedLine[] {
  const costs = lines.map(
    ({ unitPriceMinor, quantity, discountMinor }) => times(unitPriceMinor, quantity) - discountMinor,
  );
  const shares = allocate(basketMinor, costs);
  return lines.map((line, i) => ({ ...line, discountMinor: line.discountMinor + (shares[i] ?? 0) }));
}

function nonCash(tenders: readonly Tender[]): Minor {
  return tenderSum(tenders.filter(({ kind }) => kind !== 'cash'));
}
