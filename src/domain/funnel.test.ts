import { describe, expect, it } from 'vitest';
import { type OrderRow, type SignupRow } from './cohort-rows.ts';
import { CASE_HOURS, caseOrders, caseSignups } from './cohort-testing.ts';
import { funnelOf } from './funnel.ts';
import { limitsText, rateText } from './proportions.ts';
import { DAY, HOUR } from './units.ts';

const refOf = (email: string) => `ref:${email.trim().toLowerCase()}`;
const { openedAt, endedAt } = CASE_HOURS;
const window = { hours: CASE_HOURS, clock: 'show' as const, now: endedAt + 100 * DAY };

describe('1,207 sign-ups of 1,200 people', () => {
  const rows = caseSignups(refOf);
  const funnel = funnelOf(rows, caseOrders(refOf), window);

  it('are 1,200 in the funnel', () => {
    expect(rows).toHaveLength(1207);
    expect(funnel.total.signedUp).toBe(1200);
    expect(
      funnelOf(
        caseSignups((email) => email),
        [],
        window,
      ).total.signedUp,
      'spellings told apart',
    ).toBe(1207);
  });

  it('convert at 18.0 % (15.9–20.3), net of whole refunds at 17.7 %', () => {
    const { bought, kept } = funnel.total;
    expect([bought.count, rateText(bought), limitsText(bought)]).toEqual([216, '18.0 %', '15.9–20.3 %']);
    expect([kept.count, rateText(kept)]).toEqual([212, '17.7 %']);
  });

  it('convert by the channel of their sign-up at 25.0, 18.5 and 10.0 %', () => {
    const shown = (['in-person', 'stream', 'social'] as const).map((channel) => {
      const { bought } = funnel.byChannel[channel];
      return [bought.count, bought.of, rateText(bought)];
    });
    expect(shown).toEqual([
      [75, 300, '25.0 %'],
      [111, 600, '18.5 %'],
      [30, 300, '10.0 %'],
    ]);
    expect(funnel.byChannel.other.signedUp).toBe(0);
  });

  it('attended at 45.0 % (42.2–47.8)', () => {
    const { attended } = funnel.total;
    expect([attended.count, rateText(attended), limitsText(attended)]).toEqual([540, '45.0 %', '42.2–47.8 %']);
  });

  it('have rows of their own for before opening, after 72 hours and without sign-up', () => {
    expect(funnel.total).toMatchObject({ boughtBefore: 1, boughtAfter: 1 });
    expect(funnel).toMatchObject({ buyersWithoutSignup: 0, ordersOfUnknown: 1 });
  });

  it('are "so far" until the last millisecond of the window has passed', () => {
    const at = (now: number) => funnelOf(rows, [], { ...window, now }).state;
    expect(at(endedAt + 72 * HOUR)).toBe('so-far');
    expect(at(endedAt + 72 * HOUR + 1)).toBe('mature');
  });
});

describe('a person in the funnel', () => {
  const signup = (more: Partial<SignupRow> = {}): SignupRow => {
    return { ref: 'a', at: openedAt - DAY, channel: null, attendedAt: null, ...more };
  };
  const order = (more: Partial<OrderRow> = {}): OrderRow => {
    return { ref: 'a', at: openedAt + HOUR, netMinor: 1800, isRefunded: false, isExchange: false, ...more };
  };

  it('counts from the opening of the show, whose own instant is inside', () => {
    expect(funnelOf([signup()], [order({ at: openedAt })], window).total.bought.count).toBe(1);
    expect(funnelOf([signup()], [order({ at: openedAt - 1 })], window).total).toMatchObject({ boughtBefore: 1 });
  });

  it('is one buyer however often it buys, and is kept when one order stands', () => {
    const orders = [order({ isRefunded: true, netMinor: 0 }), order({ at: endedAt }), order({ at: openedAt - 1 })];
    expect(funnelOf([signup()], orders, window).total).toMatchObject({
      bought: { count: 1 },
      kept: { count: 1 },
      boughtBefore: 0,
    });
  });

  it('who only swapped a size has not bought again, but has kept something', () => {
    const orders = [order({ isRefunded: true, netMinor: 0 }), order({ isExchange: true })];
    expect(funnelOf([signup()], orders, window).total).toMatchObject({ bought: { count: 1 }, kept: { count: 1 } });
    expect(funnelOf([signup()], [order({ isExchange: true })], window).total.bought.count).toBe(0);
  });

  it('who signs up when the show has ended is no sign-up of this show', () => {
    const funnel = funnelOf([signup({ at: endedAt })], [order()], window);
    expect(funnel.total.signedUp).toBe(0);
    expect(funnel.buyersWithoutSignup).toBe(1);
  });

  it('has 72 hours from the own sign-up when the show counts so', () => {
    const bySignup = { ...window, clock: 'signup' as const };
    const row = signup({ at: openedAt - 2 * DAY });
    expect(funnelOf([row], [order({ at: row.at + 72 * HOUR })], bySignup).total.bought.count).toBe(1);
    expect(funnelOf([row], [order({ at: row.at + 72 * HOUR + 1 })], bySignup).total).toMatchObject({ boughtAfter: 1 });
  });
});
