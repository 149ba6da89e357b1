import { signupRows } from './attendance.ts';
import { CONVERSION_WINDOW, type OrderRow, type ShowHours } from './cohort-rows.ts';
import { type Cohort, type Coverage, cohortOf, coverageOf } from './cohorts.ts';
import { type ConversionClock, type Funnel, funnelOf } from './funnel.ts';
import { coveredUntil } from './observed.ts';
import { type SaleRecord, netLeft } from './sale-record.ts';
import type { ShowState } from './show.ts';
import { DAY, type Duration, type Instant, fromIso } from './units.ts';
import { type Arm, DEFAULT_THRESHOLDS, type Thresholds, type Verdict, verdictOf } from './verdict.ts';

/** Funnel, cohorts and verdict of one show, made from its fold: sign-ups, sales, and orders that shops told of later. */
export interface ShowCohorts {
  hours: ShowHours;
  funnel: Funnel;
  coverage: Coverage;
  /** whose return and first week are looked at: those who signed up; without any sign-up all whose buyer is known */
  who: 'signed-up' | 'identified';
  cohort: Cohort;
  /** later orders are known completely up to there; null: no shop tells of them */
  coveredUntil: Instant | null;
  verdict: Verdict;
}

export interface CohortSettings {
  clock: ConversionClock;
  /** as they are set now; those of the opening decide */
  thresholds: Thresholds;
  /** matured shows of the series before this one without SCALE */
  earlierWithoutScale: number;
}

/** As long as nobody has set anything. */
export const DEFAULT_COHORTS: CohortSettings = {
  clock: 'show',
  thresholds: DEFAULT_THRESHOLDS,
  earlierWithoutScale: 0,
};

/** @returns null without a plan; costs as much as there are sales, so a view that is made often asks `latestCohorts` */
export function showCohorts(show: ShowState, now: Instant, settings: CohortSettings): ShowCohorts | null {
  if (!show.plan) return null;
  const hours = hoursOf(show, now);
  const signups = signupRows(show.attendance);
  const orders = orderRows(show);
  const funnel = funnelOf(signups, orders, { hours, clock: settings.clock, now });
  const only = signups.length === 0 ? null : new Set(signups.map(({ ref }) => ref));
  const reach = coveredUntil(show.observed);
  const cohort = cohortOf(orders, { hours, now, coveredUntil: reach, only });
  return {
    hours,
    funnel,
    coverage: coverageOf(orders, hours),
    who: only === null ? 'identified' : 'signed-up',
    cohort,
    coveredUntil: reach,
    verdict: judge(show, cohort, { hours, now, reach, settings }),
  };
}

/**
 * The same for screens: made anew only when something happened, and in a show of very many sales only now and then.
 */
export function latestCohorts(show: ShowState, now: Instant, settings: CohortSettings): ShowCohorts | null {
  const key = JSON.stringify(settings);
  const known = memory.get(show);
  if (known?.key === key) {
    const isOld = Math.abs(now - known.at) >= patienceOf(show);
    if (known.seq === show.seq ? !hasRipened(known, now) : !isOld) return known.made;
  }
  const made = showCohorts(show, now, settings);
  memory.set(show, { key, seq: show.seq, at: now, made });
  return made;
}

/** Standing orders of the show, and those that shops told of, one row each. */
export function orderRows({ sales, observed }: ShowState): OrderRow[] {
  const rows: OrderRow[] = [];
  for (const sale of sales.byId.values()) if (!sale.voided) rows.push(rowOf(sale));
  for (const { personRef, at, netMinor } of observed.purchases) {
    rows.push({ ref: personRef, at, netMinor, isRefunded: netMinor <= 0, isExchange: false });
  }
  return rows;
}

/** Until closing begins a show ends when its plan says, or goes on as long as it does. */
export function hoursOf({ plan, openedAt, closingAt }: ShowState, now: Instant): ShowHours {
  const planned = plan?.show.endsAt ?? null;
  const starts = plan?.show.startsAt ?? null;
  const opened = openedAt ?? (starts === null ? now : Math.max(now, fromIso(starts)));
  const ends = planned === null ? opened : Math.max(opened, fromIso(planned));
  return { openedAt: opened, endedAt: closingAt ?? Math.max(ends, openedAt === null ? ends : now) };
}

/** What a screen shows ripens by itself; nobody watches a date to the second. */
const RIPENING = 60_000;

interface Made {
  key: string;
  seq: number;
  at: Instant;
  made: ShowCohorts | null;
}

const memory = new WeakMap<ShowState, Made>();

/** Looking at all sales at each of them would cost more the more there are: 5,000 are looked at once a second. */
function patienceOf({ sales }: ShowState): Duration {
  return sales.byId.size < FEW ? 0 : sales.byId.size / 5;
}

const FEW = 1000;

function hasRipened({ at }: Made, now: Instant): boolean {
  return Math.abs(now - at) >= RIPENING;
}

function rowOf(sale: SaleRecord): OrderRow {
  const { personRef: ref, lines, refundedUnits, netMinor, extra } = sale;
  const left = netLeft(sale);
  const isBack = lines.length > 0 && lines.every(({ quantity }, i) => (refundedUnits[i] ?? 0) >= quantity);
  return {
    ref,
    at: madeAt(sale),
    netMinor: left,
    isRefunded: isBack || (netMinor > 0 && left <= 0),
    isExchange: extra?.exchangeId !== undefined,
  };
}

/** A shop's clock is right about its own orders; a till that was cut off may be wrong, but never later than now. */
function madeAt({ madeAt: said, at, sourceId }: SaleRecord): Instant {
  return sourceId === null ? Math.min(fromIso(said), at) : fromIso(said);
}

function judge(
  show: ShowState,
  cohort: Cohort,
  { hours, now, reach, settings }: { hours: ShowHours; now: Instant; reach: Instant | null; settings: CohortSettings },
): Verdict {
  const { thresholds, control } = show.verdict;
  const row = cohort.repeats.find(({ days }) => days === thresholds.repeatWindow);
  const lastOrder = hours.endedAt + CONVERSION_WINDOW;
  const matures = lastOrder + Math.max(7, thresholds.repeatWindow) * DAY;
  const needed = Math.max(cohort.firstWeek.maturesAt ?? lastOrder, row?.maturesAt ?? lastOrder);
  const arm: Arm = { repeat: row?.repeated ?? { count: 0, of: 0 }, firstWeek: cohort.firstWeek.totals };
  return verdictOf({
    show: arm,
    control: control && {
      repeat: { count: control.repeats, of: control.buyers },
      firstWeek: { ...control, sumSquares: BigInt(control.sumSquaresMinor) },
    },
    thresholds,
    changedAfterOpening: show.openedAt !== null && !sameThresholds(thresholds, settings.thresholds),
    isMatured: show.closingAt !== null && now > matures,
    isFeedComplete: reach !== null && reach >= needed,
    earlierWithoutScale: settings.earlierWithoutScale,
  });
}

function sameThresholds(a: Thresholds, b: Thresholds): boolean {
  return (
    a.minRepeatGain === b.minRepeatGain &&
    a.minLtvGainMinor === b.minLtvGainMinor &&
    a.repeatWindow === b.repeatWindow &&
    a.minBuyers === b.minBuyers
  );
}
