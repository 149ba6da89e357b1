/**
 * A vendor's growing counter, read now and then. When it falls it has been reset: a new epoch begins, and no rate or
 * window ever spans two epochs (STR-10), so there is never a negative or a huge rate.
 */
export interface Counter {
  points: { ms: number; value: number }[];
  lastGrowthMs: number | null;
}

export function initialCounter(): Counter {
  return { points: [], lastGrowthMs: null };
}

const KEPT_MS = 35_000;

/** @returns true when the counter grew, which includes starting above zero in a new epoch */
export function count(counter: Counter, ms: number, value: number): boolean {
  const last = counter.points.at(-1);
  const reset = last !== undefined && value < last.value;
  if (reset) counter.points = [];
  counter.points.push({ ms, value });
  while ((counter.points[0]?.ms ?? ms) < ms - KEPT_MS) counter.points.shift();
  const grew = last === undefined || reset ? value > 0 : value > last.value;
  if (grew || counter.lastGrowthMs === null) counter.lastGrowthMs = ms;
  return grew;
}

/** Begins a new epoch although the value has not fallen (another publisher, another connection). */
export function breakEpoch(counter: Counter): void {
  counter.points = [];
}

/** @returns growth per second over the newest `windowMs`, or null with less than a second of this epoch to judge by */
export function perSecond(counter: Counter, windowMs: number): number | null {
  const last = counter.points.at(-1);
  if (last === undefined) return null;
  const before = counter.points.findLastIndex((point) => point.ms < last.ms - windowMs);
  const first = counter.points[before + 1] ?? last;
  if (last.ms - first.ms < 1000) return null;
  return ((last.value - first.value) * 1000) / (last.ms - first.ms);
}

/** @returns kilobits per second of a byte counter, or null */
export function kbps(counter: Counter, windowMs: number): number | null {
  const rate = perSecond(counter, windowMs);
  return rate === null ? null : Math.round((rate * 8) / 1000);
}

/** @returns ms from the last growth to `until`; null when nothing was ever counted */
export function stillMs(counter: Counter, until: number | null): number | null {
  if (counter.lastGrowthMs === null || until === null) return null;
  return Math.max(0, until - counter.lastGrowthMs);
}

/** Frames lost of frames made, as OBS counts them. */
export interface LossCounter {
  points: { ms: number; lost: number; total: number }[];
}

export function initialLoss(): LossCounter {
  return { points: [] };
}

export function countLoss(counter: LossCounter, ms: number, lost: number, total: number): void {
  const last = counter.points.at(-1);
  if (last !== undefined && (lost < last.lost || total < last.total)) counter.points = [];
  counter.points.push({ ms, lost, total });
  while ((counter.points[0]?.ms ?? ms) < ms - KEPT_MS) counter.points.shift();
}

const FEW_LOST = 10;
const FEW_FRAMES = 30;
/** A younger epoch is taken to have been clean before, so that one stumble at its start is not half of everything. */
const SHORT_MS = 10_000;

/** @returns percent lost over 30 s; fewer than ten lost frames are none; null when too few frames were made to say */
export function lostPct(counter: LossCounter): number | null {
  const last = counter.points.at(-1);
  if (last === undefined) return null;
  const first = counter.points.find((point) => point.ms >= last.ms - 30_000) ?? last;
  const total = last.total - first.total;
  const lost = last.lost - first.lost;
  if (total < FEW_FRAMES) return null;
  if (lost < FEW_LOST) return 0;
  const stretched = total * Math.max(1, SHORT_MS / (last.ms - first.ms));
  return Math.round((lost / stretched) * 1000) / 10;
}
