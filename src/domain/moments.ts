import type { MomentInput, MomentPress, MomentSettings, Sha256 } from './moments-input.ts';
import { type Find, findSurges } from './moments-find.ts';
import { momentId } from './moments-id.ts';
import { compareText, type SalesModel, salesModel } from './moments-model.ts';
import type { Draft } from './moments-draft.ts';
import { type Attributed, attributedTo, reasonsOf, scoreMoments, type Terms } from './moments-score.ts';
import { flatPull, pullOf, spanOf } from './moments-span.ts';
import { type Iso, toIso } from './units.ts';

/**
 * Spans of a show worth reusing: what sold in a cue or burst, what ran out, what somebody pressed. Pure and
 * deterministic: the same ledger, samples and settings give the same bytes. Sales alone cannot place a cut: they choose
 * and rank; cues, ticks and marks place. What is counted is attributed, never said to be caused.
 */
export interface Moment {
  id: string;
  from: Iso;
  to: Iso;
  peakAt: Iso | null;
  sku: string | null;
  /** person ids */
  creators: string[];
  evidence: Evidence[];
  score: number;
  terms: Terms;
  attributed: Attributed;
  reasons: string[];
  /** ids of moments of the same sku that tell another half of it */
  related: string[];
}

export type Evidence =
  | { kind: 'cue'; cue: string; run: string; sold: number; expected: number; p: number; windowMs: number }
  | { kind: 'burst'; sold: number; expected: number; p: number; windowMs: number }
  | { kind: 'stock-out'; saleId: string; at: Iso }
  | { kind: 'mark'; momentId: string; by: string; at: Iso; note: string; uncertainMs: number };

export interface Found {
  moments: Moment[];
  /** same order as moments */
  drafts: Draft[];
  model: SalesModel;
}

const STOCK_OUT_BEFORE_S = 35;
const STOCK_OUT_AFTER_S = 10;
const MARK_BEFORE_S = 20;
const MARK_AFTER_S = 10;
const MARK_REACH_S = 5;
const MARKS_APART_S = 15;
const BURST_MARGIN_S = 25;
const RELATED_S = 180;

export function findMoments(input: MomentInput, settings: MomentSettings, sha256: Sha256): Found {
  const seconds = (at: number): number => (at - input.from) / 1000;
  const model = salesModel(input, settings);
  const anchors = input.marks.map((press) => ({
    press,
    anchor: seconds(press.at) - settings['moments.reactionMs'] / 1000,
  }));
  const drafts: Draft[] = findSurges(model, input.cues, settings['moments.fdr'], seconds).map((find) =>
    surge(find, model, anchors, seconds, sha256),
  );
  joinMarks(drafts, anchors, seconds, sha256);
  for (const { sku, saleId, at } of input.stockOuts) {
    const [from, to] = [seconds(at) - STOCK_OUT_BEFORE_S, seconds(at) + STOCK_OUT_AFTER_S];
    const id = momentId(`out:${sku}:${saleId}`, sha256);
    drafts.push({
      id,
      sku,
      from,
      to,
      peak: seconds(at),
      find: null,
      cue: null,
      pull: flatPull(from, to),
      marks: [],
      stockOut: { saleId, at: seconds(at) },
    });
  }
  drafts.sort((a, b) => a.from - b.from || a.to - b.to || compareText(a.id, b.id));

  const attributed = drafts.map((draft) => attributedTo(draft, model));
  const scores = scoreMoments(drafts, model);
  const moments = drafts.map((draft, index): Moment => {
    const { score, terms } = scores[index] ?? {
      score: 0,
      terms: { lift: 0, share: 0, significance: 0, marks: 0, stockOut: 0, viewers: 0 },
    };
    return {
      id: draft.id,
      from: isoAt(draft.from),
      to: isoAt(draft.to),
      peakAt: draft.peak === null ? null : isoAt(draft.peak),
      sku: draft.sku,
      creators: creatorsOf(draft, input),
      evidence: evidenceOf(draft),
      score,
      terms,
      attributed: attributed[index] ?? { sales: 0, units: 0, netMinor: 0, byChannel: {} },
      reasons: reasonsOf(draft, model, input),
      related: drafts.filter((other) => related(draft, other)).map((other) => other.id),
    };
  });
  return { moments, drafts, model };

  function isoAt(t: number): Iso {
    return toIso(Math.round(input.from + t * 1000));
  }
  function evidenceOf({ find, marks, stockOut }: Draft): Evidence[] {
    const evidence: Evidence[] = [];
    if (find) {
      const { units, expected, p, windowMs } = find;
      const counts = { sold: units.length, expected: rounded(expected), p, windowMs };
      evidence.push(
        find.cue ? { kind: 'cue', cue: find.cue.cue, run: find.cue.run, ...counts } : { kind: 'burst', ...counts },
      );
    }
    if (stockOut) evidence.push({ kind: 'stock-out', saleId: stockOut.saleId, at: isoAt(stockOut.at) });
    for (const { press } of marks) {
      evidence.push({
        kind: 'mark',
        momentId: press.id,
        by: press.by,
        at: toIso(press.at),
        note: press.note ?? '',
        uncertainMs: press.uncertaintyMs,
      });
    }
    return evidence;
  }
}

function surge(
  find: Find,
  model: SalesModel,
  anchors: readonly Anchor[],
  seconds: (at: number) => number,
  sha256: Sha256,
): Draft {
  const margin = find.kind === 'burst' ? BURST_MARGIN_S : 0;
  const from = Math.max(0, find.from - margin);
  const pull = pullOf(model, find.units, from, Math.min(find.to + margin, model.end));
  const ticks = find.cue?.ticks.map((tick) => seconds(tick.at)) ?? [];
  const pressed = anchors
    .filter(({ press }) => press.sku === null || find.skus.includes(press.sku))
    .map(({ anchor }) => anchor);
  const span = spanOf(pull, [...ticks, ...pressed]);
  const first = find.units[0]?.saleId ?? '';
  const id = momentId(find.cue ? `cue:${find.cue.run}` : `burst:${find.sku}:${first}`, sha256);
  return { id, sku: find.sku, ...span, find, cue: find.cue, pull, marks: [], stockOut: null };
}

type Anchor = { press: MomentPress; anchor: number };

/** MOM-8: a mark joins the sales moment it was pressed in, else a mark near by, else stands alone. None is dropped. */
function joinMarks(drafts: Draft[], anchors: readonly Anchor[], seconds: (at: number) => number, sha256: Sha256): void {
  const surges = [...drafts];
  const groups: Draft[] = [];
  for (const mark of [...anchors].sort((a, b) => a.anchor - b.anchor || compareText(a.press.id, b.press.id))) {
    const { press, anchor } = mark;
    const agrees = (draft: Draft): boolean =>
      press.sku === null ||
      draft.sku === null ||
      draft.sku === press.sku ||
      (draft.find?.skus.includes(press.sku) ?? false);
    const home = surges
      .filter((draft) => agrees(draft) && anchor >= draft.from - MARK_REACH_S && anchor <= draft.to + MARK_REACH_S)
      .sort((a, b) => distance(a, anchor) - distance(b, anchor))[0];
    if (home) {
      home.marks.push(mark);
      continue;
    }
    const pressedAt = seconds(press.at);
    const [from, to] = [pressedAt - MARK_BEFORE_S, pressedAt + MARK_AFTER_S];
    const group = groups.find(
      (draft) => agrees(draft) && draft.marks.some((other) => Math.abs(other.anchor - anchor) <= MARKS_APART_S),
    );
    if (group) {
      group.marks.push(mark);
      group.sku ??= press.sku;
      group.to = Math.max(group.to, to);
      group.pull = flatPull(group.from, group.to);
      continue;
    }
    const id = momentId(`mark:${press.id}`, sha256);
    groups.push({
      id,
      sku: press.sku,
      from,
      to,
      peak: anchor,
      find: null,
      cue: null,
      pull: flatPull(from, to),
      marks: [mark],
      stockOut: null,
    });
  }
  drafts.push(...groups);
}

function distance(draft: Draft, t: number): number {
  return Math.abs((draft.peak ?? (draft.from + draft.to) / 2) - t);
}

/** A sales moment and a stock-out of one sku stay two moments that name each other (MOM-11). */
function related(one: Draft, other: Draft): boolean {
  if (one === other || one.sku === null || one.sku !== other.sku) return false;
  if ((one.find === null) === (other.find === null) || (one.stockOut === null) === (other.stockOut === null))
    return false;
  return one.from - other.to <= RELATED_S && other.from - one.to <= RELATED_S;
}

function creatorsOf(draft: Draft, input: MomentInput): string[] {
  const owners = draft.cue?.owners ?? [];
  if (owners.length > 0) return [...owners];
  const pressed = [...new Set(draft.marks.map(({ press }) => press.by))].filter((by) => input.people.has(by));
  if (pressed.length > 0) return pressed;
  const middle = input.from + ((draft.from + draft.to) / 2) * 1000;
  return input.cues.find((cue) => cue.from <= middle && middle <= cue.to)?.owners ?? [];
}

/** Six significant places: enough for a person and a script, the same on every machine. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
