/**
 * A vendor's growing counter, read now and then. When it falls it has been reset: a new epoch begins, and no rate or
 * window ever spans two epochs (STR-10), so there is never a negative or a huge rate. The rate over the counter's window
 * is kept ready: it is asked for far more often than the counter is read.
 */
export interface Counter {
  windowMs: number;
  /** this epoch's readings within the window, oldest first */
  points: { ms: number; value: number }[];
  lastGrowthMs: number | null;
  /** growth per second over the window; null with less than a second of this epoch to judge by */
  perSecond: number | null;
}

/** STR-27, STR-30: rates are of the last five seconds. */
const RATE_WINDOW_MS = 5000;

export function initialCounter(windowMs: number = RATE_WINDOW_MS): Counter {
  return { windowMs, points: [], lastGrowthMs: null, perSecond: null };
}

/** @returns true when the counter grew, which includes starting above zero in a new epoch */
export function count(counter: Counter, ms: number, value: number): boolean {
  const last = counter.points.at(-1);
  const reset = last !== undefined && value < last.value;
  if (reset) counter.points = [];
  const { points } = counter;
  points.push({ ms, value });
  dropBefore(points, ms - counter.windowMs);
  const grew = last === undefined || reset ? value > 0 : value > last.value;
  if (grew || counter.lastGrowthMs === null) counter.lastGrowthMs = ms;
  const first = points[0];
  const spanMs = first === undefined ? 0 : ms - first.ms;
  counter.perSecond = first === undefined || spanMs < 1000 ? null : ((value - first.value) * 1000) / spanMs;
  return grew;
}

/** Begins a new epoch although the value has not fallen (another publisher, another connection). */
export function breakEpoch(counter: Counter): void {
  counter.points = [];
  counter.perSecond = null;
}

/** @returns kilobits per second of a byte counter over its window, or null */
export function kbps(counter: Counter): number | null {
  return counter.perSecond === null ? null : Math.round((counter.perSecond * 8) / 1000);
}

/** @returns growth within the window; null with less than a second of this epoch to judge by */
export function grown(counter: Counter): number | null {
  const [first, last] = [counter.points[0], counter.points.at(-1)];
  return first === undefined || last === undefined || last.ms - first.ms < 1000 ? null : last.value - first.value;
}

/** @returns ms from the last growth to `until`; null when nothing was ever counted */
export function stillMs(counter: Counter, until: number | null): number | null {
  if (counter.lastGrowthMs === null || until === null) return null;
  return Math.max(0, until - counter.lastGrowthMs);
}

/** Frames lost of frames made, as OBS counts them. */
export interface LossCounter {
  points: { ms: number; lost: number; total: number }[];
  /** percent lost over 30 s; fewer than ten lost frames are none; null when too few frames were made to say */
  pct: number | null;
}

export function initialLoss(): LossCounter {
  return { points: [], pct: null };
}

const LOSS_WINDOW_MS = 30_000;

export function countLoss(counter: LossCounter, ms: number, lost: number, total: number): void {
  const last = counter.points.at(-1);
  if (last !== undefined && (lost < last.lost || total < last.total)) counter.points = [];
  counter.points.push({ ms, lost, total });
  dropBefore(counter.points, ms - LOSS_WINDOW_MS);
  counter.pct = pctLost(counter);
}

/** Begins a new epoch although no value has fallen. */
export function breakLoss(counter: LossCounter): void {
  counter.points = [];
  counter.pct = null;
}

const FEW_LOST = 10;
const FEW_FRAMES = 30;
/** A younger epoch is taken to have been clean before, so that one stumble at its start is not half of everything. */
const SHORT_MS = 10_000;

function pctLost({ points }: LossCounter): number | null {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  const total = last.total - first.total;
  const lost = last.lost - first.lost;
  if (total < FEW_FRAMES) return null;
  if (lost < FEW_LOST) return 0;
  const stretched = total * Math.max(1, SHORT_MS / (last.ms - first.ms));
  return Math.round((lost / stretched) * 1000) / 10;
}

function dropBefore(points: { ms: number }[], ms: number): void {
  while ((points[0]?.ms ?? ms) < ms) points.shift();
}
