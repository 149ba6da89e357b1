import { DEFAULT_RULES } from './rules.ts';
import { describe, expect, it } from 'vitest';
import { offersView } from '../../contract/views/stock-view.ts';
import type { Offer } from '../plan.ts';
import { type TestReply, type TestShow, given, liveShow, makeShow, now, offer, plan, run, wait } from '../testing.ts';
import { dueOffers, offerOpening } from './offer.ts';
import { DESK } from '../actor.ts';

const withDrop = (more: Partial<Offer> = {}): TestShow =>
  liveShow(plan({ offers: [offer('drop', 'MUG', { priceMinor: 1600, ...more })] }));
const open = (show: TestShow) => run(show, { kind: 'open-offer', offer: 'drop' });
function sell(show: TestShow, quantity: number, more: object = {}): TestReply {
  return run(show, {
    kind: 'record-sale',
    channel: 'stream',
    tender: 'card',
    offer: 'drop',
    lines: [{ sku: 'MUG', quantity }],
    ...more,
  });
}
const tick = (show: TestShow) => given(show, ...dueOffers(show.state, now(show)));
const view = (show: TestShow) => offersView(show.state, now(show))['drop'];

describe('an offer', () => {
  it('sells at its own price, only while it is open', () => {
    const show = withDrop();
    expect(sell(show, 1)).toMatchObject({ code: 'offer-closed' });
    expect(open(show)).toMatchObject({ ok: true });
    expect(open(show)).toMatchObject({ code: 'already-open' });
    expect(sell(show, 1)).toMatchObject({ ok: true, totalMinor: 1600 });
    run(show, { kind: 'close-offer', offer: 'drop' });
    expect(sell(show, 1)).toMatchObject({ code: 'offer-closed' });
    expect(run(show, { kind: 'open-offer', offer: 'dorp' })).toMatchObject({ code: 'unknown-offer' });
  });

  it('leaves the list price to sales that do not name it', () => {
    const show = withDrop();
    open(show);
    const reply = run(show, {
      kind: 'record-sale',
      channel: 'stream',
      tender: 'card',
      lines: [{ sku: 'MUG', quantity: 1 }],
    });
    expect(reply).toMatchObject({ totalMinor: 1800 });
    expect(sell(show, 1, { lines: [{ sku: 'APRON', quantity: 1 }] })).toMatchObject({
      code: 'bad-value',
      field: 'offer',
    });
  });

  it('counts what is sold and held against its cap, and closes when all are sold', () => {
    const show = withDrop({ cap: 3 });
    open(show);
    const { holdId } = run(show, { kind: 'place-hold', offer: 'drop', lines: [{ sku: 'MUG', quantity: 2 }] }) as {
      holdId?: string;
    };
    expect(view(show)).toMatchObject({ open: true, sold: 0, cap: 3, remaining: 1 });
    expect(sell(show, 2)).toMatchObject({ code: 'cap-reached', available: 1 });
    expect(sell(show, 1)).toMatchObject({ ok: true });
    expect(tick(show)).toEqual([]);
    expect(sell(show, 2, { hold: holdId })).toMatchObject({ ok: true });
    expect(tick(show)).toMatchObject([{ kind: 'offer.closed', body: { why: 'cap' } }]);
    expect(tick(show)).toEqual([]);
    expect(sell(show, 1)).toMatchObject({ code: 'cap-reached', available: 0 });
    expect(show.state.sales.missed.get('MUG')).toBe(3);
  });

  it('gives a place back for a unit that returns to the reserve', () => {
    const show = withDrop({ cap: 1 });
    open(show);
    const { saleId } = sell(show, 1) as { saleId?: string };
    run(show, {
      kind: 'refund-sale',
      saleId: saleId ?? '',
      lines: [{ sku: 'MUG', quantity: 1 }],
      reason: 'other',
      restock: 'reserve',
    });
    expect(view(show)).toMatchObject({ remaining: 1 });
  });

  it('that its cap has shut is closed, not full, once a unit is back, and a hand opens it again', () => {
    const show = withDrop({ cap: 1 });
    open(show);
    const { saleId = '' } = sell(show, 1) as { saleId?: string };
    tick(show);
    run(show, { kind: 'void-sale', saleId });
    expect(sell(show, 1)).toMatchObject({ code: 'offer-closed' });
    expect(sell(show, 2)).toMatchObject({ code: 'cap-reached', available: 1 });
    expect(open(show)).toMatchObject({ ok: true });
    expect(sell(show, 1)).toMatchObject({ ok: true });
  });

  it('never sells more than its cap through a hold that has run out', () => {
    const show = withDrop({ cap: 3 });
    open(show);
    const lines = [{ sku: 'MUG', quantity: 2 }];
    const { holdId } = run(show, { kind: 'place-hold', offer: 'drop', lines, ttlMs: 1000 }) as { holdId?: string };
    wait(show, 1000);
    expect(sell(show, 2)).toMatchObject({ ok: true });
    expect(sell(show, 2, { hold: holdId })).toMatchObject({ code: 'cap-reached', available: 1 });
    const second = run(show, { kind: 'place-hold', offer: 'drop', lines: [{ sku: 'MUG', quantity: 1 }], ttlMs: 1000 });
    wait(show, 1000);
    expect(sell(show, 2, { hold: (second as { holdId?: string }).holdId })).toMatchObject({ code: 'cap-reached' });
  });

  it('limits a known buyer over all sales, and others sale by sale', () => {
    const show = withDrop({ perBuyer: 2 });
    open(show);
    expect(sell(show, 2, { signup: 's-1' })).toMatchObject({ ok: true });
    expect(sell(show, 1, { signup: 's-1' })).toMatchObject({ code: 'person-limit', available: 0 });
    expect(sell(show, 3)).toMatchObject({ code: 'person-limit', available: 2 });
    expect(sell(show, 2)).toMatchObject({ ok: true });
  });

  it('credits the creator it belongs to', () => {
    const show = withDrop({ creator: 'ana' });
    open(show);
    sell(show, 1);
    expect([...show.state.sales.byId.values()][0]?.attribution).toMatchObject({ creator: 'ana', creatorRule: 'offer' });
  });
});

describe('an offer with a window', () => {
  const opensAt = '2026-11-28T18:10:00Z';
  const closesAt = '2026-11-28T18:20:00Z';

  it('opens and closes by hub time, each once', () => {
    const show = withDrop({ opensAt, closesAt });
    expect(tick(show)).toEqual([]);
    wait(show, 600_000);
    expect(tick(show)).toMatchObject([{ kind: 'offer.opened', body: { why: 'window' } }]);
    expect(view(show)).toMatchObject({ open: true, closesAt: '2026-11-28T18:20:00.000Z' });
    wait(show, 600_000);
    expect(sell(show, 1)).toMatchObject({ code: 'offer-closed' });
    expect(tick(show)).toMatchObject([{ kind: 'offer.closed', body: { why: 'window' } }]);
    expect(tick(show)).toEqual([]);
  });

  it('honours an open hold for two seconds after its end', () => {
    const show = withDrop({ closesAt });
    open(show);
    wait(show, 19 * 60_000);
    const { holdId } = run(show, { kind: 'place-hold', offer: 'drop', lines: [{ sku: 'MUG', quantity: 1 }] }) as {
      holdId?: string;
    };
    const other = run(show, { kind: 'place-hold', offer: 'drop', lines: [{ sku: 'MUG', quantity: 1 }] }) as {
      holdId?: string;
    };
    wait(show, 61_000);
    tick(show);
    wait(show, 1000);
    expect(sell(show, 1, { hold: holdId })).toMatchObject({ ok: true, totalMinor: 1600 });
    wait(show, 1);
    expect(sell(show, 1, { hold: other.holdId })).toMatchObject({ code: 'offer-closed' });
  });

  it('of a cue ends with the cue’s own length when that is earlier', () => {
    const show = withDrop({ closesAt });
    const ask = { id: 'x', actor: DESK, now: now(show), seq: 9, refOf: String, rules: DEFAULT_RULES };
    const decision = offerOpening(show.state, 'drop', 'cue', ask, 60_000);
    expect(decision).toMatchObject({ facts: [{ body: { why: 'cue', closesAtT: ask.now.t + 60_000 } }] });
  });
});

it('an offer does not open before the show, unless it sells promises', () => {
  const show = makeShow(plan({ offers: [offer('drop', 'MUG'), offer('pre', 'MUG', { kind: 'preorder' })] }));
  expect(open(show)).toMatchObject({ code: 'show-not-open' });
  expect(run(show, { kind: 'open-offer', offer: 'pre' })).toMatchObject({ ok: true });
});
