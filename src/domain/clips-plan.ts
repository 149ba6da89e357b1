import type { Draft } from './moments-draft.ts';
import type { MomentInput, MomentSettings } from './moments-input.ts';
import { pullBetween } from './moments-span.ts';

export type Purpose = 'micro-ad' | 'product' | 'thumbnail' | 'landing' | 'highlight';
export const PURPOSES: readonly Purpose[] = ['micro-ad', 'product', 'thumbnail', 'landing', 'highlight'];

/** What a moment would like to be cut as, on the show's clock (seconds from the opening), before any file is looked at. */
export interface PlannedClip {
  draft: Draft;
  purpose: Purpose;
  /** thumbnails: 1 to 3 */
  still: number | null;
  from: number;
  to: number;
  /** below this a clip is flagged short */
  leastS: number;
}

const MICRO_AD_LEAST_S = 6;
const MICRO_AD_MOST_S = 15;
const MICRO_AD_REACH_S = 15;
const PRODUCT_LEAST_S = 30;
const PRODUCT_LEAD_S = 1.5;
const PRODUCT_FREE_S = 45;
/** A later start must hold this much more than the cue's own start to be worth leaving it. */
const LATER_FACTOR = 1.1;
const STILLS_APART_S = 1;
const EDGE_REACH_S = 2;
const SCENE_REACH_S = 3;

export function planClips(draft: Draft, input: MomentInput, settings: MomentSettings): PlannedClip[] {
  if (draft.sku === null)
    return [
      { draft, purpose: 'highlight', still: null, from: draft.from, to: draft.to, leastS: 0 },
      ...stills(draft, input),
    ];
  return [microAd(draft, input, settings), product(draft, input, settings), ...stills(draft, input)];
}

function seconds(input: MomentInput, at: number): number {
  return (at - input.from) / 1000;
}

function ticksOf(draft: Draft, input: MomentInput): number[] {
  return draft.cue?.ticks.map(({ at }) => seconds(input, at)) ?? [];
}

function microAd(draft: Draft, input: MomentInput, settings: MomentSettings): PlannedClip {
  const length = Math.min(MICRO_AD_MOST_S, Math.max(MICRO_AD_LEAST_S, settings['clips.microAdMs'] / 1000));
  const latest = (draft.peak ?? (draft.from + draft.to) / 2) - 2;
  const spoken = [...ticksOf(draft, input), ...draft.marks.map(({ anchor }) => anchor)];
  const placed = spoken.filter((t) => t >= draft.from - MICRO_AD_REACH_S && t <= latest);
  const from = placed.length > 0 ? Math.max(...placed) : snapped((draft.from + draft.to) / 2 - 6, input);
  return { draft, purpose: 'micro-ad', still: null, from, to: from + length, leastS: MICRO_AD_LEAST_S };
}

function product(draft: Draft, input: MomentInput, settings: MomentSettings): PlannedClip {
  const most = settings['clips.productMs'] / 1000;
  if (!draft.cue) {
    const from = snapped((draft.from + draft.to) / 2 - PRODUCT_FREE_S / 2, input);
    return { draft, purpose: 'product', still: null, from, to: from + PRODUCT_FREE_S, leastS: PRODUCT_LEAST_S };
  }
  const [start, end] = [seconds(input, draft.cue.from), seconds(input, draft.cue.to)];
  const held = (from: number): number => pullBetween(draft.pull, from, from + most);
  const cueStart = start - PRODUCT_LEAD_S;
  const later = [...ticksOf(draft, input).map((t) => t - PRODUCT_LEAD_S), draft.from - 10].filter((t) => t > cueStart);
  let from = cueStart;
  for (const candidate of later.sort((a, b) => a - b)) {
    const bar = from === cueStart ? held(cueStart) * LATER_FACTOR : held(from);
    if (held(candidate) >= bar && held(candidate) > held(from)) from = candidate;
  }
  const to = Math.max(from + PRODUCT_LEAST_S, Math.min(end + PRODUCT_LEAD_S, from + most));
  return { draft, purpose: 'product', still: null, from, to, leastS: PRODUCT_LEAST_S };
}

function stills(draft: Draft, input: MomentInput): PlannedClip[] {
  const ticks = ticksOf(draft, input);
  const wished = [draft.marks[0]?.anchor ?? ticks[0], draft.peak, draft.cue ? seconds(input, draft.cue.to) - 2 : null];
  const times: number[] = [];
  for (const t of wished) {
    if (typeof t === 'number' && times.every((other) => Math.abs(other - t) >= STILLS_APART_S)) times.push(t);
  }
  return times.map((t, index) => ({ draft, purpose: 'thumbnail', still: index + 1, from: t, to: t, leastS: 0 }));
}

/**
 * CLP-1, for an in point that only sales have placed: onto a cue's edge, else a tick, else a scene switch within reach.
 * One that a cue or a tick has placed already stays where it was said.
 */
function snapped(t: number, input: MomentInput): number {
  const edges = input.cues.flatMap((cue) => [seconds(input, cue.from), seconds(input, cue.to)]);
  const ticks = input.cues.flatMap((cue) => cue.ticks.map(({ at }) => seconds(input, at)));
  const scenes = input.scenes.map((at) => seconds(input, at));
  return nearest(edges, t, EDGE_REACH_S) ?? nearest(ticks, t, EDGE_REACH_S) ?? nearest(scenes, t, SCENE_REACH_S) ?? t;
}

function nearest(places: readonly number[], t: number, reach: number): number | null {
  let best: number | null = null;
  for (const place of places) {
    if (Math.abs(place - t) <= reach && (best === null || Math.abs(place - t) < Math.abs(best - t))) best = place;
  }
  return best;
}
