import { type SpendTotals, spendDifference } from './lifetime-value.ts';
import { type Interval, type Share, shareDifference } from './proportions.ts';
import type { RepeatWindow } from './cohorts.ts';
import type { Minor } from './units.ts';

/**
 * Scale it, stop it, or keep testing (VER-8 … VER-10). Two measures are compared with a control: the share of buyers who
 * came back, and what the first week was worth. Only when both are better beyond doubt the answer is SCALE: on data
 * without any difference one limit alone passes up to 6.4 %, both together at most 0.2 %.
 */
export interface Verdict {
  verdict: 'SCALE' | 'STOP' | 'KEEP TESTING';
  reason: VerdictReason;
  /** show less control, as a fraction: 0.1024 is 10.24 points; null without both groups */
  repeat: Interval | null;
  /** show less control, minor units */
  firstWeek: Interval | null;
  /** the limits were changed after the show had opened, so the reader must know */
  changedAfterOpening: boolean;
}

export type VerdictReason =
  | 'both-better'
  | 'worse-than-control'
  | 'third-show-without-scale'
  | 'no-control'
  | 'not-matured'
  | 'feed-incomplete'
  | 'too-few-buyers'
  | 'interval-spans-threshold';

/** Frozen when the show opens, so that nobody moves the bar after the jump. */
export interface Thresholds {
  /** percentage points by which the repeat rate must be better */
  minRepeatGain: number;
  minLtvGainMinor: Minor;
  repeatWindow: RepeatWindow;
  /** in each group */
  minBuyers: number;
}

export const DEFAULT_THRESHOLDS: Thresholds = {
  minRepeatGain: 0,
  minLtvGainMinor: 0,
  repeatWindow: 30,
  minBuyers: 100,
};

/** One group: who came back in the window, and what its first week was worth. */
export interface Arm {
  repeat: Share;
  firstWeek: SpendTotals;
}

export interface VerdictAsk {
  show: Arm;
  control: Arm | null;
  thresholds: Thresholds;
  changedAfterOpening: boolean;
  /** the repeat window has passed for every buyer of the show */
  isMatured: boolean;
  /** later orders are known completely up to there */
  isFeedComplete: boolean;
  /** matured shows of the same series before this one, none of which was to be scaled */
  earlierWithoutScale: number;
}

/** A series is given three shows to prove itself. */
const LAST_CHANCE = 3;

export function verdictOf(asked: VerdictAsk): Verdict {
  const { show, control, thresholds, changedAfterOpening } = asked;
  const repeat = control && shareDifference(show.repeat, control.repeat);
  const firstWeek = control && spendDifference(show.firstWeek, control.firstWeek);
  const answer = (verdict: Verdict['verdict'], reason: VerdictReason): Verdict => {
    return { verdict, reason, repeat, firstWeek, changedAfterOpening };
  };
  // Nothing was measured, or not to the end: an early look decides nothing, however good it looks.
  if (control === null) return answer('KEEP TESTING', 'no-control');
  if (!asked.isMatured) return answer('KEEP TESTING', 'not-matured');
  if (!asked.isFeedComplete) return answer('KEEP TESTING', 'feed-incomplete');

  const isLast = asked.earlierWithoutScale + 1 >= LAST_CHANCE;
  const buyers = [show, control].flatMap((arm) => [arm.repeat.of, arm.firstWeek.buyers]);
  if (!repeat || !firstWeek || Math.min(...buyers) < thresholds.minBuyers)
    return isLast ? answer('STOP', 'third-show-without-scale') : answer('KEEP TESTING', 'too-few-buyers');

  const gain = thresholds.minRepeatGain / 100;
  if (repeat.low > gain && firstWeek.low > thresholds.minLtvGainMinor) return answer('SCALE', 'both-better');
  if (repeat.high < gain || firstWeek.high < thresholds.minLtvGainMinor) return answer('STOP', 'worse-than-control');
  return isLast ? answer('STOP', 'third-show-without-scale') : answer('KEEP TESTING', 'interval-spans-threshold');
}
