/**
 * Shares of people with honest limits (VER-4, VER-8). Everything is plain arithmetic with square roots, so the same
 * figures come out on every machine; nothing is drawn at random.
 */

/** `count` of `of` people; rate and limits are fractions from 0 to 1, null when there is nobody to speak of. */
export interface Proportion {
  count: number;
  of: number;
  rate: number | null;
  low: number | null;
  high: number | null;
}

/** 97.5 % quantile of the standard normal distribution: limits hold with 95 %. */
export const Z95 = 1.959963984540054;

/** A share with its Wilson score interval. @see Wilson, J. Am. Stat. Assoc. 22 (1927) 209 */
export function proportion(count: number, of: number): Proportion {
  if (of === 0) return { count, of, rate: null, low: null, high: null };
  const limits = wilson(count, of);
  return { count, of, rate: count / of, ...limits };
}

/** A value with the limits that hold it with 95 %. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

/**
 * Difference of two independent shares (first − second) by Newcombe's hybrid score method.
 *
 * @returns fractions, e.g. 0.1024 for 10.24 points; null when either group is empty
 * @see Newcombe, Stat. Med. 17 (1998) 873, method 10
 */
export function shareDifference(first: Share, second: Share): Interval | null {
  if (first.of === 0 || second.of === 0) return null;
  const [a, b] = [wilson(first.count, first.of), wilson(second.count, second.of)];
  const [p, q] = [first.count / first.of, second.count / second.of];
  const value = p - q;
  return {
    value,
    low: value - Math.sqrt((p - a.low) ** 2 + (b.high - q) ** 2),
    high: value + Math.sqrt((a.high - p) ** 2 + (q - b.low) ** 2),
  };
}

export type Share = Pick<Proportion, 'count' | 'of'>;

/**
 * A rate for people: tenths of a percent only where there are at least 300 people behind it, else whole percent, because
 * one person more or less already moves the figure by more than that.
 *
 * @returns e.g. "18.0 %" or "36 %"; "–" without anybody
 */
export function rateText({ count, of }: Share): string {
  if (of === 0) return '–';
  const decimals = of < FINE ? 0 : 1;
  return `${percentOf(count / of, decimals)} %`;
}

/** "15.9–20.3 %", always with tenths; "–" without anybody. */
export function limitsText({ low, high }: Pick<Proportion, 'low' | 'high'>): string {
  return low === null || high === null ? '–' : `${percentOf(low, 1)}–${percentOf(high, 1)} %`;
}

const FINE = 300;

/** @returns percent as text; halves go away from zero, whatever a binary fraction says of 18.05 */
function percentOf(fraction: number, decimals: number): string {
  const scale = 10 ** decimals;
  return (Math.round(Number((fraction * 100 * scale).toFixed(6))) / scale).toFixed(decimals);
}

function wilson(count: number, of: number): { low: number; high: number } {
  const p = count / of;
  const zz = Z95 ** 2;
  const centre = (p + zz / (2 * of)) / (1 + zz / of);
  const half = (Z95 * Math.sqrt((p * (1 - p)) / of + zz / (4 * of ** 2))) / (1 + zz / of);
  // Rounding must not push a limit beyond what a share can be, nor off 0 and 1 at the ends.
  return { low: count === 0 ? 0 : Math.max(0, centre - half), high: count === of ? 1 : Math.min(1, centre + half) };
}
