import { clipName } from './clip-names.ts';
import { type ClipPart, cutClip } from './clips-cut.ts';
import { planClips, type PlannedClip, type Purpose, PURPOSES } from './clips-plan.ts';
import type { Segment } from './media-time.ts';
import type { MomentInput, MomentSettings } from './moments-input.ts';
import { compareText } from './moments-model.ts';
import type { Found, Moment } from './moments.ts';
import { type Duration, fromIso, type Instant, type Iso, toIso } from './units.ts';

export type { ClipPart } from './clips-cut.ts';
export type { Purpose } from './clips-plan.ts';

/** A moment mapped to recording files (closing spec, section 4). Handles are never part of in and out. */
export interface Clip {
  id: string;
  momentId: string;
  /** 1 is best */
  rank: number;
  purpose: Purpose;
  /** file-safe */
  name: string;
  /** for people */
  title: string;
  sku: string | null;
  creators: string[];
  from: Iso;
  to: Iso;
  score: number;
  reasons: string[];
  keep: boolean;
  edited: boolean;
  parts: ClipPart[];
  handleInMs: Duration;
  handleOutMs: Duration;
  crop: { aspect: '9:16' | '1:1'; x: number } | null;
  stills: string[];
}

export interface DroppedClip {
  clip: string;
  moment: string;
  purpose: Purpose;
  why: 'merged' | 'cap' | 'by-hand' | 'no-media';
  mergedInto?: string;
}

const HANDLE_IN_MS = 2000;
const HANDLE_OUT_MS = 1500;
const MOST_PER_SKU = 3;
const MOST_PER_SHOW = 20;

interface Candidate {
  id: string;
  plan: PlannedClip;
  moment: Moment;
  from: Instant;
  to: Instant;
  parts: ClipPart[];
  reasons: string[];
}

/** @param segments of every recording; none: no clips, and the caller says why */
export function makeClips(
  found: Found,
  segments: readonly Segment[],
  input: MomentInput,
  settings: MomentSettings,
): { clips: Clip[]; dropped: DroppedClip[] } {
  if (segments.length === 0) return { clips: [], dropped: [] };
  const dropped: DroppedClip[] = [];
  const candidates: Candidate[] = [];
  found.drafts.forEach((draft, index) => {
    const moment = found.moments[index];
    if (!moment) return;
    for (const plan of planClips(draft, input, settings)) {
      const id = `${moment.id}-${plan.purpose}${plan.still === null ? '' : `-${plan.still}`}`;
      const cut = cutClip(plan, segments, input.from);
      if (cut) candidates.push({ id, plan, moment, ...cut, reasons: moment.reasons });
      else dropped.push({ clip: id, moment: moment.id, purpose: plan.purpose, why: 'no-media' });
    }
  });
  candidates.sort(byRank);
  const kept = capped(merged(candidates, dropped), dropped);
  return {
    clips: kept.map((candidate, index) => clipOf(candidate, index + 1, input)),
    dropped: dropped.sort((a, b) => compareText(a.clip, b.clip)),
  };
}

function byRank(a: Candidate, b: Candidate): number {
  const purpose = PURPOSES.indexOf(a.plan.purpose) - PURPOSES.indexOf(b.plan.purpose);
  return b.moment.score - a.moment.score || a.from - b.from || purpose || compareText(a.id, b.id);
}

/** CLP-4: of two that show nearly the same, the better stays and takes over what the other was kept for. */
function merged(ranked: readonly Candidate[], dropped: DroppedClip[]): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of ranked) {
    const twin = kept.find(
      (other) =>
        other.moment.sku === candidate.moment.sku &&
        other.plan.purpose === candidate.plan.purpose &&
        same(other, candidate),
    );
    if (!twin) {
      kept.push(candidate);
      continue;
    }
    twin.reasons = [...new Set([...twin.reasons, ...candidate.reasons])].slice(0, 6);
    dropped.push({
      clip: candidate.id,
      moment: candidate.moment.id,
      purpose: candidate.plan.purpose,
      why: 'merged',
      mergedInto: twin.id,
    });
  }
  return kept;
}

function same(a: Candidate, b: Candidate): boolean {
  if (a.from === a.to || b.from === b.to) return Math.abs(a.from - b.from) < 1000;
  const shared = Math.min(a.to, b.to) - Math.max(a.from, b.from);
  if (shared <= 0) return false;
  const whole = Math.max(a.to, b.to) - Math.min(a.from, b.from);
  return shared / whole > 0.5 || shared / Math.min(a.to - a.from, b.to - b.from) >= 0.8;
}

/** Caps a purpose: 3 a sku, 20 a show. What somebody marked or what ran out is exempt. */
function capped(ranked: readonly Candidate[], dropped: DroppedClip[]): Candidate[] {
  const counts = new Map<string, number>();
  return ranked.filter((candidate) => {
    const { purpose } = candidate.plan;
    if (candidate.plan.draft.marks.length > 0 || candidate.plan.draft.stockOut) return true;
    const keys = [purpose, `${purpose} ${candidate.moment.sku ?? ''}`] as const;
    const [show, sku] = [counts.get(keys[0]) ?? 0, counts.get(keys[1]) ?? 0];
    if (show >= MOST_PER_SHOW || sku >= MOST_PER_SKU) {
      dropped.push({ clip: candidate.id, moment: candidate.moment.id, purpose, why: 'cap' });
      return false;
    }
    counts.set(keys[0], show + 1);
    counts.set(keys[1], sku + 1);
    return true;
  });
}

function clipOf({ id, plan, moment, from, to, parts, reasons }: Candidate, rank: number, input: MomentInput): Clip {
  const creator = moment.creators[0];
  const creatorName = creator === undefined ? null : (input.people.get(creator) ?? creator);
  const still = plan.still === null ? '' : ` ${plan.still}`;
  const product = moment.sku === null ? 'Moment' : (input.skuNames.get(moment.sku) ?? moment.sku);
  return {
    id,
    momentId: moment.id,
    rank,
    purpose: plan.purpose,
    name: clipName(rank, moment.sku, plan.purpose, creatorName),
    title: `${product}: ${plan.purpose}${still}${creatorName === null ? '' : ` with ${creatorName}`}`,
    sku: moment.sku,
    creators: moment.creators,
    from: toIso(Math.round(from)),
    to: toIso(Math.round(to)),
    score: moment.score,
    reasons,
    keep: true,
    edited: false,
    parts,
    handleInMs: plan.purpose === 'thumbnail' ? 0 : HANDLE_IN_MS,
    handleOutMs: plan.purpose === 'thumbnail' ? 0 : HANDLE_OUT_MS,
    crop: null,
    stills: [],
  };
}

/** The whole length of a clip's parts, in media time. */
export function clipLength(clip: Clip): Duration {
  return clip.parts.length > 0
    ? clip.parts.reduce((sum, part) => sum + part.outMs - part.inMs, 0)
    : fromIso(clip.to) - fromIso(clip.from);
}
