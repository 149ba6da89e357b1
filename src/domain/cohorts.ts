import { CONVERSION_WINDOW, type OrderRow, type ShowHours } from './cohort-rows.ts';
import { type SpendTotals, meanSpend, spendTotals } from './lifetime-value.ts';
import { type Interval, type Proportion, proportion } from './proportions.ts';
import { DAY, type Instant, type Minor } from './units.ts';

/**
 * Who came back, and what the first week was worth (VER-5, VER-6). A buyer counts in a window only once the window has
 * passed for that buyer and the feed of later orders reaches that far: a young cohort shows a date, never 0 %.
 */
export interface Cohort {
  /** identified people with an order in the show's window */
  buyers: number;
  repeats: RepeatRow[];
  firstWeek: FirstWeek;
}

export const REPEAT_WINDOWS = [7, 30, 90] as const;
export type RepeatWindow = (typeof REPEAT_WINDOWS)[number];

export interface RepeatRow {
  days: RepeatWindow;
  /** of the matured buyers */
  repeated: Proportion;
  /** when the window has passed for the last buyer; null without buyers */
  maturesAt: Instant | null;
  state: Maturity;
}

/** `young`: for nobody the window has passed · `so-far`: for some · `mature`: for all. */
export type Maturity = 'young' | 'so-far' | 'mature';

export interface FirstWeek {
  /** of the matured buyers; what a verdict needs */
  totals: SpendTotals;
  mean: Interval | null;
  maturesAt: Instant | null;
  state: Maturity;
}

/** How much of a show's sales has a known buyer: "216 of 391 sales identified". */
export interface Coverage {
  identified: number;
  sales: number;
}

export interface CohortAsk {
  hours: ShowHours;
  now: Instant;
  /** how far later orders are known completely; null: nobody tells of later orders, so nothing matures */
  coveredUntil: Instant | null;
  /** only these people, e.g. those who signed up; null: everybody identified */
  only: ReadonlySet<string> | null;
}

export function cohortOf(orders: Iterable<OrderRow>, asked: CohortAsk): Cohort {
  const people = [...peopleOf(orders, asked)];
  const reach = asked.coveredUntil === null ? null : Math.min(asked.now, asked.coveredUntil);
  return {
    buyers: people.length,
    repeats: REPEAT_WINDOWS.map((days) => repeatRow(people, days, reach)),
    firstWeek: firstWeekOf(people, reach),
  };
}

export function coverageOf(orders: Iterable<OrderRow>, hours: ShowHours): Coverage {
  const coverage = { identified: 0, sales: 0 };
  for (const order of orders) {
    if (order.isExchange || !isShowOrder(order, hours)) continue;
    coverage.sales += 1;
    if (order.ref !== null) coverage.identified += 1;
  }
  return coverage;
}

/** One buyer: when the first show order was made, and all orders known, in any order. */
interface Buyer {
  t0: Instant;
  orders: OrderRow[];
}

function peopleOf(orders: Iterable<OrderRow>, { hours, only }: CohortAsk): Iterable<Buyer> {
  const all = new Map<string, OrderRow[]>();
  for (const order of orders) {
    if (order.ref === null || (only !== null && !only.has(order.ref))) continue;
    const known = all.get(order.ref);
    if (known) known.push(order);
    else all.set(order.ref, [order]);
  }
  return [...all.values()].flatMap((known): Buyer[] => {
    const t0 = known.reduce(
      (first, order) => (!order.isExchange && isShowOrder(order, hours) && order.at < first ? order.at : first),
      Infinity,
    );
    return t0 === Infinity ? [] : [{ t0, orders: known }];
  });
}

function isShowOrder({ at }: OrderRow, { openedAt, endedAt }: ShowHours): boolean {
  return at >= openedAt && at <= endedAt + CONVERSION_WINDOW;
}

function repeatRow(buyers: readonly Buyer[], days: RepeatWindow, reach: Instant | null): RepeatRow {
  const matured = buyers.filter(({ t0 }) => reach !== null && t0 + days * DAY <= reach);
  const again = matured.filter(({ t0, orders }) =>
    orders.some(({ at, isExchange }) => !isExchange && at > t0 + DAY && at <= t0 + days * DAY),
  );
  return { days, repeated: proportion(again.length, matured.length), ...maturityOf(buyers, matured.length, days) };
}

function firstWeekOf(buyers: readonly Buyer[], reach: Instant | null): FirstWeek {
  const matured = buyers.filter(({ t0 }) => reach !== null && t0 + 7 * DAY <= reach);
  const totals = spendTotals(matured.map(spendOfWeek));
  return { totals, mean: meanSpend(totals), ...maturityOf(buyers, matured.length, 7) };
}

function spendOfWeek({ t0, orders }: Buyer): Minor {
  return orders.reduce((sum, { at, netMinor }) => (at >= t0 && at <= t0 + 7 * DAY ? sum + netMinor : sum), 0);
}

function maturityOf(buyers: readonly Buyer[], matured: number, days: number): Pick<RepeatRow, 'maturesAt' | 'state'> {
  const last = buyers.reduce((latest, { t0 }) => Math.max(latest, t0), -Infinity);
  return {
    maturesAt: buyers.length === 0 ? null : last + days * DAY,
    state: matured === 0 ? 'young' : matured < buyers.length ? 'so-far' : 'mature',
  };
}
