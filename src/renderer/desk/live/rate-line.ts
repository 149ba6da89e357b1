import type { RatePoint } from './stream-history.svelte.ts';

/** Shapes of the bitrate line. Pure. */

/** Normal is 80 to 110 per cent of the median of what flowed; null until ten seconds have been seen. */
export function rateBand(points: readonly RatePoint[]): { low: number; high: number; median: number } | null {
  const flowing = points.flatMap(({ kbps }) => (kbps !== null && kbps > 0 ? [kbps] : [])).sort((a, b) => a - b);
  const median = flowing[Math.floor(flowing.length / 2)];
  if (median === undefined || flowing.length < 10) return null;
  return { low: median * 0.8, high: median * 1.1, median };
}

const GAP_MS = 5000;

/** Runs of measured points: what nobody measured is a gap, never a line. */
export function segmentsOf(points: readonly RatePoint[]): { at: number; kbps: number }[][] {
  const segments: { at: number; kbps: number }[][] = [];
  let run: { at: number; kbps: number }[] = [];
  for (const { at, kbps } of points) {
    const last = run.at(-1);
    if (kbps === null || (last && at - last.at > GAP_MS)) {
      if (run.length > 0) segments.push(run);
      run = [];
    }
    if (kbps !== null) run.push({ at, kbps });
  }
  if (run.length > 0) segments.push(run);
  return segments;
}

/** One row per ten seconds, newest first: what the table beside the chart says. */
export function rateRows(points: readonly RatePoint[]): { at: number; kbps: number | null }[] {
  const buckets = new Map<number, number[]>();
  for (const { at, kbps } of points) {
    const bucket = Math.floor(at / 10_000) * 10_000;
    const values = buckets.get(bucket) ?? [];
    if (kbps !== null) values.push(kbps);
    buckets.set(bucket, values);
  }
  return [...buckets]
    .sort(([a], [b]) => b - a)
    .slice(0, 60)
    .map(([at, values]) => ({
      at,
      kbps: values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length,
    }));
}
