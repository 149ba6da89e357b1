import type { PlannedClip } from './clips-plan.ts';
import { frameAt, frameMs, mediaTime, segmentEnd, type Segment } from './media-time.ts';
import { pullBetween } from './moments-span.ts';
import type { Duration, Instant } from './units.ts';

export interface ClipPart {
  recording: string;
  inMs: Duration;
  outMs: Duration;
  inFrame: number;
  outFrame: number;
  /** the largest distance of the truth from these times */
  boundMs: Duration;
  flags: string[];
}

export interface CutClip {
  from: Instant;
  to: Instant;
  parts: ClipPart[];
}

/** A stretch of wall time that one file holds without a pause. */
interface Stretch {
  from: Instant;
  to: Instant;
  run: string;
  segments: Segment[];
}

/**
 * Where a planned clip lies in the recordings (CLP-1, CLP-3): never over a pause, in one part a file.
 *
 * @param origin wall time of the planned clip's second 0
 * @returns null when no recording holds any of it
 */
export function cutClip(plan: PlannedClip, segments: readonly Segment[], origin: Instant): CutClip | null {
  const [from, to] = [origin + plan.from * 1000, origin + plan.to * 1000];
  const stretch = bestStretch(plan, stretchesOf(segments), origin);
  if (!stretch) return null;
  const least = plan.leastS * 1000;
  const end = Math.min(to, stretch.to);
  let start = Math.min(Math.max(from, stretch.from), end);
  if (end - start < least) start = Math.max(stretch.from, end - least);
  const later = Math.min(stretch.to, Math.max(end, start + Math.min(least, to - from)));
  const flags = later - start < least ? ['short'] : [];
  const parts = stretch.segments.map((segment) => partOf(segment, start, later, flags)).filter((part) => part !== null);
  return parts.length > 0 ? { from: start, to: later, parts } : null;
}

/** Runs are cut up by their pauses; files of one run join seamlessly, so a stretch may hold several. */
function stretchesOf(segments: readonly Segment[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const run of new Set(segments.map((segment) => segment.run))) {
    const files = segments.filter((segment) => segment.run === run && segment.durationMs > 0);
    const [first, last] = [files[0], files.at(-1)];
    if (!first || !last) continue;
    const pauses = [...new Map(files.flatMap(({ pauses: all }) => all).map((pause) => [pause.from, pause])).values()];
    let from = first.zeroAt;
    const end = segmentEnd(last);
    for (const pause of pauses.sort((a, b) => a.from - b.from)) {
      if (pause.from > from) stretches.push({ from, to: pause.from, run, segments: files });
      from = Math.max(from, pause.to);
    }
    if (end > from) stretches.push({ from, to: end, run, segments: files });
  }
  return stretches;
}

/** The stretch that holds most of what the buyers answered to; by length when that says nothing. */
function bestStretch(plan: PlannedClip, stretches: readonly Stretch[], origin: Instant): Stretch | null {
  let best: { stretch: Stretch; pull: number; length: number } | null = null;
  for (const stretch of stretches) {
    const from = Math.max(plan.from, (stretch.from - origin) / 1000);
    const to = Math.min(plan.to, (stretch.to - origin) / 1000);
    if (to < from || (to === from && plan.to > plan.from)) continue;
    const pull = pullBetween(plan.draft.pull, from, to);
    const length = to - from;
    if (!best || pull > best.pull || (pull === best.pull && length > best.length)) best = { stretch, pull, length };
  }
  return best?.stretch ?? null;
}

function partOf(segment: Segment, from: Instant, to: Instant, flags: readonly string[]): ClipPart | null {
  const [start, end] = [segment.zeroAt, segmentEnd(segment)];
  const still = from === to;
  if (still ? from < start || from > end : to <= start || from >= end) return null;
  const [first, last] = [mediaTime(segment, Math.max(from, start)), mediaTime(segment, Math.min(to, end))];
  if (!first || !last) return null;
  const longest = Math.max(0, Math.floor((segment.durationMs * segment.fps.num) / segment.fps.den / 1000));
  const inFrame = Math.min(frameAt(first.ms, segment.fps), longest);
  const outFrame = Math.min(Math.max(frameAt(last.ms, segment.fps), inFrame), longest);
  if (!still && outFrame === inFrame) return null;
  return {
    recording: segment.id,
    inMs: frameMs(inFrame, segment.fps),
    outMs: frameMs(outFrame, segment.fps),
    inFrame,
    outFrame,
    boundMs: Math.max(Math.abs(segment.loMs), Math.abs(segment.hiMs)),
    flags: [...flags, ...(segment.state === 'final' ? [] : [segment.state]), ...segment.flags],
  };
}
