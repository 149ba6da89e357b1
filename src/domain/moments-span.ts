import type { SalesModel, SaleUnit } from './moments-model.ts';

/** How strongly each second pulled the sales that answered: `weight[j]` belongs to `[from + j, from + j + 1)`. Sums to 1. */
export interface Pull {
  from: number;
  weight: number[];
}

export interface Span {
  from: number;
  to: number;
  /** the second that pulled most */
  peak: number;
}

const SPAN_S = 45;
const SPOKEN_FACTOR = 1.3;
const ROUNDS = 4;

/**
 * Which seconds the buyers answered to (MOM-10): each sale is shared out over the seconds before it by the answer
 * kernel, against the base rate, and the seconds' weights are made anew from those shares, four times.
 */
export function pullOf(model: SalesModel, units: readonly SaleUnit[], from: number, to: number): Pull {
  const cells = Math.max(1, Math.round(to - from));
  let weight = new Array<number>(cells).fill(1 / cells);
  const answers = units.map((unit) => {
    const chance = Array.from({ length: cells }, (_, j) =>
      model.kernel(unit.side, unit.t - model.delay[unit.side] - (from + j + 0.5)),
    );
    return { chance, usual: model.rateAt(unit.sku, unit.side, unit.t) };
  });
  const many = units.length;
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Array<number>(cells).fill(0);
    for (const { chance, usual } of answers) {
      let whole = usual;
      for (let j = 0; j < cells; j++) whole += (weight[j] ?? 0) * (chance[j] ?? 0) * many;
      if (whole <= 0) continue;
      for (let j = 0; j < cells; j++) next[j] = (next[j] ?? 0) + ((weight[j] ?? 0) * (chance[j] ?? 0) * many) / whole;
    }
    const sum = next.reduce((all, share) => all + share, 0);
    if (sum <= 0) break;
    weight = next.map((share) => share / sum);
  }
  return { from, weight };
}

/** A flat pull: moments that no sale has measured. */
export function flatPull(from: number, to: number): Pull {
  const cells = Math.max(1, Math.round(to - from));
  return { from, weight: new Array<number>(cells).fill(1 / cells) };
}

/** Share of the pull between two instants, whole and part seconds. */
export function pullBetween(pull: Pull, from: number, to: number): number {
  let sum = 0;
  const first = Math.max(0, Math.floor(from - pull.from));
  const last = Math.min(pull.weight.length - 1, Math.ceil(to - pull.from));
  for (let j = first; j <= last; j++) {
    const start = pull.from + j;
    const part = Math.min(to, start + 1) - Math.max(from, start);
    if (part > 0) sum += part * (pull.weight[j] ?? 0);
  }
  return sum;
}

/** @param spoken instants at which somebody said or pressed something: they place a span better than sales can */
export function spanOf(pull: Pull, spoken: readonly number[]): Span {
  const cells = pull.weight.length;
  const width = Math.min(SPAN_S, cells);
  let best = { start: 0, value: -1 };
  for (let start = 0; start + width <= cells; start++) {
    const at = pull.from + start;
    const lifted = spoken.some((instant) => instant >= at - 6 && instant <= at + 10);
    const value = pullBetween(pull, at, at + width) * (lifted ? SPOKEN_FACTOR : 1);
    if (value > best.value + 1e-12) best = { start, value };
  }
  let peak = best.start;
  for (let j = best.start; j < best.start + width; j++)
    if ((pull.weight[j] ?? 0) > (pull.weight[peak] ?? 0) + 1e-15) peak = j;
  const from = pull.from + best.start;
  return { from, to: from + width, peak: pull.from + peak + 0.5 };
}
