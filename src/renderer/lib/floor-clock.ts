/** One question about the time: asked at `c0`, heard by the hub at `h1`, answered at `h2`, back at `c3` (ms). */
export interface SyncSample {
  c0: number;
  h1: number;
  h2: number;
  c3: number;
}

/** Two clocks drift apart by up to 5 s a day. */
const DRIFT = 58e-6;
/** A page's clock is coarse on purpose; at least this much is unknown. */
const GRAIN_MS = 1;

/** The step of this page's clock, for the sync's error bound. */
export function grainOf(readPage: () => number): number {
  const first = readPage();
  let next = first;
  for (let i = 0; i < 10_000 && next === first; i++) next = readPage();
  return Math.max(GRAIN_MS, next - first);
}

/**
 * Hub time T from this page's monotonic clock (CUE-44): the best sample so far counts, where best means the smallest
 * error bound, and a bound grows while time passes. A sample that contradicts the one in use shows that one of the
 * clocks has jumped, so it replaces it.
 */
export class FloorClock {
  readonly #readPage: () => number;
  readonly #grain: number;
  #offset: number | null = null;
  #bound = Infinity;
  #takenAt = 0;

  constructor(readPage: () => number = () => performance.now(), grain: number = grainOf(readPage)) {
    this.#readPage = readPage;
    this.#grain = grain;
  }

  /** @returns true when the sample is now the one in use */
  learn({ c0, h1, h2, c3 }: SyncSample): boolean {
    const offset = (h1 - c0 + (h2 - c3)) / 2;
    const bound = (c3 - c0 - (h2 - h1)) / 2 + this.#grain;
    const known = this.#boundAt(c3);
    const contradicts = this.#offset !== null && Math.abs(offset - this.#offset) > bound + known;
    if (bound > known && !contradicts) return false;
    this.#offset = offset;
    this.#bound = bound;
    this.#takenAt = c3;
    return true;
  }

  /** The device slept or its clock was set: nothing that was learned holds. */
  reset(): void {
    this.#bound = Infinity;
  }

  /** Hub time T in ms; this device's own clock until the first sync. */
  hubNow(): number {
    return this.#offset === null ? Date.now() : this.#readPage() + this.#offset;
  }

  /** How far off `hubNow` may be; null before the first sync and after a reset. */
  get boundMs(): number | null {
    const bound = this.#boundAt(this.#readPage());
    return Number.isFinite(bound) ? bound : null;
  }

  #boundAt(c: number): number {
    return this.#bound + DRIFT * (c - this.#takenAt);
  }
}
