import { type HealthSample, asNumber, asRecord } from './sample.ts';

/** Every third newest segment, fetched whole: does it come faster than it plays (STR-41)? */
export interface SegmentSide {
  /** download time by play time of the newest three, oldest first */
  ratios: number[];
  extinfMs: number | null;
  /** largest distance of random access points, ms; shown: a setting, which the audit judges */
  keyframeMs: number | null;
  lastMs: number | null;
}

export function initialSegments(): SegmentSide {
  return { ratios: [], extinfMs: null, keyframeMs: null, lastMs: null };
}

const FETCHES = 3;
/** STR-4: after so long a fetch is given up, so it took at least that. */
const DEADLINE_MS = 3000;

export function observeSegment(segments: SegmentSide, sample: HealthSample): void {
  const data = asRecord(sample.data);
  segments.lastMs = sample.ms;
  const failed = sample.error !== undefined;
  const tookMs = failed ? DEADLINE_MS : (asNumber(data?.['tookMs']) ?? sample.tookMs ?? null);
  const extinf = asNumber(data?.['extinf']);
  if (extinf !== null && extinf > 0) segments.extinfMs = extinf * 1000;
  if (!failed) segments.keyframeMs = asNumber(data?.['keyframeMs']);
  if (tookMs === null || segments.extinfMs === null) return;
  segments.ratios.push(tookMs / segments.extinfMs);
  if (segments.ratios.length > FETCHES) segments.ratios.shift();
}

/** @returns the least of the newest three: what all of them were above; null with fewer */
export function leastRatio({ ratios }: SegmentSide): number | null {
  return ratios.length < FETCHES ? null : Math.min(...ratios);
}
