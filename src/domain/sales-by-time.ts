import { type SaleRecord, soldAt } from './sale-record.ts';
import type { Instant } from './units.ts';

/**
 * Sales in the order of their own time, so that what was sold while something lasted is found by two binary searches and
 * never by looking through the whole show. A sale that was told late, by a till that was offline, is put where it belongs.
 */
export interface SalesByTime {
  /** each with the sale at the same place, ascending; beside the sales, so that a search reads nothing else */
  times: Instant[];
  sales: SaleRecord[];
}

export function initialByTime(): SalesByTime {
  return { times: [], sales: [] };
}

export function addByTime({ times, sales }: SalesByTime, sale: SaleRecord): void {
  const at = soldAt(sale);
  if (at >= (times.at(-1) ?? -Infinity)) {
    times.push(at);
    sales.push(sale);
    return;
  }
  const place = firstFrom(times, at + 1);
  times.splice(place, 0, at);
  sales.splice(place, 0, sale);
}

/** Sales made from `from` on and before `to`, voided ones included, oldest first. */
export function salesBetween({ times, sales }: SalesByTime, from: Instant, to: Instant): SaleRecord[] {
  return sales.slice(firstFrom(times, from), firstFrom(times, to));
}

/** @returns place of the first time that is not before `at` */
function firstFrom(times: readonly Instant[], at: Instant): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
