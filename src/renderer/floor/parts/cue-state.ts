import type { CueBrief, CueScreenView, FloorBase } from '../../../contract/floor-views.ts';

/**
 * What a screen says about a cue at hub time `t`, from a view that may be seconds or minutes old: the view names where
 * the count stood at `view.t`, the device's synced clock carries it on (CUE-37, CUE-47). Pure.
 */
export type ScreenState = 'wait' | 'standby' | 'on-air' | 'wrap-up' | 'over' | 'break' | 'ended';

export interface Countdown {
  kind: 'left' | 'until' | 'elapsed';
  /** ms left, ms until, or ms elapsed */
  ms: number;
  paused: boolean;
  /** how much of the running cue is gone, 0 to 1; null when nothing timed runs */
  share: number | null;
}

export interface CueFace {
  state: ScreenState;
  /** id of the cue whose title and points belong on this screen */
  cue: string | null;
  title: string | null;
  countdown: Countdown | null;
  /** when that cue starts, clock time, while it is still ahead */
  startsAt: string | null;
}

/** The state of whatever runs, for a screen that belongs to nobody (wall) and as a part of a co-host's. */
export function stageState(view: FloorBase, t: number): Exclude<ScreenState, 'standby'> {
  if (view.show.phase === 'closing' || view.show.phase === 'closed') return 'ended';
  const { now } = view;
  if (!now) return 'wait';
  if (now.kind === 'break') return 'break';
  const left = remainingAt(now, view, t);
  if (left === null) return 'on-air';
  if (left < 0) return 'over';
  return left <= now.warnMs ? 'wrap-up' : 'on-air';
}

/** The face of one co-host's screen. */
export function cueFace(view: CueScreenView, t: number): CueFace {
  const stage = stageState(view, t);
  const { now, next } = view;
  if (stage === 'ended') return { state: 'ended', cue: null, title: null, countdown: null, startsAt: null };
  const running = now && runningCountdown(now, view, t);
  if (now && (stage === 'break' || now.mine)) {
    return { state: stage, cue: now.id, title: now.title, countdown: running, startsAt: null };
  }
  if (next && next.mine) {
    const called = next.state === 'standby' || view.dispatch?.cue === next.id;
    const share = called ? (running?.share ?? null) : null;
    const countdown = until(next.startsAt, view, t, share) ?? running;
    return { state: called ? 'standby' : 'wait', cue: next.id, title: next.title, countdown, startsAt: next.startsAt };
  }
  const mine = view.mine[0];
  if (mine) {
    const countdown = until(mine.startsAt, view, t, null) ?? running;
    return { state: 'wait', cue: mine.id, title: mine.title, countdown, startsAt: mine.startsAt };
  }
  return { state: 'wait', cue: now?.id ?? null, title: now?.title ?? null, countdown: running, startsAt: null };
}

/** ms left of a running cue at hub time t; null when it is untimed. */
export function remainingAt(cue: CueBrief, view: FloorBase, t: number): number | null {
  if (cue.remainingMs === null) return null;
  return cue.paused ? cue.remainingMs : cue.remainingMs - (t - view.t);
}

export function runningCountdown(cue: CueBrief, view: FloorBase, t: number): Countdown | null {
  const elapsed = cue.elapsedMs === null ? null : cue.paused ? cue.elapsedMs : cue.elapsedMs + (t - view.t);
  const left = remainingAt(cue, view, t);
  if (left === null) return elapsed === null ? null : { kind: 'elapsed', ms: elapsed, paused: cue.paused, share: null };
  const whole = elapsed === null ? cue.durationMs : elapsed + left;
  const share = whole && whole > 0 ? Math.min(1, Math.max(0, 1 - left / whole)) : null;
  return { kind: 'left', ms: left, paused: cue.paused, share };
}

/** Clock time W on this screen, ms since the epoch: the view pairs its T with the clock's W. */
export function clockAt(view: FloorBase, t: number): number {
  return Date.parse(view.at) + (t - view.t);
}

/** Nobody counts seconds to tomorrow. */
const FAR_MS = 36_000_000;

/**
 * Counts to a cue's expected start, never below 0: a start that has slipped waits for the GO. While the running cue is
 * paused, whatever follows it slides along, so its count stands still too.
 */
function until(startsAt: string | null, view: FloorBase, t: number, share: number | null): Countdown | null {
  if (startsAt === null) return null;
  const start = Date.parse(startsAt);
  const slides = view.now?.paused === true && view.now.endsAt !== null && start >= Date.parse(view.now.endsAt);
  const ms = Math.max(0, start - (slides ? Date.parse(view.at) : clockAt(view, t)));
  return ms < FAR_MS ? { kind: 'until', ms, paused: slides, share } : null;
}
