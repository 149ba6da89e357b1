import { describe, expect, it } from 'vitest';
import { act, cue, goTo, liveCues } from '../cue-testing.ts';
import { paceOver } from '../recent-sales.ts';
import { type TestShow, given, liveShow, now, offer, plan, run, wait } from '../testing.ts';
import { HOUR, MINUTE, fromIso, toIso } from '../units.ts';
import { DEFAULT_RULES } from './rules.ts';
import { bookOutside } from './sell.ts';
import { DESK } from '../actor.ts';
import type { OutsideSale } from '../commands.ts';

const crew = plan({
  people: [
    { id: 'ana', name: 'Ana', role: 'co-host', code: 'ANA10', feeMinor: null },
    { id: 'ben', name: 'Ben', role: 'co-host', code: 'BEN5', feeMinor: null },
  ],
  offers: [offer('mugs', 'MUG', { creator: 'ana' })],
});

function sell(show: TestShow, more: Record<string, unknown> = {}): string {
  const reply = run(show, {
    kind: 'record-sale',
    channel: 'stream',
    tender: 'card',
    lines: [{ sku: 'MUG', quantity: 2 }],
    ...more,
  });
  if (!reply.ok) throw new Error(String(reply['message']));
  return String(reply['saleId']);
}

const takings = (show: TestShow) => show.state.sales.takings;
const credited = (show: TestShow, saleId: string) => show.state.sales.byId.get(saleId)?.attribution;

describe('a sale put right by a person', () => {
  it('moves to its channel and creator with its refund, and what stood before stays in the ledger', () => {
    const show = liveShow(crew);
    const saleId = sell(show, { creatorCode: 'BEN5' });
    run(show, {
      kind: 'refund-sale',
      saleId,
      lines: [{ sku: 'MUG', quantity: 1 }],
      reason: 'late',
      restock: 'reserve',
    });
    const reply = run(show, {
      kind: 'reattribute-sale',
      saleId,
      channel: 'social',
      creator: 'ana',
      reason: 'came by her post',
    });
    expect(reply).toMatchObject({ ok: true, saleId, channel: 'social', creator: 'ana' });
    expect(takings(show).byChannel).toMatchObject({
      stream: { count: 0, units: 0, netMinor: 0 },
      social: { count: 1, units: 2, netMinor: 1800 },
    });
    expect(takings(show).byCreator.get('ben')).toEqual({ count: 0, units: 0, netMinor: 0 });
    expect(takings(show).byCreator.get('ana')).toEqual({ count: 1, units: 2, netMinor: 1800 });
    expect(credited(show, saleId)).toMatchObject({ channel: 'social', rule: 'manual', evidence: 'desk' });
    expect(show.entries.at(-1)).toMatchObject({
      kind: 'sale.reattributed',
      body: { from: { channel: 'stream', rule: 'till', creator: 'ben' }, reason: 'came by her post', by: 'desk' },
    });
    run(show, {
      kind: 'refund-sale',
      saleId,
      lines: [{ sku: 'MUG', quantity: 1 }],
      reason: 'late',
      restock: 'reserve',
    });
    expect(takings(show).byChannel.social.netMinor, 'a later refund follows').toBe(0);
  });

  it('moves on the chart of the last minutes and changes no pace', () => {
    const show = liveShow(crew);
    const saleId = sell(show);
    const minute = () => [...show.state.sales.recent.minutes.values()];
    const pace = () => paceOver(show.state.sales.recent, now(show).t, 10 * MINUTE);
    const before = pace();
    expect(minute()).toEqual([{ inPersonMinor: 0, streamMinor: 3600, otherMinor: 0 }]);
    run(show, { kind: 'reattribute-sale', saleId, channel: 'in-person', reason: 'rung at the table' });
    expect(minute()).toEqual([{ inPersonMinor: 3600, streamMinor: 0, otherMinor: 0 }]);
    expect(pace()).toEqual(before);
  });

  it('keeps the rule of what was not put right', () => {
    const show = liveShow(crew);
    const saleId = sell(show, { creatorCode: 'ANA10' });
    run(show, { kind: 'reattribute-sale', saleId, channel: 'social', reason: 'post' });
    expect(credited(show, saleId)).toMatchObject({ rule: 'manual', creator: 'ana', creatorRule: 'code' });
    run(show, { kind: 'reattribute-sale', saleId, creator: null, reason: 'not hers' });
    expect(credited(show, saleId)).toMatchObject({ channel: 'social', creator: null, creatorRule: 'manual' });
  });

  it.each([
    [{ saleId: 's99', channel: 'social' }, 'unknown-sale', 'saleId'],
    [{ creator: 'zoe' }, 'unknown-person', 'creator'],
    [{ channel: 'stream' }, 'bad-value', 'channel'],
    [{ creator: null }, 'bad-value', 'creator'],
    [{}, 'bad-value', 'channel'],
  ] as const)('%o is refused as %s', (body, code, field) => {
    const show = liveShow(crew);
    const saleId = sell(show);
    expect(run(show, { kind: 'reattribute-sale', saleId, reason: 'because', ...body })).toMatchObject({ code, field });
    expect(show.entries.at(-1)?.kind).toBe('sale.recorded');
  });

  it('cannot be done to a voided sale', () => {
    const show = liveShow(crew);
    const saleId = sell(show);
    run(show, { kind: 'void-sale', saleId });
    expect(run(show, { kind: 'reattribute-sale', saleId, channel: 'social', reason: 'post' })).toMatchObject({
      code: 'already-voided',
    });
  });
});

describe('a creator code after the creator’s own time', () => {
  const at = fromIso('2026-11-28T19:00:00.000Z');
  const drop = () => liveCues([cue('c1', { kind: 'drop', sku: 'MUG', owners: ['ana'] }), cue('c2')], at, crew);

  it('credits and is late once two minutes have passed since the end', () => {
    const show = drop();
    expect(credited(show, sell(show, { creatorCode: 'ana10' })), 'before').not.toHaveProperty('late');
    act(show, at + MINUTE, { kind: 'start-cue' });
    act(show, at + 10 * MINUTE, { kind: 'finish-cue' });
    goTo(show, at + 12 * MINUTE);
    expect(credited(show, sell(show, { creatorCode: 'ana10' }))).not.toHaveProperty('late');
    goTo(show, at + 12 * MINUTE + 1);
    expect(credited(show, sell(show, { creatorCode: 'ana10' }))).toMatchObject({ creator: 'ana', late: true });
    expect(credited(show, sell(show, { creatorCode: 'ben5' })), 'no own time').not.toHaveProperty('late');
  });

  it('goes by when the sale was made, not when it was heard of', () => {
    const show = drop();
    act(show, at + MINUTE, { kind: 'start-cue' });
    act(show, at + 10 * MINUTE, { kind: 'finish-cue' });
    goTo(show, at + HOUR);
    const saleId = sell(show, { creatorCode: 'ana10', offline: true, madeAt: toIso(at + 5 * MINUTE) });
    expect(credited(show, saleId)).not.toHaveProperty('late');
  });

  it('is not late while an offer of the creator’s own is open', () => {
    const show = drop();
    act(show, at + MINUTE, { kind: 'start-cue' });
    act(show, at + 2 * MINUTE, { kind: 'finish-cue' });
    act(show, at + 3 * MINUTE, { kind: 'open-offer', offer: 'mugs' });
    goTo(show, at + HOUR);
    expect(credited(show, sell(show, { creatorCode: 'ana10' }))).not.toHaveProperty('late');
    act(show, at + HOUR, { kind: 'close-offer', offer: 'mugs' });
    goTo(show, at + HOUR + 3 * MINUTE);
    expect(credited(show, sell(show, { creatorCode: 'ana10' }))).toHaveProperty('late');
  });
});

describe('new buyers and own purchases', () => {
  function outside(show: TestShow, more: Partial<OutsideSale>): string {
    const order: OutsideSale = {
      type: 'sale',
      source: 'shop',
      sourceId: String(show.entries.length),
      at: toIso(show.at),
      channel: 'stream',
      lines: [{ sku: 'MUG', name: null, quantity: 1, unitPriceMinor: 1800, discountMinor: 0 }],
      creatorCode: 'ANA10',
      tender: 'card',
      tipMinor: 0,
      personRef: 'p1',
      ...more,
    };
    const ask = {
      id: 'x',
      actor: DESK,
      now: now(show),
      seq: show.entries.length + 1,
      refOf: String,
      rules: DEFAULT_RULES,
    };
    const [sold] = given(show, ...bookOutside(show.state, order, ask));
    return sold?.kind === 'sale.recorded' ? sold.body.saleId : '';
  }
  const won = (show: TestShow, person = 'ana') => show.state.sales.credit.newBuyers.get(person) ?? 0;

  it('counts who buys for the first time, once; unknown persons count nowhere', () => {
    const show = liveShow(crew);
    outside(show, {});
    outside(show, {});
    outside(show, { personRef: null });
    outside(show, { personRef: 'p2', creatorCode: 'BEN5' });
    expect([won(show), won(show, 'ben')]).toEqual([1, 1]);
  });

  it('forgets whoever turns out to have bought before', () => {
    const show = liveShow(crew);
    outside(show, {});
    const observe = (at: number) =>
      given(show, {
        kind: 'purchase.observed',
        body: { personRef: 'p1', at: toIso(at), netMinor: 900, source: 'shop' },
      });
    observe(show.at + HOUR);
    expect(won(show)).toBe(1);
    observe(show.at - HOUR);
    expect(won(show)).toBe(0);
  });

  it('gives a new buyer to the next order when the first is voided', () => {
    const show = liveShow(crew);
    const first = outside(show, {});
    wait(show, MINUTE);
    outside(show, { creatorCode: 'BEN5' });
    run(show, { kind: 'void-sale', saleId: first });
    expect([won(show), won(show, 'ben')]).toEqual([0, 1]);
  });

  it('credits an own purchase as self and keeps it apart', () => {
    const show = liveShow(crew);
    const herself = { ref: 'ana-herself', signup: 'ana', channel: null, consent: false, source: 'plan', by: 'desk' };
    given(show, { kind: 'signup.recorded', body: herself });
    const saleId = outside(show, { personRef: 'ana-herself' });
    expect(credited(show, saleId)).toMatchObject({ creator: 'ana', creatorRule: 'self' });
    expect(show.state.sales.credit.own.get('ana')).toEqual({ count: 1, units: 1, netMinor: 1800 });
    expect(won(show)).toBe(0);
  });
});
