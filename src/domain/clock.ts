import type { Entry } from './ledger.ts';
import type { Duration, HubTime, Instant } from './units.ts';

/**
 * Hub time T (CUE-6): `anchor(boot) + mono + slept`, where the anchor is `at − mono` of the boot's first entry less the
 * wall-clock jumps recorded before it. T never runs backwards. `W(t) = t + k` compares T with times of the plan.
 */
export interface ClockState {
  boot: string | null;
  anchor: number;
  sleptMs: Duration;
  jumpedMs: number;
  /** sum of adopted clock changes */
  k: number;
  lastT: HubTime;
  /** hub time at which the present boot was first heard of */
  bootStartT: HubTime;
  pendingJumpMs: number | null;
}

export function initialClock(): ClockState {
  return { boot: null, anchor: 0, sleptMs: 0, jumpedMs: 0, k: 0, lastT: 0, bootStartT: 0, pendingJumpMs: null };
}

/** Hub time of a reading; reads only, so that a view and a decision of the same turn agree. */
export function hubTime(clock: ClockState, reading: { at: Instant; mono: Duration; boot: string }): HubTime {
  if (reading.boot === clock.boot) return Math.max(clock.anchor + reading.mono + clock.sleptMs, clock.lastT);
  // A boot that has written nothing yet: the anchor its first entry would set.
  return Math.max(reading.at - clock.jumpedMs + clock.sleptMs, clock.lastT);
}

/** Clock time that hub time stands for, for comparing with the plan's instants. */
export function wallOf(clock: ClockState, t: HubTime): Instant {
  return t + clock.k;
}

/** @returns the entry's hub time, after the clock has taken it in */
export function evolveClock(clock: ClockState, entry: Entry): HubTime {
  const t = hubTime(clock, entry);
  if (entry.boot !== clock.boot) {
    clock.boot = entry.boot;
    clock.anchor = t - entry.mono - clock.sleptMs;
    clock.bootStartT = t;
  }
  clock.lastT = t;
  if (entry.kind === 'clock.jumped') {
    clock.jumpedMs += entry.body.deltaMs;
    clock.pendingJumpMs = (clock.pendingJumpMs ?? 0) + entry.body.deltaMs;
  }
  if (entry.kind === 'clock.adopted') {
    clock.pendingJumpMs = null;
    if (entry.body.as === 'sleep') clock.sleptMs += entry.body.deltaMs;
    if (entry.body.as === 'clock') clock.k += entry.body.deltaMs;
  }
  return t;
}
