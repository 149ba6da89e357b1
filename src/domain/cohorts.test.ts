import { describe, expect, it } from 'vitest';
import { type OrderRow, distinctSignups } from './cohort-rows.ts';
import { CASE_HOURS, caseOrders, caseSignups } from './cohort-testing.ts';
import { type CohortAsk, cohortOf, coverageOf } from './cohorts.ts';
import { limitsText, rateText } from './proportions.ts';
import { DAY, HOUR } from './units.ts';

const refOf = (email: string) => email.toLowerCase();
const { openedAt, endedAt } = CASE_HOURS;
const ask = (more: Partial<CohortAsk> = {}): CohortAsk => {
  const now = endedAt + 120 * DAY;
  return { hours: CASE_HOURS, now, coveredUntil: now, only: null, ...more };
};

describe('the 216 buyers of the case', () => {
  const orders = caseOrders(refOf);

  it('came back within 90 days at 36 % (30.0–42.7)', () => {
    const cohort = cohortOf(orders, ask());
    const ninety = cohort.repeats[2];
    expect(cohort.buyers).toBe(216);
    expect(ninety?.repeated).toMatchObject({ count: 78, of: 216 });
    expect(ninety && [rateText(ninety.repeated), limitsText(ninety.repeated), ninety.state]).toEqual([
      '36 %',
      '30.0–42.7 %',
      'mature',
    ]);
    expect(cohort.repeats[1]?.repeated).toMatchObject({ count: 61, of: 216 });
    expect(cohort.repeats[0]?.repeated).toMatchObject({ count: 0, of: 216 });
  });

  it('have a date instead of a rate on day 60', () => {
    const ninety = cohortOf(orders, ask({ now: endedAt + 60 * DAY })).repeats[2];
    expect(ninety).toEqual({
      days: 90,
      repeated: { count: 0, of: 0, rate: null, low: null, high: null },
      maturesAt: endedAt + 72 * HOUR + 90 * DAY,
      state: 'young',
    });
  });

  it('mature one by one: who has not had the time is not in the denominator', () => {
    const thirty = cohortOf(orders, ask({ now: endedAt + 31 * DAY })).repeats[1];
    expect(thirty?.state).toBe('so-far');
    expect(thirty?.repeated.of).toBeGreaterThan(0);
    expect(thirty?.repeated.of).toBeLessThan(216);
  });

  it('mature no further than the feed of later orders reaches', () => {
    expect(cohortOf(orders, ask({ coveredUntil: endedAt + 10 * DAY })).repeats.map(({ state }) => state)).toEqual([
      'mature',
      'young',
      'young',
    ]);
    expect(cohortOf(orders, ask({ coveredUntil: null })).firstWeek).toMatchObject({ state: 'young', mean: null });
  });

  it('are the same among all identified as among those who signed up', () => {
    const only = new Set(distinctSignups(caseSignups(refOf)).keys());
    expect(cohortOf(orders, ask({ only })).buyers).toBe(216);
    expect(cohortOf(orders, ask({ only: new Set() })).buyers).toBe(0);
  });

  it('are 216 of 217 sales identified', () => {
    expect(coverageOf(orders, CASE_HOURS)).toEqual({ identified: 216, sales: 217 });
  });
});

describe('one buyer', () => {
  const order = (after: number, more: Partial<OrderRow> = {}): OrderRow => {
    return { ref: 'a', at: openedAt + after, netMinor: 1000, isRefunded: false, isExchange: false, ...more };
  };
  const repeats = (...later: OrderRow[]) =>
    cohortOf([order(0), ...later], ask()).repeats.map(({ repeated }) => repeated.count);

  it('comes again later than a day and by the end of the window, that instant included', () => {
    expect(repeats(order(DAY))).toEqual([0, 0, 0]);
    expect(repeats(order(DAY + 1))).toEqual([1, 1, 1]);
    expect(repeats(order(7 * DAY))).toEqual([1, 1, 1]);
    expect(repeats(order(7 * DAY + 1))).toEqual([0, 1, 1]);
    expect(repeats(order(90 * DAY + 1))).toEqual([0, 0, 0]);
  });

  it('does not come again by an exchange, nor begin with one', () => {
    expect(repeats(order(2 * DAY, { isExchange: true }))).toEqual([0, 0, 0]);
    expect(cohortOf([order(0, { isExchange: true })], ask()).buyers).toBe(0);
  });

  it('spends the show order and seven days; what was given back is off', () => {
    const { totals } = cohortOf(
      [order(0), order(7 * DAY, { netMinor: 500 }), order(7 * DAY + 1), order(-1), order(HOUR, { netMinor: -200 })],
      ask(),
    ).firstWeek;
    expect(totals).toEqual({ buyers: 1, sumMinor: 1300, sumSquares: 1_690_000n });
  });
});
