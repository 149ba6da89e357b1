/** The stretch of time that the charts show. Pure; all in epoch milliseconds of the hub's clock. */
export interface TimeWindow {
  from: number;
  to: number;
  /** its end is now, and goes on being now */
  follows: boolean;
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** What the hub keeps second by second (STR-89). */
export const LONGEST = 8 * HOUR;
export const SHORTEST = MINUTE / 2;

export function lastOf(span: number, now: number): TimeWindow {
  const length = Math.min(LONGEST, Math.max(SHORTEST, span));
  return { from: now - length, to: now, follows: true };
}

/** The window moved along with the clock, if its end is now. */
export function advanced(window: TimeWindow, now: number): TimeWindow {
  return window.follows ? lastOf(window.to - window.from, now) : window;
}

/**
 * @param factor over 1: a shorter stretch in the same place
 * @param anchor 0..1: what stays where it is; the end of a window that follows stays now
 */
export function zoomed(window: TimeWindow, factor: number, anchor: number, now: number): TimeWindow {
  const span = window.to - window.from;
  const length = Math.min(LONGEST, Math.max(SHORTEST, span / factor));
  if (window.follows && anchor > 0.9) return lastOf(length, now);
  const from = window.from + (span - length) * anchor;
  return within({ from, to: from + length }, now);
}

/** @param share of the window's own length; negative is earlier */
export function moved(window: TimeWindow, share: number, now: number): TimeWindow {
  const by = (window.to - window.from) * share;
  return within({ from: window.from + by, to: window.to + by }, now);
}

/** Two moments in any order, widened to the shortest stretch that can be shown. */
export function between(one: number, other: number, now: number): TimeWindow {
  const [from, to] = [Math.min(one, other), Math.max(one, other)];
  const missing = Math.max(0, SHORTEST - (to - from)) / 2;
  return within({ from: from - missing, to: to + missing }, now);
}

/** A window of the same length, at most ten minutes, with `at` in its middle. */
export function around(at: number, window: TimeWindow, now: number): TimeWindow {
  const half = Math.min(10 * MINUTE, window.to - window.from) / 2;
  return within({ from: at - half, to: at + half }, now);
}

/** Pushed back into the eight hours up to now, its length kept where that is possible. */
function within({ from, to }: { from: number; to: number }, now: number): TimeWindow {
  const length = Math.min(LONGEST, to - from);
  if (to >= now) return lastOf(length, now);
  const start = Math.max(from, now - LONGEST);
  return { from: start, to: start + length, follows: false };
}

const STEPS = [5_000, 10_000, 30_000, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR];

/** Round moments for the time axis, at most `most` of them. */
export function ticksOf({ from, to }: TimeWindow, most = 8): number[] {
  const step = STEPS.find((one) => (to - from) / one <= most) ?? 2 * HOUR;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}
