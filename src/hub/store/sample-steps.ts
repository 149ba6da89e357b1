import type { Duration, Instant } from '../../domain/units.ts';

/** One row as it lies in the file; `low` and `high` are null where it is one measurement. */
export interface StoredRow {
  at: Instant;
  step: Duration;
  mean: Buffer;
  low: Buffer | null;
  high: Buffer | null;
}

/** What the rows of one step come to, a value per column; NaN is "not known". */
export interface Step {
  at: Instant;
  mean: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

/**
 * Gathers rows into steps, which are aligned to the epoch, so that the same row always falls into the same step. Eight
 * hours are thousands of rows of dozens of columns, so there is one set of sums, which every step uses again.
 *
 * @param rows in the order of time
 * @param take gets each step; its arrays are good only during the call
 */
export function eachStep(
  rows: readonly StoredRow[],
  width: number,
  stepMs: Duration,
  take: (step: Step) => void,
): void {
  const sums = new Sums(width);
  let at: Instant | null = null;
  for (const row of rows) {
    const start = Math.floor(row.at / stepMs) * stepMs;
    if (at !== null && start !== at) {
      take(sums.of(at));
      sums.clear();
    }
    at = start;
    sums.add(row);
  }
  if (at !== null) take(sums.of(at));
}

class Sums {
  readonly #sum: Float64Array;
  readonly #weight: Float64Array;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #mean: Float64Array;

  constructor(width: number) {
    this.#sum = new Float64Array(width);
    this.#weight = new Float64Array(width);
    this.#low = new Float64Array(width).fill(NaN);
    this.#high = new Float64Array(width).fill(NaN);
    this.#mean = new Float64Array(width);
  }

  add({ step, mean, low, high }: StoredRow): void {
    const means = numbersOf(mean);
    const lows = low === null ? means : numbersOf(low);
    const highs = high === null ? means : numbersOf(high);
    const [sum, weight, least, most] = [this.#sum, this.#weight, this.#low, this.#high];
    for (let i = 0; i < means.length; i += 1) {
      const value = means[i] ?? NaN;
      if (Number.isNaN(value)) continue;
      sum[i] = (sum[i] ?? 0) + value * step;
      weight[i] = (weight[i] ?? 0) + step;
      const [lowest, highest] = [lows[i] ?? NaN, highs[i] ?? NaN];
      // A comparison with NaN is false, so the first value is taken as it is.
      if (!(lowest >= (least[i] ?? NaN))) least[i] = lowest;
      if (!(highest <= (most[i] ?? NaN))) most[i] = highest;
    }
  }

  of(at: Instant): Step {
    const [sum, weight, mean] = [this.#sum, this.#weight, this.#mean];
    for (let i = 0; i < mean.length; i += 1) mean[i] = (sum[i] ?? 0) / (weight[i] ?? 0);
    return { at, mean, low: this.#low, high: this.#high };
  }

  clear(): void {
    this.#sum.fill(0);
    this.#weight.fill(0);
    this.#low.fill(NaN);
    this.#high.fill(NaN);
  }
}

export function bufferOf(values: Float64Array): Buffer {
  return Buffer.from(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength));
}

export function numbersOf(buffer: Buffer): Float64Array {
  // better-sqlite3 may hand out memory that is not aligned to eight bytes.
  if (buffer.byteOffset % 8 !== 0) return numbersOf(Buffer.from(new Uint8Array(buffer).buffer));
  return new Float64Array(buffer.buffer, buffer.byteOffset, buffer.byteLength / 8);
}
