import type { OrderRow } from './cohort-rows.ts';
import { type RepeatWindow, cohortOf } from './cohorts.ts';
import type { SpendTotals } from './lifetime-value.ts';
import { DAY, type Instant } from './units.ts';

/** Totals of buyers who were not at the show (VER-7): all that is kept of them. */
export interface ControlGroup {
  repeats: number;
  spend: SpendTotals;
  /** left out: bought at the show too */
  ofShow: number;
  /** left out: their window ends after the last order that is known */
  young: number;
}

/**
 * Buyers of some months before, looked at through the same windows as the show's. What is known ends with the newest
 * order, so whoever began later than one window before it has not had the time to come again and is left out.
 *
 * @param days     the show's repeat window
 * @param ofShow   refs of the show's buyers
 */
export function controlGroup(
  orders: readonly OrderRow[],
  { days, ofShow }: { days: RepeatWindow; ofShow: ReadonlySet<string> },
): ControlGroup {
  const firsts = firstOrders(orders);
  const last = orders.reduce((latest, { at }) => Math.max(latest, at), -Infinity);
  const window = Math.max(days, 7) * DAY;
  const others = [...firsts].filter(([ref]) => !ofShow.has(ref));
  const only = new Set(others.flatMap(([ref, t0]) => (t0 + window <= last ? [ref] : [])));
  const hours = { openedAt: -Infinity, endedAt: last };
  const { repeats, firstWeek } = cohortOf(orders, { hours, now: last, coveredUntil: last, only });
  return {
    repeats: repeats.find((row) => row.days === days)?.repeated.count ?? 0,
    spend: firstWeek.totals,
    ofShow: firsts.size - others.length,
    young: others.length - only.size,
  };
}

function firstOrders(orders: readonly OrderRow[]): Map<string, Instant> {
  const firsts = new Map<string, Instant>();
  for (const { ref, at } of orders) if (ref !== null) firsts.set(ref, Math.min(at, firsts.get(ref) ?? Infinity));
  return firsts;
}
