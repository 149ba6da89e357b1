import {
  type CuesState,
  isPaused,
  latestRun,
  nextCue,
  type PlannedCue,
  type Run,
  runningRun,
  upcoming,
} from './cues.ts';
import { type ClockState, wallOf } from './clock.ts';
import type { Cue } from './plan.ts';
import type { ShowState } from './show.ts';
import { type Duration, fromIso, type HubTime, type Instant } from './units.ts';

/**
 * Everything about cues that a clock moves, derived and never stored (CUE section 3). Used unchanged by deciders, views
 * and the report. Durations count in hub time T; clock times of the plan are compared in W(t) = t + k.
 */
export interface CueTimes {
  running: RunTimes | null;
  /** what GO would start */
  next: string | null;
  /** behind the plan; negative is ahead */
  absoluteMs: Duration;
  /** the same, less the lateness of the first cue */
  relativeMs: Duration;
  showEnd: Instant | null;
  endDeltaMs: Duration | null;
  /** cue id → start as planned; null where nothing in the plan gives it a time */
  planned: ReadonlyMap<string, Instant | null>;
  /** cues still to come, in order */
  expected: ReadonlyMap<string, Expected>;
}

export interface Expected {
  start: Instant;
  /** a hard start that comes before the cue in front of it can end */
  overlapMs: Duration;
}

export type CuePhase = 'normal' | 'warn' | 'danger' | 'over';

export interface RunTimes {
  cue: string;
  run: string;
  paused: boolean;
  startedAt: Instant;
  endedAt: Instant | null;
  elapsedMs: Duration;
  pausedMs: Duration;
  /** null: untimed, counts up */
  remainingMs: Duration | null;
  overMs: Duration;
  /** when it ends if nothing changes; while paused it moves with the clock */
  expectedEnd: Instant;
  phase: CuePhase;
}

interface Moment {
  t: HubTime;
  clock: ClockState;
}

export function cueTimes(show: ShowState, t: HubTime): CueTimes {
  const { cues, clock } = show;
  const moment = { t, clock };
  const startsAt = instantOrNull(show.plan?.show.startsAt ?? null);
  const endsAt = instantOrNull(show.plan?.show.endsAt ?? null);
  const run = runningRun(cues);
  const running = run && runTimes(cues, run, moment);
  const planned = plannedStarts(cues, startsAt);
  const { expected, free } = expectedStarts(cues, planned, running, moment);
  const next = nextCue(cues)?.cue.id ?? null;
  const absoluteMs = absolute({ cues, planned, expected, running, next, clock });
  return {
    running,
    next,
    absoluteMs,
    relativeMs: relative(cues, absoluteMs, clock),
    showEnd: cues.order.length === 0 ? null : free,
    endDeltaMs: endsAt === null || cues.order.length === 0 ? null : free - endsAt,
    planned,
    expected,
  };
}

/** One run as it stands at t, or as it ended. */
export function runTimes(cues: CuesState, run: Run, { t: now, clock }: Moment): RunTimes {
  const cue = cues.byId.get(run.cue)?.cue;
  const t = run.endT ?? now;
  const pausedMs = run.pauses.reduce((sum, { from, to }) => sum + Math.max(0, (to ?? t) - from), 0);
  const elapsedMs = t - run.startT - pausedMs;
  const countsToEnd = cue?.countTo === 'end' && run.plannedStart !== null;
  const left = countsToEnd
    ? (run.plannedStart ?? 0) + run.plannedMs + run.addedMs - wallOf(clock, t)
    : run.plannedMs + run.addedMs - elapsedMs;
  const isTimed = run.plannedMs > 0;
  const remaining = isTimed ? left : -elapsedMs;
  return {
    cue: run.cue,
    run: run.id,
    paused: run.endT === null && isPaused(run),
    startedAt: wallOf(clock, run.startT),
    endedAt: run.endT === null ? null : wallOf(clock, run.endT),
    elapsedMs,
    pausedMs,
    remainingMs: isTimed ? left : null,
    overMs: Math.max(0, -remaining),
    expectedEnd: wallOf(clock, t) + Math.max(0, remaining),
    // An untimed cue takes no planned time, so the show falls behind by it; the cue itself has no end to be over.
    phase: isTimed && cue ? phaseOf(left, cue) : 'normal',
  };
}

/** Time left as a clock shows it (CUE-11): the ceiling second, `00:00` for the last one, then `+` and the floor. */
export function shownTime(remainingMs: Duration): string {
  if (remainingMs > -1000) return clockOf(Math.max(0, Math.ceil(remainingMs / 1000)));
  return `+${clockOf(Math.floor(-remainingMs / 1000))}`;
}

function clockOf(seconds: number): string {
  const pad = (value: number): string => String(value).padStart(2, '0');
  const minutes = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return seconds < 3600 ? minutes : `${Math.floor(seconds / 3600)}:${minutes}`;
}

function phaseOf(left: Duration, cue: Cue): CuePhase {
  if (left < 0) return 'over';
  if (left <= cue.dangerMs) return 'danger';
  return left <= cue.warnMs ? 'warn' : 'normal';
}

/**
 * Notes and cues skipped before opening have no slot; cues skipped while live keep theirs. A cue that has run stands
 * where its last run was planned, whatever was edited since.
 */
function plannedStarts(cues: CuesState, startsAt: Instant | null): Map<string, Instant | null> {
  const starts = new Map<string, Instant | null>();
  const lastRuns = new Map(cues.runs.filter((run) => !run.withdrawn).map((run) => [run.cue, run]));
  // With nothing before it, a linked cue starts with the show.
  let end = startsAt;
  for (const { cue, skipped } of cues.order) {
    if (cue.kind === 'note' || skipped === 'before-open') continue;
    const run = lastRuns.get(cue.id);
    const start = run ? run.plannedStart : 'at' in cue.start ? fromIso(cue.start.at) : end;
    starts.set(cue.id, start);
    end = start === null ? null : start + (run?.plannedMs ?? cue.durationMs);
  }
  return starts;
}

function expectedStarts(
  cues: CuesState,
  planned: ReadonlyMap<string, Instant | null>,
  running: RunTimes | null,
  { t, clock }: Moment,
): { expected: Map<string, Expected>; free: Instant } {
  const now = wallOf(clock, t);
  const coming = upcoming(cues);
  // After the last cue the show has ended when that cue did.
  const lastEndT = coming.length === 0 ? (latestRun(cues)?.endT ?? t) : t;
  let free = running?.expectedEnd ?? wallOf(clock, lastEndT);
  const expected = new Map<string, Expected>();
  for (const { cue } of coming) {
    const start = expectedStart(cue, free, now);
    expected.set(cue.id, { start, overlapMs: cue.start.rule === 'hard' ? Math.max(0, free - start) : 0 });
    const plannedStart = planned.get(cue.id) ?? start;
    free = cue.countTo === 'end' ? Math.max(start, plannedStart + cue.durationMs) : start + cue.durationMs;
  }
  return { expected, free };
}

function expectedStart({ start }: Cue, free: Instant, now: Instant): Instant {
  if (start.rule === 'linked') return free;
  // A gap in front of a soft start absorbs lateness; a hard start does not wait.
  return Math.max(fromIso(start.at), start.rule === 'soft' ? free : now);
}

function absolute(from: {
  cues: CuesState;
  planned: ReadonlyMap<string, Instant | null>;
  expected: ReadonlyMap<string, Expected>;
  running: RunTimes | null;
  next: string | null;
  clock: ClockState;
}): Duration {
  const { cues, planned, expected, running, clock } = from;
  if (running) return lateness(running.expectedEnd, plannedEndOf(latestRun(cues)));
  // A standby behind the position has no expected start; the order then says how late the show is.
  const next = from.next !== null && expected.has(from.next) ? from.next : expected.keys().next().value;
  if (next !== undefined) return lateness(expected.get(next)?.start ?? null, planned.get(next) ?? null);
  const last = latestRun(cues);
  const endT = last?.endT ?? null;
  return lateness(endT === null ? null : wallOf(clock, endT), plannedEndOf(last));
}

function plannedEndOf(run: Run | null): Instant | null {
  return run === null || run.plannedStart === null ? null : run.plannedStart + run.plannedMs;
}

/** Nothing is late that was never planned for a time. */
function lateness(expected: Instant | null, planned: Instant | null): Duration {
  return expected === null || planned === null ? 0 : expected - planned;
}

function relative(cues: CuesState, absoluteMs: Duration, clock: ClockState): Duration {
  const first = cues.runs.find((run) => !run.withdrawn);
  if (!first) return 0;
  return first.plannedStart === null ? absoluteMs : absoluteMs - (wallOf(clock, first.startT) - first.plannedStart);
}

function instantOrNull(text: string | null): Instant | null {
  return text === null ? null : fromIso(text);
}

export type CueState = 'planned' | 'standby' | 'running' | 'paused' | 'done' | 'skipped';

/** @param last the cue's latest run that counts (`runOf`) */
export function cueStateOf(cues: CuesState, slot: PlannedCue, last: Run | null): CueState {
  if (last && last.endT === null) return isPaused(last) ? 'paused' : 'running';
  if (cues.standby === slot.cue.id) return 'standby';
  if (last || slot.noteDone) return 'done';
  return slot.skipped === null ? 'planned' : 'skipped';
}
