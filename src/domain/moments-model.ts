import type { MomentCue, MomentInput, MomentSettings } from './moments-input.ts';
import type { Minor } from './units.ts';
import type { Channel } from './words.ts';

/**
 * How a quiet minute of this show sells: sale units, answer delay, exposure and base rate (MOM-1 … MOM-4).
 * Times are seconds from the opening. `on` is everything sold over a screen, `in` over the counter.
 */
export type Side = 'on' | 'in';
export const SIDES: readonly Side[] = ['on', 'in'];

/** One sale of one sku, whatever the quantity: a bulk order is one buyer. */
export interface SaleUnit {
  saleId: string;
  sku: string;
  side: Side;
  channel: Channel;
  t: number;
  units: number;
  netMinor: Minor;
}

/** Used when the setting is not known; a typical low-latency player. */
const USUAL_DELAY_S = 13;
const MEDIAN_S: Record<Side, number> = { on: 25, in: 45 };
const SIGMA = 0.6;
const KERNEL_END_S = 180;
const BIN_S = 60;
const PRIOR_WEIGHT = 1.5;
const PLAIN_GAP_S = 60;

export interface SalesModel {
  /** length of the show */
  end: number;
  units: SaleUnit[];
  skus: string[];
  /** L: seconds from the word being said to the buyer hearing it */
  delay: Record<Side, number>;
  /** L plus most of the time a buyer takes */
  shift: Record<Side, number>;
  /** density of a buyer's answer `seconds` after the word */
  kernel(side: Side, seconds: number): number;
  /** viewers at a moment, 1 when nobody counted */
  viewersAt(t: number): number | null;
  /** sale units expected of a sku on one side between two instants */
  expected(sku: string, side: Side, from: number, to: number): number;
  /** expected sale units per second */
  rateAt(sku: string, side: Side, t: number): number;
}

export function salesModel(input: MomentInput, settings: MomentSettings): SalesModel {
  const seconds = (at: number): number => (at - input.from) / 1000;
  const end = Math.max(0, seconds(input.to));
  const delayMs = settings['stream.delayMs'];
  const delay = { on: delayMs === null ? USUAL_DELAY_S : delayMs / 1000, in: 0 };
  const units = saleUnits(input).filter((unit) => unit.t >= 0 && unit.t <= end + KERNEL_END_S);
  const skus = [...new Set([...units.map((unit) => unit.sku), ...input.cues.flatMap((cue) => cue.skus)])].sort();
  const audience = audienceOf(input.viewers.map(({ at, count }) => ({ t: seconds(at), count })));
  const soldOut = soldOutFor(input, units);

  const exposure = (sku: string, side: Side, from: number, to: number): number => {
    const a = Math.max(0, from);
    const b = Math.min(to, soldOut.get(sku) ?? Infinity);
    if (b <= a) return 0;
    return side === 'on' && audience ? audience.between(a, b) : b - a;
  };
  const rates = baseRates({ units, skus, cues: input.cues, end, delay, exposure, seconds });
  const rate = (sku: string, side: Side): number => rates.get(`${side} ${sku}`) ?? 0;
  return {
    end,
    units,
    skus,
    delay,
    shift: { on: delay.on + 0.9 * MEDIAN_S.on, in: delay.in + 0.9 * MEDIAN_S.in },
    kernel: answerDensity,
    viewersAt: (t) => audience?.at(t) ?? null,
    expected: (sku, side, from, to) => rate(sku, side) * exposure(sku, side, from, to),
    rateAt: (sku, side, t) => rate(sku, side) * (side === 'on' ? (audience?.at(t) ?? 1) : 1),
  };
}

function saleUnits(input: MomentInput): SaleUnit[] {
  const units: SaleUnit[] = [];
  for (const sale of input.sales) {
    const bySku = new Map<string, SaleUnit>();
    for (const line of sale.lines) {
      const unit = bySku.get(line.sku);
      if (unit) {
        unit.units += line.quantity;
        unit.netMinor += line.netMinor;
        continue;
      }
      bySku.set(line.sku, {
        saleId: sale.id,
        sku: line.sku,
        side: sale.channel === 'in-person' ? 'in' : 'on',
        channel: sale.channel,
        t: (sale.at - input.from) / 1000,
        units: line.quantity,
        netMinor: line.netMinor,
      });
    }
    units.push(...bySku.values());
  }
  return units.sort((a, b) => a.t - b.t || compareText(a.saleId, b.saleId) || compareText(a.sku, b.sku));
}

/** Code-unit order: the same on every machine, whatever its language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A sku that ran out for good has no exposure afterwards; one that came back (refund, fresh stock) keeps it. */
function soldOutFor(input: MomentInput, units: readonly SaleUnit[]): Map<string, number> {
  const out = new Map<string, number>();
  for (const { sku, at } of input.stockOuts) out.set(sku, (at - input.from) / 1000);
  for (const unit of units) if (unit.t > (out.get(unit.sku) ?? Infinity)) out.delete(unit.sku);
  return out;
}

function answerDensity(side: Side, seconds: number): number {
  if (seconds <= 0 || seconds > KERNEL_END_S) return 0;
  const z = Math.log(seconds / MEDIAN_S[side]) / SIGMA;
  return Math.exp(-0.5 * z * z) / (seconds * SIGMA * Math.sqrt(2 * Math.PI));
}

interface Audience {
  at(t: number): number;
  between(from: number, to: number): number;
}

/** Viewers over time: straight lines between near samples, the mean of its ends over a longer gap. */
function audienceOf(samples: { t: number; count: number }[]): Audience | null {
  const points = [...samples]
    .sort((a, b) => a.t - b.t)
    .filter((point, index, all) => index === 0 || point.t > (all[index - 1]?.t ?? 0));
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return null;
  const total = [0];
  for (let index = 1; index < points.length; index++) {
    const [a, b] = [points[index - 1] ?? first, points[index] ?? last];
    total.push((total[index - 1] ?? 0) + ((a.count + b.count) / 2) * (b.t - a.t));
  }
  const before = (t: number): number => {
    let low = 0;
    let high = points.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((points[middle]?.t ?? 0) <= t) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const at = (t: number): number => {
    if (t <= first.t) return first.count;
    if (t >= last.t) return last.count;
    const index = before(t);
    const [a, b] = [points[index] ?? first, points[index + 1] ?? last];
    if (b.t - a.t > PLAIN_GAP_S) return (a.count + b.count) / 2;
    return a.count + ((b.count - a.count) * (t - a.t)) / (b.t - a.t);
  };
  const upTo = (t: number): number => {
    if (t <= first.t) return first.count * (t - first.t);
    if (t >= last.t) return (total.at(-1) ?? 0) + last.count * (t - last.t);
    const index = before(t);
    const [a, b] = [points[index] ?? first, points[index + 1] ?? last];
    const start = b.t - a.t > PLAIN_GAP_S ? (a.count + b.count) / 2 : a.count;
    return (total[index] ?? 0) + ((start + at(t)) / 2) * (t - a.t);
  };
  return { at, between: (from, to) => upTo(to) - upTo(from) };
}

interface RateQuestion {
  units: readonly SaleUnit[];
  skus: readonly string[];
  cues: readonly MomentCue[];
  end: number;
  delay: Record<Side, number>;
  exposure(sku: string, side: Side, from: number, to: number): number;
  seconds(at: number): number;
}

/** MOM-4. @returns `side sku` → sale units per unit of exposure outside the sku's own cues */
function baseRates(ask: RateQuestion): Map<string, number> {
  const rates = new Map<string, number>();
  for (const side of SIDES) {
    const damped = ask.skus.map((sku) => dampedRate(binsOf(ask, sku, side)));
    const sold = damped.reduce((sum, { rate, exposure }) => sum + rate * exposure, 0);
    const seen = damped.reduce((sum, { exposure }) => sum + exposure, 0);
    const pool = seen > 0 ? (sold + 0.5) / seen : 0.5 / Math.max(1, ask.end);
    ask.skus.forEach((sku, index) => {
      const { rate, exposure } = damped[index] ?? { rate: 0, exposure: 0 };
      rates.set(`${side} ${sku}`, (rate * exposure + PRIOR_WEIGHT) / (exposure + PRIOR_WEIGHT / pool));
    });
  }
  return rates;
}

interface Bin {
  sold: number;
  exposure: number;
}

function binsOf(ask: RateQuestion, sku: string, side: Side): Bin[] {
  const excited = ask.cues
    .filter((cue) => cue.skus.includes(sku))
    .map((cue) => ({ from: ask.seconds(cue.from) + 5, to: ask.seconds(cue.to) + ask.delay[side] + 150 }));
  const sold = new Array<number>(Math.ceil(ask.end / BIN_S)).fill(0);
  for (const unit of ask.units) {
    const bin = Math.floor(unit.t / BIN_S);
    if (unit.sku === sku && unit.side === side && unit.t < ask.end) sold[bin] = (sold[bin] ?? 0) + 1;
  }
  const bins: Bin[] = [];
  sold.forEach((count, index) => {
    const from = index * BIN_S;
    const to = Math.min(ask.end, from + BIN_S);
    if (excited.some((window) => window.from < to && window.to > from)) return;
    bins.push({ sold: count, exposure: ask.exposure(sku, side, from, to) });
  });
  return bins;
}

/** A burst is damped, not dropped: dropping the fullest bins would empty slow skus and invite false finds. */
function dampedRate(bins: readonly Bin[]): { rate: number; exposure: number } {
  const exposure = bins.reduce((sum, bin) => sum + bin.exposure, 0);
  if (exposure <= 0) return { rate: 0, exposure: 0 };
  let rate = bins.reduce((sum, bin) => sum + bin.sold, 0) / exposure;
  for (let round = 0; round < 3; round++) {
    const counted = bins.reduce((sum, bin) => {
      const usual = rate * bin.exposure;
      return sum + Math.min(bin.sold, usual + Math.max(1, 2 * Math.sqrt(usual)));
    }, 0);
    rate = counted / exposure;
  }
  return { rate, exposure };
}
