import type { MomentCue } from './moments-input.ts';
import { compareText, type SalesModel, type SaleUnit, SIDES, type Side } from './moments-model.ts';
import { falseDiscovery, poissonTail } from './moments-statistics.ts';

/** Where more was sold than this show usually sells: in a cue (MOM-5), or in a burst that no cue explains (MOM-6). Seconds. */
export interface Find {
  kind: 'cue' | 'burst';
  cue: MomentCue | null;
  sku: string;
  skus: string[];
  /** what was on air: the cue, or the burst's window; sales answer it later */
  from: number;
  to: number;
  /** the sale units that answered */
  units: SaleUnit[];
  expected: number;
  p: number;
  windowMs: number;
}

const LEAST_EXPECTED = 0.05;
const LEAST_EXCESS = 2.5;
const LEAST_LIFT = 1.8;
const BURST_WIDTHS_S = [50, 90, 140];
const BURST_LEAD_S = 2;
const BURST_APART_S = 20;
/** about how many independent looks a second of show allows */
const LOOK_S = 45;

interface Window {
  from: number;
  to: number;
}

interface TestedCue {
  cue: MomentCue;
  from: number;
  to: number;
  windows: Record<Side, Window>;
  units: SaleUnit[];
  expected: number;
  p: number;
}

/** @param seconds turns an instant into the model's seconds */
export function findSurges(
  model: SalesModel,
  cues: readonly MomentCue[],
  fdr: number,
  seconds: (at: number) => number,
): Find[] {
  const tested = cues.filter((cue) => cue.skus.length > 0).map((cue) => testCue(model, cue, cues, seconds));
  const likely = falseDiscovery(
    tested.map((test) => test.p),
    fdr,
  );
  const found = tested.filter(
    ({ units, expected }, index) =>
      likely[index] && units.length - expected >= LEAST_EXCESS && units.length / expected >= LEAST_LIFT,
  );
  const explained = new Set(found.flatMap((test) => test.units));
  return [
    ...found.map(cueFind),
    ...findBursts(
      model,
      model.units.filter((unit) => !explained.has(unit)),
    ),
  ];
}

function cueFind({ cue, from, to, windows, units, expected, p }: TestedCue): Find {
  const windowMs = Math.round(1000 * Math.max(...SIDES.map((side) => windows[side].to - windows[side].from)));
  return { kind: 'cue', cue, sku: cue.skus[0] ?? '', skus: cue.skus, from, to, units, expected, p, windowMs };
}

function testCue(
  model: SalesModel,
  cue: MomentCue,
  cues: readonly MomentCue[],
  seconds: (at: number) => number,
): TestedCue {
  const from = seconds(cue.from);
  const to = seconds(cue.to);
  const next = cues
    .filter((other) => other !== cue && other.from > cue.from && other.skus.some((sku) => cue.skus.includes(sku)))
    .reduce((soonest, other) => Math.min(soonest, seconds(other.from)), Infinity);
  const window = (side: Side): Window => {
    const delay = model.delay[side];
    const end = Math.min(to + delay + 90, next + delay + 10, model.end);
    return { from: from + 5, to: Math.max(from + 5, end) };
  };
  const windows = { on: window('on'), in: window('in') };
  const units = model.units.filter((unit) => cue.skus.includes(unit.sku) && holds(windows[unit.side], unit.t));
  let expected = 0;
  for (const sku of cue.skus)
    for (const side of SIDES) expected += model.expected(sku, side, windows[side].from, windows[side].to);
  expected = Math.max(LEAST_EXPECTED, expected);
  return { cue, from, to, windows, units, expected, p: poissonTail(expected, units.length) };
}

function holds(window: Window, t: number): boolean {
  return t >= window.from && t <= window.to;
}

function findBursts(model: SalesModel, units: readonly SaleUnit[]): Find[] {
  const finds: Find[] = [];
  for (const sku of model.skus) {
    const said = units.filter((unit) => unit.sku === sku).map((unit) => ({ unit, t: unit.t - model.shift[unit.side] }));
    said.sort((a, b) => a.t - b.t);
    const candidates = said.flatMap(({ t }, first) => {
      // Nothing earlier than `t − lead` belongs to a window, so one look forward finds its units.
      let start = first;
      while (start > 0 && (said[start - 1]?.t ?? 0) >= t - BURST_LEAD_S) start--;
      return BURST_WIDTHS_S.map((width) => burstIn(model, sku, said, start, t - BURST_LEAD_S, width));
    });
    const good = candidates.filter((find): find is Find => find !== null);
    good.sort((a, b) => a.p - b.p || a.from - b.from || a.to - b.to);
    const kept: Find[] = [];
    for (const find of good) {
      const clear = kept.every((other) => find.from > other.to + BURST_APART_S || find.to < other.from - BURST_APART_S);
      if (clear) kept.push(find);
    }
    finds.push(...kept);
  }
  return finds.sort((a, b) => a.from - b.from || compareText(a.sku, b.sku));
}

function burstIn(
  model: SalesModel,
  sku: string,
  said: readonly { unit: SaleUnit; t: number }[],
  start: number,
  from: number,
  width: number,
): Find | null {
  const to = from + width;
  const units: SaleUnit[] = [];
  for (let index = start; index < said.length; index++) {
    const one = said[index];
    if (!one || one.t > to) break;
    units.push(one.unit);
  }
  if (units.length < 3) return null;
  const usual = SIDES.reduce(
    (sum, side) => sum + model.expected(sku, side, from + model.shift[side], to + model.shift[side]),
    0,
  );
  const expected = Math.max(LEAST_EXPECTED, usual);
  const p = poissonTail(expected, units.length);
  const looks = Math.max(1, model.end / LOOK_S) * Math.max(1, model.skus.length);
  if (p * looks >= 0.05 || units.length - expected < LEAST_EXCESS) return null;
  return { kind: 'burst', cue: null, sku, skus: [sku], from, to, units, expected, p, windowMs: width * 1000 };
}
