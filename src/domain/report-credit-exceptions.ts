import { soldAt } from './sale-record.ts';
import type { Attribution } from './facts/sale-facts.ts';
import type { Exception } from './report-exception.ts';
import { type MoneyPage, liveSales } from './report-money-tables.ts';

/** What is odd about channels and credit: put right by a person, claimed late, claimed by two. */
export function creditExceptions(page: MoneyPage): Exception[] {
  const none = { amount: null, decision: null, by: null, reason: null };
  const moved = page.record.entries.of('sale.reattributed').map(({ at, body }): Exception => ({
    ...none,
    kind: 'reattributed',
    severity: 3,
    at,
    ref: body.saleId,
    what: `${wordsOf(body.from)} → ${wordsOf(body.to)}`,
    decision: body.to.creatorRule === 'suggested-accepted' ? 'suggestion accepted' : 'put right',
    by: body.by,
    reason: body.reason,
  }));
  const odd = liveSales(page.record).flatMap((sale): Exception[] => {
    const { attribution, saleId: ref, netMinor: amount } = sale;
    const base = { ...none, severity: 3 as const, at: soldAt(sale), ref, amount };
    const late: Exception[] = attribution.late
      ? [{ ...base, kind: 'late-credit', what: `Credited to ${attribution.creator}, whose own time was over` }]
      : [];
    const others = (attribution.otherCodes ?? []).map((code): Exception => {
      return { ...base, kind: 'second-code', what: `Code ${code} stood on it too; ${attribution.creator} is credited` };
    });
    return [...late, ...others];
  });
  return [...moved, ...odd];
}

function wordsOf({ channel, creator }: Attribution): string {
  return creator === null ? channel : `${channel}, ${creator}`;
}
