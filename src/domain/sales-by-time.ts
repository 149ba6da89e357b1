import { netLeft, type SaleRecord, soldAt } from './sale-record.ts';
import { type Instant, type Minor, MINUTE } from './units.ts';

/**
 * Sales in the order of their own time, so that what was sold while something lasted is found by two binary searches and
 * never by looking through the whole show. A sale that was told late, by a till that was offline, is put where it belongs.
 */
export interface SalesByTime {
  /** each with the sale at the same place, ascending; beside the sales, so that a search reads nothing else */
  times: Instant[];
  sales: SaleRecord[];
  /** what whole minutes come to, by their number: summed when first asked for, dropped when a sale of them changes */
  minutes: Map<number, Sold>;
}

export interface SoldDuring {
  count: number;
  /** as sold */
  units: number;
  /** less what came back since */
  netMinor: Minor;
}

export interface Sold {
  /** of the channel that the stream brings */
  stream: SoldDuring;
  /** every channel, the stream's included */
  all: SoldDuring;
}

export function initialByTime(): SalesByTime {
  return { times: [], sales: [], minutes: new Map() };
}

export function addByTime({ times, sales, minutes }: SalesByTime, sale: SaleRecord): void {
  const at = soldAt(sale);
  minutes.delete(minuteOf(at));
  if (at >= (times.at(-1) ?? -Infinity)) {
    times.push(at);
    sales.push(sale);
    return;
  }
  const place = firstFrom(times, at + 1);
  times.splice(place, 0, at);
  sales.splice(place, 0, sale);
}

/** Call when a sale is voided, told anew or given back in part: its minute is summed again. */
export function changedByTime({ minutes }: SalesByTime, sale: SaleRecord): void {
  minutes.delete(minuteOf(soldAt(sale)));
}

/**
 * What was sold from `from` on and before `to`; voided sales never were. An incident may last for hours and the desk asks
 * several times a second, so only the broken minutes at both ends are looked through.
 */
export function soldBetween(byTime: SalesByTime, from: Instant, to: Instant): Sold {
  const sold = nothing();
  const [first, last] = [Math.ceil(from / MINUTE), Math.floor(to / MINUTE)];
  if (first >= last) {
    addSales(sold, byTime, from, to);
    return sold;
  }
  addSales(sold, byTime, from, first * MINUTE);
  for (let minute = first; minute < last; minute += 1) add(sold, ofMinute(byTime, minute));
  addSales(sold, byTime, last * MINUTE, to);
  return sold;
}

function ofMinute(byTime: SalesByTime, minute: number): Sold {
  const known = byTime.minutes.get(minute);
  if (known !== undefined) return known;
  const sold = nothing();
  addSales(sold, byTime, minute * MINUTE, (minute + 1) * MINUTE);
  byTime.minutes.set(minute, sold);
  return sold;
}

function addSales({ stream, all }: Sold, { times, sales }: SalesByTime, from: Instant, to: Instant): void {
  for (let place = firstFrom(times, from); (times[place] ?? Infinity) < to; place += 1) {
    const sale = sales[place];
    if (sale === undefined || sale.voided) continue;
    count(all, 1, unitsOf(sale), netLeft(sale));
    if (isOnStream(sale)) count(stream, 1, unitsOf(sale), netLeft(sale));
  }
}

function add(sum: Sold, { stream, all }: Sold): void {
  count(sum.stream, stream.count, stream.units, stream.netMinor);
  count(sum.all, all.count, all.units, all.netMinor);
}

function count(sum: SoldDuring, sales: number, units: number, netMinor: Minor): void {
  sum.count += sales;
  sum.units += units;
  sum.netMinor += netMinor;
}

function nothing(): Sold {
  return { stream: { count: 0, units: 0, netMinor: 0 }, all: { count: 0, units: 0, netMinor: 0 } };
}

export function isOnStream({ channel }: SaleRecord): boolean {
  return channel === 'stream';
}

function unitsOf({ lines }: SaleRecord): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

function minuteOf(at: Instant): number {
  return Math.floor(at / MINUTE);
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
