import { type HubTime, MINUTE, SECOND } from './units.ts';
import type { Channel } from './words.ts';

/**
 * Sales of the last minutes, second by second, for rates and the chart. Its size is bounded by time, not by the number
 * of sales. Times are hub time, so a jump of the computer's clock moves no sale.
 */
export interface RecentSales {
  seconds: Map<number, RecentSecond>;
  minutes: Map<number, RecentMinute>;
  /** newest second heard of */
  newest: number;
}

interface RecentSecond {
  count: number;
  netMinor: number;
  /** units by product, bundles as their parts */
  units: Map<string, number>;
}

export interface RecentMinute {
  inPersonMinor: number;
  streamMinor: number;
  otherMinor: number;
}

/** One sale to add (`sign` 1), or to take out again (−1). */
export interface RecentSale {
  soldT: HubTime;
  channel: Channel;
  count: number;
  netMinor: number;
  units: { sku: string; quantity: number }[];
}

export const RATE_WINDOW = 10 * MINUTE;
export const CHART_MINUTES = 30;

export function initialRecent(): RecentSales {
  return { seconds: new Map(), minutes: new Map(), newest: 0 };
}

export function addRecent(recent: RecentSales, sale: RecentSale, sign: 1 | -1): void {
  const second = Math.floor(sale.soldT / SECOND);
  if (second > recent.newest) forgetOld(recent, second);
  if (second > recent.newest - RATE_WINDOW / SECOND) addToSecond(recent, second, sale, sign);
  addToMinute(recent, Math.floor(sale.soldT / MINUTE), sale, sign);
}

export interface Pace {
  count: number;
  netMinor: number;
  units: Map<string, number>;
}

/** Sums of the sales later than `window` before `t`. */
export function paceOver(recent: RecentSales, t: HubTime, window: number): Pace {
  const pace: Pace = { count: 0, netMinor: 0, units: new Map() };
  const oldest = Math.floor((t - window) / SECOND);
  for (const [second, { count, netMinor, units }] of recent.seconds) {
    if (second <= oldest) continue;
    pace.count += count;
    pace.netMinor += netMinor;
    for (const [sku, quantity] of units) pace.units.set(sku, (pace.units.get(sku) ?? 0) + quantity);
  }
  return pace;
}

function addToSecond(recent: RecentSales, second: number, sale: RecentSale, sign: 1 | -1): void {
  let found = recent.seconds.get(second);
  if (!found) recent.seconds.set(second, (found = { count: 0, netMinor: 0, units: new Map() }));
  found.count += sign * sale.count;
  found.netMinor += sign * sale.netMinor;
  for (const { sku, quantity } of sale.units) found.units.set(sku, (found.units.get(sku) ?? 0) + sign * quantity);
}

function addToMinute(recent: RecentSales, minute: number, sale: RecentSale, sign: 1 | -1): void {
  if (minute <= Math.floor((recent.newest * SECOND) / MINUTE) - CHART_MINUTES) return;
  let found = recent.minutes.get(minute);
  if (!found) recent.minutes.set(minute, (found = { inPersonMinor: 0, streamMinor: 0, otherMinor: 0 }));
  const group =
    sale.channel === 'in-person' ? 'inPersonMinor' : sale.channel === 'stream' ? 'streamMinor' : 'otherMinor';
  found[group] += sign * sale.netMinor;
}

function forgetOld(recent: RecentSales, newest: number): void {
  recent.newest = newest;
  dropUpTo(recent.seconds, newest - RATE_WINDOW / SECOND);
  dropUpTo(recent.minutes, Math.floor((newest * SECOND) / MINUTE) - CHART_MINUTES);
}

/** Stops at the first key that stays: keys come nearly in order, and one that came late is dropped in its turn. */
function dropUpTo(table: Map<number, unknown>, last: number): void {
  for (const key of table.keys()) {
    if (key > last) return;
    table.delete(key);
  }
}
