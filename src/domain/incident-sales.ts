import { wallOf } from './clock.ts';
import type { FailoverDeed } from './failover/failover-record.ts';
import { netLeft, type SaleRecord, soldAt } from './sale-record.ts';
import { isOnStream, salesBetween, type Sold, soldBetween } from './sales-by-time.ts';
import type { ShowState } from './show.ts';
import { type Duration, type Instant, type Minor, MINUTE } from './units.ts';

/** A stretch of trouble; one that is still open ends now. */
export interface Stretch {
  startedAt: Instant;
  endedAt: Instant;
}

/** STR-65: what was sold while the stream was in trouble. Folded from the sales each time it is asked, never stored. */
export interface IncidentSales extends Sold {
  /** an estimate, in no total; null: too little was sold before to say anything */
  netAtRiskMinor: Minor | null;
}

/** Sales whose own time lies in the stretch, its last moment left out; voided ones never were. */
export function salesDuring(show: ShowState, { startedAt, endedAt }: Stretch): IncidentSales {
  return {
    ...soldBetween(show.sales.byTime, startedAt, endedAt),
    netAtRiskMinor: netAtRisk(show, startedAt, endedAt - startedAt),
  };
}

const LOOK_BACK_MINUTES = 10;
const FEWEST_MINUTES = 3;
const FEWEST_SALES = 3;

/** Median net a minute of the ten minutes before, times the minutes it lasted (specs/commerce.md R15). */
function netAtRisk(show: ShowState, startedAt: Instant, lastedMs: Duration): Minor | null {
  const open = show.openedAt ?? startedAt;
  const minutes = Math.min(LOOK_BACK_MINUTES, Math.floor((startedAt - open) / MINUTE));
  if (minutes < FEWEST_MINUTES) return null;
  const before = standing(show, startedAt - minutes * MINUTE, startedAt).filter(isOnStream);
  if (before.length < FEWEST_SALES) return null;
  const perMinute = new Array<Minor>(minutes).fill(0);
  for (const sale of before) {
    const minute = Math.min(minutes - 1, Math.floor((startedAt - soldAt(sale)) / MINUTE));
    perMinute[minute] = (perMinute[minute] ?? 0) + netLeft(sale);
  }
  return Math.max(0, Math.round((median(perMinute) * lastedMs) / MINUTE));
}

function standing(show: ShowState, from: Instant, to: Instant): SaleRecord[] {
  return salesBetween(show.sales.byTime, from, to).filter((sale) => !sale.voided);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** What was on air at an instant; null: nothing, or nobody ran the list. */
export function cueOnAir(show: ShowState, at: Instant): { id: string; title: string } | null {
  const run = show.cues.runs.findLast(
    ({ withdrawn, startT, endT }) =>
      !withdrawn && wallOf(show.clock, startT) <= at && (endT === null || at < wallOf(show.clock, endT)),
  );
  return run ? { id: run.cue, title: show.cues.byId.get(run.cue)?.cue.title ?? run.cue } : null;
}

/** What failover did, proposed or would have done within the stretch, oldest first. */
export function deedsDuring({ failover }: ShowState, { startedAt, endedAt }: Stretch): FailoverDeed[] {
  return failover.actions.filter(({ at }) => at >= startedAt && at <= endedAt);
}
