import type { Duration, Instant } from './units.ts';

/**
 * Wall clock → media time (closing spec, section 2): `media(t) = t − zero − Σ pauses before t`. Where zero lies is
 * estimated by every method that applies; each states how far the truth may lie from it, and the tightest wins.
 */
export type ZeroMethod = 'A' | 'B' | 'C' | 'D' | 'E' | 'F';

export interface Rate {
  num: number;
  den: number;
}

/** One recording as the ledger and the samples tell it. */
export interface RecordingRun {
  run: string;
  /** OBS said STARTED */
  noticedAt: Instant;
  encoder: 'own' | 'shared' | 'unknown';
  fps: Rate;
  width: number;
  height: number;
  pauses: { from: Instant; to: Instant }[];
  /** null: still running */
  stop: { at: Instant; asked: boolean } | null;
  /** the connection was lost and never came back before the end: last thing known of it */
  lostAt: Instant | null;
  /** in order: the first file, then one for each split */
  files: RunFile[];
  /** OBS's own clock of the run, for method E */
  samples: { at: Instant; outputMs: Duration }[];
}

export interface RunFile {
  path: string;
  /** wall time of its first frame as OBS told it; the run's start for the first */
  from: Instant;
  /** what the file says of itself; null: not reachable */
  probe: { videoFrames: number | null; durationMs: Duration } | null;
}

/** `loMs` and `hiMs` bound (truth − stated). */
export interface ZeroEstimate {
  method: ZeroMethod;
  zeroAt: Instant;
  loMs: number;
  hiMs: number;
}

/** One file with its place in time. */
export interface Segment {
  id: string;
  run: string;
  index: number;
  path: string;
  state: 'final' | 'open' | 'recovered' | 'unreachable';
  zeroAt: Instant;
  loMs: number;
  hiMs: number;
  method: ZeroMethod;
  flags: string[];
  estimates: ZeroEstimate[];
  fps: Rate;
  width: number;
  height: number;
  videoFrames: number | null;
  durationMs: Duration;
  pauses: { from: Instant; to: Instant }[];
}

/** Middle of the time OBS takes to show an outside stop (its STOPPING), when nobody measured the round trip. */
const ROUND_TRIP_MS = 20;
/** What OBS's own clock lags when this profile has never been measured, and how wrong that may be. */
const OUTPUT_LAG_MS = { own: 150, shared: 600, unknown: 600 };
const OUTPUT_LAG_BOUND_MS = 600;
const NAME_TIME_BOUND_MS = 1500;
const DISAGREE_MS = 300;
const OUTSIDE_MS = 60_000;

/** @returns one segment a file of the run, in order; times of later files follow seamlessly from the first (MAP-2) */
export function segmentsOf(run: RecordingRun): Segment[] {
  const estimates = zeroEstimates(run);
  const { best, flags } = bestZero(estimates);
  const segments: Segment[] = [];
  let zeroAt = best.zeroAt;
  const end = run.stop?.at ?? run.lostAt ?? run.samples.at(-1)?.at ?? run.files.at(-1)?.from ?? zeroAt;
  run.files.forEach((file, index) => {
    const pauses = run.pauses.filter((pause) => pause.to > zeroAt);
    const following = run.files[index + 1];
    const durationMs = file.probe
      ? lengthOf(file.probe, run.fps)
      : Math.max(0, (following?.from ?? end) - zeroAt - pausedWithin(pauses, zeroAt, following?.from ?? end));
    const until = wallAfter(zeroAt, durationMs, pauses);
    segments.push({
      id: `${run.run}-${index + 1}`,
      run: run.run,
      index,
      path: file.path,
      state:
        run.stop === null && run.lostAt === null
          ? 'open'
          : run.stop === null
            ? 'recovered'
            : file.probe
              ? 'final'
              : 'unreachable',
      zeroAt,
      loMs: best.loMs,
      hiMs: best.hiMs,
      method: best.method,
      flags,
      estimates: index === 0 ? estimates : [],
      fps: run.fps,
      width: run.width,
      height: run.height,
      videoFrames: file.probe?.videoFrames ?? null,
      durationMs,
      pauses: pauses.filter((pause) => pause.from < until),
    });
    zeroAt = until;
  });
  return segments;
}

/** All methods that apply, best bound first; ties in the order of the alphabet (MAP-1). */
function zeroEstimates(run: RecordingRun): ZeroEstimate[] {
  const estimates: ZeroEstimate[] = [];
  const frameMs = (1000 * run.fps.den) / run.fps.num;
  const frames = run.files.map((file) => file.probe?.videoFrames ?? null);
  const paused = run.pauses.reduce((sum, pause) => sum + pause.to - pause.from, 0);
  if (run.stop && frames.length > 0 && frames.every((count) => count !== null)) {
    const all = frames.reduce<number>((sum, count) => sum + (count ?? 0), 0);
    const bound = frameMs + ROUND_TRIP_MS / 2;
    const zeroAt = run.stop.at - (all - 0.5) * frameMs - paused;
    estimates.push(
      run.stop.asked
        ? { method: 'C', zeroAt, loMs: -bound, hiMs: bound }
        : { method: 'C', zeroAt, loMs: -(50 + ROUND_TRIP_MS), hiMs: 10 },
    );
  }
  const byOutput = outputZero(run);
  const started: ZeroEstimate = { method: 'D', zeroAt: run.noticedAt - frameMs / 2, loMs: -150, hiMs: 50 };
  const apart = byOutput !== null && Math.abs(started.zeroAt - byOutput.zeroAt) > DISAGREE_MS;
  if (run.encoder === 'own' && !apart) estimates.push(started);
  if (byOutput) estimates.push(byOutput);
  if (estimates.length === 0)
    estimates.push({ method: 'F', zeroAt: run.noticedAt, loMs: -NAME_TIME_BOUND_MS, hiMs: NAME_TIME_BOUND_MS });
  const width = (estimate: ZeroEstimate): number => estimate.hiMs - estimate.loMs;
  return estimates.map(roundedEstimate).sort((a, b) => width(a) - width(b) || (a.method < b.method ? -1 : 1));
}

/** Method E: the least lag that any sample of OBS's own clock shows. */
function outputZero(run: RecordingRun): ZeroEstimate | null {
  let least = Infinity;
  for (const { at, outputMs } of run.samples) {
    if (outputMs <= 0 || run.pauses.some((pause) => at > pause.from && at < pause.to)) continue;
    least = Math.min(least, at - outputMs - pausedWithin(run.pauses, -Infinity, at));
  }
  if (least === Infinity) return null;
  return {
    method: 'E',
    zeroAt: least - OUTPUT_LAG_MS[run.encoder],
    loMs: -OUTPUT_LAG_BOUND_MS,
    hiMs: OUTPUT_LAG_BOUND_MS,
  };
}

function bestZero(estimates: readonly ZeroEstimate[]): { best: ZeroEstimate; flags: string[] } {
  const [first, second] = estimates;
  if (!first) throw new Error('a recording run has no estimate of its zero');
  if (!second) return { best: first, flags: [] };
  const apart =
    first.zeroAt + first.hiMs < second.zeroAt + second.loMs || second.zeroAt + second.hiMs < first.zeroAt + first.loMs;
  if (!apart) return { best: first, flags: [] };
  const loMs = Math.min(first.loMs, second.zeroAt + second.loMs - first.zeroAt);
  const hiMs = Math.max(first.hiMs, second.zeroAt + second.hiMs - first.zeroAt);
  return { best: { ...first, loMs, hiMs }, flags: ['disagree'] };
}

function roundedEstimate({ method, zeroAt, loMs, hiMs }: ZeroEstimate): ZeroEstimate {
  return { method, zeroAt: Math.round(zeroAt), loMs: Math.floor(loMs), hiMs: Math.ceil(hiMs) };
}

/** Video frames, never the container's duration, when they are known (MAP-2). */
function lengthOf(probe: { videoFrames: number | null; durationMs: Duration }, fps: Rate): Duration {
  return probe.videoFrames === null
    ? Math.round(probe.durationMs)
    : Math.round((probe.videoFrames * 1000 * fps.den) / fps.num);
}

export interface MediaTime {
  ms: Duration;
  /** the instant fell into a pause and stands at its edge */
  inPause: boolean;
  /** it lay before the first or after the last frame and stands at the nearest */
  clamped: boolean;
}

/** @returns null when the instant lies more than a minute outside the file (MAP-4) */
export function mediaTime(segment: Segment, at: Instant): MediaTime | null {
  const pause = segment.pauses.find(({ from, to }) => at > from && at < to);
  const ms = (pause?.from ?? at) - segment.zeroAt - pausedWithin(segment.pauses, segment.zeroAt, pause?.from ?? at);
  if (ms < -OUTSIDE_MS || ms > segment.durationMs + OUTSIDE_MS) return null;
  const inside = Math.min(Math.max(ms, 0), segment.durationMs);
  return { ms: inside, inPause: pause !== undefined, clamped: inside !== ms };
}

/** Wall time at which a segment's last frame was taken. */
export function segmentEnd(segment: Segment): Instant {
  return wallAfter(segment.zeroAt, segment.durationMs, segment.pauses);
}

function pausedWithin(pauses: readonly { from: Instant; to: Instant }[], from: Instant, to: Instant): Duration {
  return pauses.reduce((sum, pause) => sum + Math.max(0, Math.min(pause.to, to) - Math.max(pause.from, from)), 0);
}

function wallAfter(zeroAt: Instant, mediaMs: Duration, pauses: readonly { from: Instant; to: Instant }[]): Instant {
  let at = zeroAt + mediaMs;
  for (const pause of [...pauses].sort((a, b) => a.from - b.from)) {
    if (pause.to <= zeroAt) continue;
    if (Math.max(pause.from, zeroAt) >= at) break;
    at += pause.to - Math.max(pause.from, zeroAt);
  }
  return at;
}

/** Frame number of a media time: rounded once, then formatted. */
export function frameAt(ms: Duration, fps: Rate): number {
  return Math.floor((ms * fps.num) / fps.den / 1000 + 0.5);
}
/** Media milliseconds of a frame, whole. */
export function frameMs(frame: number, fps: Rate): Duration {
  return Math.round((frame * 1000 * fps.den) / fps.num);
}
