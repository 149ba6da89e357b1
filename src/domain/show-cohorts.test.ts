import { describe, expect, it } from 'vitest';
import { DESK } from './actor.ts';
import type { OrderRow } from './cohort-rows.ts';
import { CASE_HOURS, caseOrders, caseSignups } from './cohort-testing.ts';
import { goTo } from './cue-testing.ts';
import { DEFAULT_RULES } from './decide/rules.ts';
import { bookOutside } from './decide/sell.ts';
import { limitsText, rateText } from './proportions.ts';
import { type CohortSettings, latestCohorts, orderRows, showCohorts } from './show-cohorts.ts';
import { type TestShow, given, liveShow, makeShow, now, plan, run } from './testing.ts';
import { DAY, HOUR, MINUTE, toIso } from './units.ts';
import { DEFAULT_THRESHOLDS } from './verdict.ts';

const refOf = (email: string) => `ref:${email.trim().toLowerCase()}`;
const SETTINGS: CohortSettings = { clock: 'show', thresholds: DEFAULT_THRESHOLDS, earlierWithoutScale: 0 };
const { openedAt, endedAt } = CASE_HOURS;

/** The case of the spec told to a hub: sign-ups and orders as facts, in the order in which they would come. */
function playCase(): TestShow {
  const show = makeShow(plan({ show: { endsAt: toIso(endedAt) } }));
  caseSignups(refOf).forEach(({ ref, at, channel, attendedAt }, i) => {
    const body = { ref, signup: `s-${i}`, channel, consent: true, source: 'file', by: 'desk', at: toIso(at) };
    given(show, { kind: 'signup.recorded', body });
    if (attendedAt !== null) given(show, { kind: 'person.checked-in', body: { ref, signup: null, by: 'desk' } });
  });
  goTo(show, openedAt);
  given(show, { kind: 'show.opened', body: { overrideReason: null, by: 'desk' } });
  const orders = caseOrders(refOf).toSorted((a, b) => a.at - b.at);
  for (const [i, order] of orders.entries()) {
    if (order.at > endedAt && show.state.phase === 'live') {
      goTo(show, endedAt);
      given(show, { kind: 'show.closing', body: { by: 'desk' } });
    }
    if (order.at > openedAt) goTo(show, order.at);
    if (order.at > endedAt + 72 * HOUR + 1 || order.at < openedAt) observe(show, order);
    else sell(show, order, String(i));
  }
  return show;
}

function sell(show: TestShow, { ref, at, isRefunded }: OrderRow, sourceId: string): void {
  const ask = { id: 'x', actor: DESK, now: now(show), seq: show.entries.length + 1, refOf, rules: DEFAULT_RULES };
  const lines = [{ sku: 'MUG', name: null, quantity: 1, unitPriceMinor: 1800, discountMinor: 0 }];
  const [source, tender] = ['shop', 'card'] as const;
  const common = { source, at: toIso(at), channel: null, tender };
  const sale = { ...common, type: 'sale' as const, sourceId, lines, creatorCode: null, tipMinor: 0, personRef: ref };
  given(show, ...bookOutside(show.state, sale, ask));
  if (!isRefunded) return;
  const back = { ...common, type: 'refund' as const, sourceId: `r${sourceId}`, saleSourceId: sourceId };
  const seq = show.entries.length + 1;
  given(show, ...bookOutside(show.state, { ...back, lines: [], amountMinor: null }, { ...ask, seq }));
}

function observe(show: TestShow, { ref, at, netMinor }: OrderRow): void {
  const body = { personRef: ref ?? '', at: toIso(at), netMinor, source: 'shop' };
  given(show, { kind: 'purchase.observed', body });
}

describe('the case of the spec, told to a hub', () => {
  const show = playCase();
  goTo(show, endedAt + 100 * DAY);
  run(show, { kind: 'cover-orders', source: 'shop', until: toIso(show.at) });
  const made = showCohorts(show.state, show.at, SETTINGS);

  it('gives 216 of 1,200, 18.0 % (15.9–20.3), and 17.7 % net', () => {
    const total = made?.funnel.total;
    expect(total?.bought).toMatchObject({ count: 216, of: 1200 });
    expect(total && [rateText(total.bought), limitsText(total.bought)]).toEqual(['18.0 %', '15.9–20.3 %']);
    expect(total && rateText(total.kept)).toBe('17.7 %');
    expect(total && [rateText(total.attended), limitsText(total.attended)]).toEqual(['45.0 %', '42.2–47.8 %']);
    expect(total).toMatchObject({ boughtBefore: 1, boughtAfter: 1 });
    expect(made?.funnel).toMatchObject({ ordersOfUnknown: 1, state: 'mature' });
  });

  it('gives 36 % (30.0–42.7) who came again in 90 days', () => {
    const ninety = made?.cohort.repeats[2]?.repeated;
    expect(ninety).toMatchObject({ count: 78, of: 216 });
    expect(ninety && [rateText(ninety), limitsText(ninety)]).toEqual(['36 %', '30.0–42.7 %']);
    expect(made?.coverage).toEqual({ identified: 216, sales: 217 });
  });

  it('asks for a control, and compares with it over the window that was frozen at opening', () => {
    expect(made?.verdict).toMatchObject({ verdict: 'KEEP TESTING', reason: 'no-control' });
    const control = { name: 'Shop in May', buyers: 400, repeats: 72, sumMinor: 2_244_000 };
    run(show, { kind: 'set-control', ...control, sumSquaresMinor: '18051150000' });
    const verdict = showCohorts(show.state, show.at, SETTINGS)?.verdict;
    expect(verdict?.repeat?.value.toFixed(4)).toBe('0.1024');
    // 18.00 in the first week against 56.10: the case's buyers are loyal, not lavish.
    expect(verdict).toMatchObject({ verdict: 'STOP', reason: 'worse-than-control', changedAfterOpening: false });
    const moved = { ...SETTINGS, thresholds: { ...DEFAULT_THRESHOLDS, minBuyers: 50 } };
    expect(showCohorts(show.state, show.at, moved)?.verdict.changedAfterOpening).toBe(true);
  });
});

describe('what a show knows too little for', () => {
  it('matures nothing when no shop tells of later orders', () => {
    const show = playCase();
    goTo(show, endedAt + 100 * DAY);
    run(show, { kind: 'set-control', name: 'x', buyers: 400, repeats: 72, sumMinor: 0, sumSquaresMinor: '0' });
    const made = showCohorts(show.state, show.at, SETTINGS);
    expect(made?.cohort.repeats.map(({ state }) => state)).toEqual(['young', 'young', 'young']);
    expect(made?.verdict.reason).toBe('feed-incomplete');
  });

  it('is not judged before the last window has passed', () => {
    const show = playCase();
    run(show, { kind: 'set-control', name: 'x', buyers: 400, repeats: 72, sumMinor: 0, sumSquaresMinor: '0' });
    expect(showCohorts(show.state, endedAt + 32 * DAY, SETTINGS)?.verdict.reason).toBe('not-matured');
    expect(showCohorts(show.state, endedAt + 33 * DAY + 1, SETTINGS)?.verdict.reason).toBe('feed-incomplete');
  });

  it('refuses to know of orders that are yet to come', () => {
    const show = liveShow();
    const reply = run(show, { kind: 'cover-orders', source: 'shop', until: toIso(show.at + 1) });
    expect(reply).toMatchObject({ code: 'bad-value', field: 'until', latest: toIso(show.at) });
  });
});

describe('a control that cannot be', () => {
  it.each([
    [{ repeats: 11 }, { field: 'repeats', most: 10 }],
    [{ sumSquaresMinor: '999' }, { field: 'sumSquaresMinor', least: '1000' }],
  ])('%o is refused with the number that would have worked', (more, refusal) => {
    const show = liveShow();
    const control = { name: 'x', buyers: 10, repeats: 1, sumMinor: 100, sumSquaresMinor: '1000', ...more };
    expect(run(show, { kind: 'set-control', ...control })).toMatchObject({ code: 'bad-value', ...refusal });
  });
});

describe('rows and hours of a running show', () => {
  it('leaves voided sales out and marks what was given back whole', () => {
    const show = liveShow();
    const sale = {
      kind: 'record-sale',
      channel: 'stream',
      tender: 'card',
      lines: [{ sku: 'MUG', quantity: 2 }],
    } as const;
    const ring = () => run(show, { ...sale, lines: [...sale.lines], signup: 'a@example.org' });
    const [one, two, three] = [ring(), ring(), ring()].map((reply) => String(reply['saleId']));
    run(show, { kind: 'void-sale', saleId: one ?? '' });
    const back = { kind: 'refund-sale', reason: 'late', restock: 'no' } as const;
    run(show, { ...back, saleId: two ?? '', lines: [{ sku: 'MUG', quantity: 2 }] });
    run(show, { ...back, saleId: three ?? '', lines: [{ sku: 'MUG', quantity: 1 }] });
    expect(orderRows(show.state)).toMatchObject([
      { netMinor: 0, isRefunded: true },
      { netMinor: 1800, isRefunded: false },
    ]);
  });

  it('ends when closing began; before that as planned, or later when it runs over', () => {
    const show = liveShow();
    const end = () => toIso(showCohorts(show.state, show.at, SETTINGS)?.hours.endedAt ?? 0);
    expect(end()).toBe('2026-11-28T20:00:00.000Z');
    goTo(show, show.at + 3 * HOUR);
    expect(end()).toBe('2026-11-28T21:00:00.000Z');
    run(show, { kind: 'close-show' });
    goTo(show, show.at + HOUR);
    expect(end()).toBe('2026-11-28T21:00:00.000Z');
  });

  it('is made once for many looks, anew after an entry, a minute or another setting', () => {
    const show = liveShow();
    const look = (settings = SETTINGS) => latestCohorts(show.state, show.at, settings);
    const first = look();
    goTo(show, show.at + MINUTE - 1);
    expect(look()).toBe(first);
    goTo(show, show.at + 1);
    const second = look();
    expect(second).not.toBe(first);
    run(show, { kind: 'record-sale', channel: 'stream', tender: 'card', lines: [{ sku: 'MUG', quantity: 1 }] });
    expect(look()?.coverage.sales).toBe(1);
    expect(look({ ...SETTINGS, clock: 'signup' })?.funnel.clock).toBe('signup');
  });
});
