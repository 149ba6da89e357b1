/** What a made-up show is rolled with: the same seed, the same show. */
export interface StreamDice {
  /** 0 … under 1 */
  next: () => number;
  between: (low: number, high: number) => number;
  /** whole number, both ends included */
  whole: (low: number, high: number) => number;
  chance: (share: number) => boolean;
  /** around 0 with this standard deviation, cut off at three of them */
  normal: (sigma: number) => number;
  pick: <T>(list: readonly [T, ...T[]]) => T;
  /** dice of their own for one part, so that its rolls do not move those of the others */
  fork: () => StreamDice;
}

/** Mulberry32: small, fast, good enough for noise. */
export function streamDice(seed: number): StreamDice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (low: number, high: number): number => low + next() * (high - low);
  const whole = (low: number, high: number): number => Math.floor(between(low, high + 1));
  return {
    next,
    between,
    whole,
    chance: (share) => next() < share,
    // Irwin–Hall of three: a bell with ends, and no logarithm for each of ten million samples.
    normal: (sigma) => (next() + next() + next() - 1.5) * 2 * sigma,
    pick: (list) => list[whole(0, list.length - 1)] ?? list[0],
    fork: () => streamDice(Math.floor(next() * 4_294_967_296)),
  };
}
