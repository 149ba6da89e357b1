import { type HubTime, MINUTE, SECOND } from './units.ts';
import type { Channel } from './words.ts';

/**
 * Sales of the last minutes, second by second in rings, for rates and the chart. Its size is bounded by time and
 * products, never by the number of sales. Times are hub time, so a jump of the computer's clock moves no sale.
 */
export interface RecentSales {
  /** newest second heard of; the rings hold it and the 599 before it, each at `second % 600` */
  newest: number;
  counts: Int32Array;
  netMinor: Float64Array;
  /** units by product, bundles as their parts */
  units: Map<string, Int32Array>;
  minutes: Map<number, RecentMinute>;
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
  units: readonly { sku: string; quantity: number }[];
}

export const RATE_WINDOW = 10 * MINUTE;
const RING = RATE_WINDOW / SECOND;
export const CHART_MINUTES = 30;

export function initialRecent(): RecentSales {
  return {
    newest: 0,
    counts: new Int32Array(RING),
    netMinor: new Float64Array(RING),
    units: new Map(),
    minutes: new Map(),
  };
}

export function addRecent(recent: RecentSales, sale: RecentSale, sign: 1 | -1): void {
  const second = Math.floor(sale.soldT / SECOND);
  if (second > recent.newest) advance(recent, second);
  if (second > recent.newest - RING) addToSecond(recent, second, sale, sign);
  addToMinute(recent, Math.floor(sale.soldT / MINUTE), sale, sign);
}

export interface Pace {
  count: number;
  netMinor: number;
  units: Map<string, number>;
}

/** Sums of the sales later than `window` before `t`; the window is ten minutes at most. */
export function paceOver(recent: RecentSales, t: HubTime, window: number): Pace {
  const first = Math.max(Math.floor((t - window) / SECOND) + 1, recent.newest - RING + 1);
  const sum = (ring: Int32Array | Float64Array): number => {
    let total = 0;
    for (let second = first; second <= recent.newest; second += 1) total += ring[second % RING] ?? 0;
    return total;
  };
  const units = new Map<string, number>();
  for (const [sku, ring] of recent.units) {
    const sold = sum(ring);
    if (sold !== 0) units.set(sku, sold);
  }
  return { count: sum(recent.counts), netMinor: sum(recent.netMinor), units };
}

function addToSecond(recent: RecentSales, second: number, sale: RecentSale, sign: 1 | -1): void {
  const at = second % RING;
  recent.counts[at] = (recent.counts[at] ?? 0) + sign * sale.count;
  recent.netMinor[at] = (recent.netMinor[at] ?? 0) + sign * sale.netMinor;
  for (const { sku, quantity } of sale.units) {
    let ring = recent.units.get(sku);
    if (!ring) recent.units.set(sku, (ring = new Int32Array(RING)));
    ring[at] = (ring[at] ?? 0) + sign * quantity;
  }
}

function addToMinute(recent: RecentSales, minute: number, sale: RecentSale, sign: 1 | -1): void {
  if (minute <= Math.floor((recent.newest * SECOND) / MINUTE) - CHART_MINUTES) return;
  let found = recent.minutes.get(minute);
  if (!found) recent.minutes.set(minute, (found = { inPersonMinor: 0, streamMinor: 0, otherMinor: 0 }));
  const group =
    sale.channel === 'in-person' ? 'inPersonMinor' : sale.channel === 'stream' ? 'streamMinor' : 'otherMinor';
  found[group] += sign * sale.netMinor;
}

/** The ring's oldest seconds become the new ones, empty. */
function advance(recent: RecentSales, newest: number): void {
  const rings = [recent.counts, recent.netMinor, ...recent.units.values()];
  if (newest - recent.newest >= RING) for (const ring of rings) ring.fill(0);
  else {
    for (let second = recent.newest + 1; second <= newest; second += 1) {
      for (const ring of rings) ring[second % RING] = 0;
    }
  }
  recent.newest = newest;
  const oldestMinute = Math.floor((newest * SECOND) / MINUTE) - CHART_MINUTES;
  // Keys come nearly in order, and one that came late is dropped in its turn.
  for (const minute of recent.minutes.keys()) {
    if (minute > oldestMinute) break;
    recent.minutes.delete(minute);
  }
}
