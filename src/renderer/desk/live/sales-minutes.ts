import type { SalesView } from '../../../contract/sales-state.ts';

const BARS = 30;
const MINUTE_MS = 60_000;

/** Always thirty bars, so that a young show has the same scale of time as an old one: nothing sold yet is zero. */
export function lastHalfHour(minutes: SalesView['minutes']): SalesView['minutes'] {
  const first = minutes[0];
  if (!first) return [];
  const missing = Math.max(0, BARS - minutes.length);
  const start = Date.parse(first.at);
  const before = Array.from({ length: missing }, (_, at) => ({
    at: new Date(start - (missing - at) * MINUTE_MS).toISOString(),
    inPersonMinor: 0,
    streamMinor: 0,
    otherMinor: 0,
  }));
  return [...before, ...minutes].slice(-BARS);
}
