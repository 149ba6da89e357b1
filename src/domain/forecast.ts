import { paceOver, RATE_WINDOW } from './recent-sales.ts';
import type { ShowState } from './show.ts';
import { sellable } from './stock.ts';
import { type Duration, type HubTime, MINUTE, type Minor, type Now, clamp } from './units.ts';

/** How fast a product goes and when its reserve is gone at that pace (UI-2). */
export interface Forecast {
  /** units a minute, bundle parts and all channels in, voids out */
  perMinute: number;
  /** null: too few sales to say, or nothing left */
  soldOutT: HubTime | null;
  /** between these it is gone, eight times out of ten, as long as people keep coming as they do; null with `soldOutT` */
  range: { fromT: HubTime; toT: HubTime } | null;
}

const SHORT_WINDOW: Duration = 3 * MINUTE;
/** fewer units than this in a window are no pace */
const ENOUGH = 3;
const LEAST_OPEN: Duration = 2 * MINUTE;

/** @returns forecasts of products that sold in the last ten minutes; of any other there is nothing to say */
export function forecasts(show: ShowState, now: Now): Map<string, Forecast> {
  const open = show.openedT === null ? LEAST_OPEN : Math.max(LEAST_OPEN, now.t - show.openedT);
  const long = paceOver(show.sales.recent, now.t, RATE_WINDOW).units;
  const short = paceOver(show.sales.recent, now.t, SHORT_WINDOW).units;
  const found = new Map<string, Forecast>();
  for (const [sku, units] of long) {
    const recent = short.get(sku) ?? 0;
    const steady = (units * MINUTE) / Math.min(RATE_WINDOW, open);
    const burst = recent < ENOUGH ? 0 : (recent * MINUTE) / Math.min(SHORT_WINDOW, open);
    const perMinute = Math.max(0, steady, burst);
    const left = sellable(show.stock, sku);
    const isSteady = units >= ENOUGH && left > 0;
    const lasts = isSteady ? (left / perMinute) * MINUTE : 0;
    const spread = isSteady ? spreadOf(burst > steady ? recent : units, left) : 1;
    found.set(sku, {
      perMinute,
      soldOutT: isSteady ? now.t + lasts : null,
      range: isSteady ? { fromT: now.t + lasts / spread, toT: now.t + lasts * spread } : null,
    });
  }
  return found;
}

/** 90 % quantile of the standard normal distribution: one in ten is earlier, one in ten later */
const Z80 = 1.2815515655446004;

/**
 * How many times longer or shorter than expected `left` units may last. Buyers come one by one (Poisson), so the time
 * that `left` of them take over the pace seen in `seen` of them is spread like F; its logarithm is nearly normal with
 * the variance 1/seen + 1/left. Too narrow when groups buy together.
 */
export function spreadOf(seen: number, left: number): number {
  return Math.exp(Z80 * Math.sqrt(1 / seen + 1 / left));
}

/** Sales a minute and net a minute over the last ten, or over the minutes open when there are fewer; at least one. */
export function salesPace(show: ShowState, now: Now): { perMinute: number; netPerMinuteMinor: Minor } {
  const { count, netMinor } = paceOver(show.sales.recent, now.t, RATE_WINDOW);
  const open = show.openedT === null ? 0 : now.t - show.openedT;
  const minutes = clamp(open, MINUTE, RATE_WINDOW) / MINUTE;
  return { perMinute: count / minutes, netPerMinuteMinor: Math.round(netMinor / minutes) };
}
