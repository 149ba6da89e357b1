import { cashRounding } from '../../../../domain/sale-pricing.ts';
import type { Bill, BillPart, TenderPart } from '../bill.ts';

/** What a split still lacks; cash in it is rounded. Below 0: too much. */
export function splitLeft({ dueMinor }: Bill, tenders: readonly TenderPart[], stepMinor: number): number {
  const cash = tenders.filter(({ kind }) => kind === 'cash');
  const other = sum(tenders.filter(({ kind }) => kind !== 'cash').map(({ amountMinor }) => amountMinor));
  const rest = dueMinor - other;
  return (cash.length > 0 ? rest + cashRounding(rest, stepMinor) : rest) - sum(cash.map((one) => one.amountMinor));
}

/** Does this sale take more off than a till may by itself? By the hub's measure. */
export function needsYes({ listMinor, offMinor }: BillPart, discountPercent: number): boolean {
  return offMinor > Math.floor((listMinor * discountPercent) / 100);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
