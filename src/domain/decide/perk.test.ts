import { describe, expect, it } from 'vitest';
import { peopleView } from '../../contract/views/people-view.ts';
import type { Offer } from '../plan.ts';
import { promises } from '../promises.ts';
import {
  type TestReply,
  type TestShow,
  given,
  liveShow,
  makeShow,
  now,
  offer,
  plan,
  product,
  refold,
  run,
} from '../testing.ts';
import { breaches } from '../testing-invariants.ts';

const withPerk = (more: Partial<Offer> = {}): TestShow =>
  liveShow(
    plan({
      products: [
        product('MUG', { priceMinor: 1800, costMinor: 400 }),
        product('APRON', { priceMinor: 2500, reserve: 1 }),
      ],
      offers: [offer('gift', 'MUG', { kind: 'perk', ...more })],
    }),
  );
const signUp = (show: TestShow, ref: string, more: object = {}) =>
  given(show, {
    kind: 'signup.recorded',
    body: { ref, signup: `su-${ref.slice(4)}`, channel: 'stream', consent: true, source: 'plan', by: 'desk', ...more },
  });
const redeem = (show: TestShow, more: object = {}): TestReply =>
  run(show, { kind: 'redeem-perk', offer: 'gift', ...more });
const perks = (show: TestShow) => peopleView(show.state, now(show)).perks['gift'];

describe('a sample', () => {
  it('leaves the stock, costs what the product cost, and is given once a person', () => {
    const show = withPerk();
    signUp(show, 'ref:ana');
    signUp(show, 'ref:ben');
    expect(redeem(show, { signup: 'su-ana' })).toMatchObject({
      ok: true,
      ref: 'ref:ana',
      costMinor: 400,
      available: 9,
    });
    expect(redeem(show, { ref: 'ref:ana' })).toMatchObject({ code: 'person-limit', available: 0 });
    expect(perks(show)).toEqual({ issued: 2, redeemed: 1, expired: 0, costMinor: 400 });
    expect(breaches(show.state, show.entries)).toEqual([]);
    expect(refold(show.entries).attendance).toEqual(show.state.attendance);
  });

  it('goes to who signed up for it, when sign-ups name it; nobody else', () => {
    const show = withPerk();
    signUp(show, 'ref:ana', { perk: 'gift' });
    signUp(show, 'ref:ben');
    expect(redeem(show, { signup: 'su-ben' })).toMatchObject({ code: 'gate-closed', field: 'signup' });
    expect(redeem(show, { signup: 'su-cy' })).toMatchObject({ code: 'unknown-signup', field: 'signup' });
    expect(redeem(show)).toMatchObject({ code: 'gate-closed', field: 'signup' });
    expect(redeem(show, { signup: 'SU-ANA' })).toMatchObject({ ok: true });
    expect(perks(show)).toMatchObject({ issued: 1, redeemed: 1 });
  });

  it('that is out may be another product, at its list price where no cost is known', () => {
    const show = withPerk({ sku: 'APRON' });
    for (const ref of ['ref:ana', 'ref:ben', 'ref:cy']) signUp(show, ref);
    expect(redeem(show, { signup: 'su-ana' })).toMatchObject({ ok: true, costMinor: 2500 });
    expect(redeem(show, { signup: 'su-ben' })).toMatchObject({ code: 'out-of-stock', available: 0 });
    expect(redeem(show, { signup: 'su-ben', sku: 'MUG' })).toMatchObject({ ok: true, costMinor: 400 });
    expect(show.state.attendance.missed.get('APRON')?.people.get('ref:ben')).toBe(1);
  });

  it('ends at its cap and with its window; what was issued and not fetched has expired', () => {
    const show = withPerk({ cap: 1 });
    for (const ref of ['ref:ana', 'ref:ben']) signUp(show, ref);
    redeem(show, { signup: 'su-ana' });
    expect(redeem(show, { signup: 'su-ben' })).toMatchObject({ code: 'cap-reached' });
    run(show, { kind: 'close-show', overrideReason: 'over' });
    expect(redeem(show, { signup: 'su-ben' })).toMatchObject({ code: 'show-not-open' });
    expect(perks(show)).toMatchObject({ issued: 2, redeemed: 1, expired: 1 });
  });
});

describe('a discount perk', () => {
  const discounted = () => {
    const show = withPerk({ priceMinor: 1000 });
    signUp(show, 'ref:ana');
    return show;
  };
  const buy = (show: TestShow, more: object = {}, quantity = 1): TestReply =>
    run(show, {
      kind: 'record-sale',
      channel: 'in-person',
      tender: 'cash',
      offer: 'gift',
      lines: [{ sku: 'MUG', quantity }],
      ...more,
    });

  it('is a sale at its price for one person, once; a void gives it back', () => {
    const show = discounted();
    run(show, { kind: 'open-offer', offer: 'gift' });
    expect(buy(show)).toMatchObject({ code: 'gate-closed', field: 'signup' });
    expect(buy(show, { signup: 'ana' }, 2)).toMatchObject({ code: 'person-limit', available: 1 });
    const { saleId } = buy(show, { signup: 'ana' });
    expect(buy(show, { signup: 'ana' })).toMatchObject({ code: 'person-limit' });
    expect(perks(show)).toEqual({ issued: 1, redeemed: 1, expired: 0, costMinor: 800 });
    run(show, { kind: 'void-sale', saleId: String(saleId) });
    expect(perks(show)).toMatchObject({ redeemed: 0, costMinor: 0 });
    expect(buy(show, { signup: 'ana' })).toMatchObject({ ok: true, totalMinor: 1000 });
    expect(refold(show.entries).attendance).toEqual(show.state.attendance);
  });

  it('is open by itself while the show is, and no sample can be had of it', () => {
    const show = discounted();
    expect(buy(show, { signup: 'ana' })).toMatchObject({ ok: true });
    expect(redeem(show, { signup: 'su-ana' })).toMatchObject({ code: 'bad-value', field: 'offer' });
    const sample = withPerk();
    signUp(sample, 'ref:ana');
    expect(buy(sample, { signup: 'ana' })).toMatchObject({ code: 'bad-value', field: 'offer' });
  });
});

describe('checking in', () => {
  const door = (show: TestShow, more: object): TestReply => run(show, { kind: 'check-in', ...more });

  it('notes who has come once; the second time it says when the first was', () => {
    const show = withPerk();
    signUp(show, 'ref:ana', { at: '2026-11-20T10:00:00.000Z' });
    const first = door(show, { code: ' su-ANA ' });
    expect(first).toMatchObject({ ok: true, ref: 'ref:ana', at: '2026-11-28T18:00:00.000Z' });
    const before = show.entries.length;
    expect(door(show, { ref: 'ref:ana' })).toMatchObject({ ok: true, repeated: true, at: first['at'] });
    expect(show.entries.length).toBe(before);
    expect(door(show, { code: 'nobody' })).toMatchObject({ code: 'unknown-signup', field: 'code' });
    expect(door(show, {})).toMatchObject({ code: 'bad-value' });
  });

  it('counts people, not rows: the first sign-up holds, the newest word on consent counts', () => {
    const show = withPerk();
    signUp(show, 'ref:ana', { at: '2026-11-20T10:00:00.000Z', channel: 'social' });
    signUp(show, 'ref:ana', { signup: 'su-2', at: '2026-11-19T10:00:00.000Z', consent: false, as: 'waitlist' });
    signUp(show, 'ref:ben', { at: '2026-11-20T10:00:00.000Z', source: 'door', consent: true });
    signUp(show, 'ref:ben', { at: '2026-11-21T10:00:00.000Z', consent: false });
    door(show, { code: 'su-2' });
    door(show, { code: 'su-ben' });
    given(show, { kind: 'person.erased', body: { ref: 'ref:ana', by: 'desk' } });
    expect(peopleView(show.state, now(show))).toMatchObject({
      signups: 2,
      attended: 2,
      walkIns: 1,
      consented: 1,
      byKind: { rsvp: 2, waitlist: 1 },
      byChannel: { stream: 2 },
    });
  });
});

it('promises are listed with what was collected and what is due, so that a show can be called off', () => {
  const show = makeShow(
    plan({ offers: [offer('pre', 'MUG', { kind: 'preorder', priceMinor: 2000, depositMinor: 500, cap: 5 })] }),
  );
  const order = (quantity: number, signup?: string) =>
    run(show, {
      kind: 'record-sale',
      channel: 'stream',
      tender: 'card',
      offer: 'pre',
      lines: [{ sku: 'MUG', quantity }],
      ...(signup === undefined ? {} : { signup }),
    });
  const first = order(2, 'ana');
  const second = order(1);
  order(1);
  expect(first).toMatchObject({ ok: true, totalMinor: 4000, dueMinor: 3000 });
  run(show, { kind: 'void-sale', saleId: String(second['saleId']) });
  expect(promises(show.state)).toMatchObject([
    { saleId: first['saleId'], ref: 'ref:ana', offer: 'pre', sku: 'MUG', quantity: 2, paidMinor: 1000, dueMinor: 3000 },
    { ref: null, quantity: 1, paidMinor: 500, dueMinor: 1500 },
  ]);
  // What was refunded before it was paid is owed no more.
  run(show, {
    kind: 'refund-sale',
    saleId: String(first.ok && first['saleId']),
    lines: [{ sku: 'MUG', quantity: 1 }],
    reason: 'changed-mind',
    restock: 'no',
  });
  expect(promises(show.state)[0]).toMatchObject({ quantity: 1, paidMinor: 500, dueMinor: 1500 });
});
