import { describe, expect, it } from 'vitest';
import { holdsView, stockView } from '../../contract/views/stock-view.ts';
import { available, cell } from '../stock.ts';
import {
  type TestReply,
  type TestShow,
  given,
  liveShow,
  now,
  offer,
  plan,
  restart,
  run,
  till,
  wait,
} from '../testing.ts';
import { dueHolds } from './stock.ts';

function hold(show: TestShow, quantity: number, more: object = {}, by = {}): string {
  const reply = run(show, { kind: 'place-hold', lines: [{ sku: 'MUG', quantity }], ...more }, by);
  return String((reply as { holdId?: string }).holdId);
}
function sellFrom(show: TestShow, holdId: string, quantity: number, more: object = {}): TestReply {
  return run(show, {
    kind: 'record-sale',
    channel: 'stream',
    tender: 'card',
    hold: holdId,
    lines: [{ sku: 'MUG', quantity }],
    ...more,
  });
}
const tick = (show: TestShow) => given(show, ...dueHolds(show.state, now(show)));
const left = (show: TestShow) => available(show.state.stock, 'MUG');

describe('a hold', () => {
  it('keeps goods for ten minutes from the desk, two from a till, as long as asked, or as its offer says', () => {
    const show = liveShow(plan({ offers: [offer('drop', 'MUG', { holdTtlMs: 300_000 })] }));
    run(show, { kind: 'open-offer', offer: 'drop' });
    const life = (id: string) => (show.state.stock.holds.get(id)?.deadline ?? 0) - now(show).t;
    expect(life(hold(show, 1))).toBe(600_000);
    expect(life(hold(show, 1, {}, { actor: till() }))).toBe(120_000);
    expect(life(hold(show, 1, { ttlMs: 2000 }))).toBe(2000);
    expect(life(hold(show, 1, { offer: 'drop', ttlMs: 2000 }))).toBe(300_000);
    expect(left(show)).toBe(6);
  });

  it('is sold whole: what the sale does not take is free again', () => {
    const show = liveShow();
    const id = hold(show, 5);
    expect(sellFrom(show, id, 3)).toMatchObject({ ok: true, remaining: { MUG: 7 } });
    expect(cell(show.state.stock, 'MUG', 'reserve')).toEqual({ physical: 7, held: 0, committed: 0 });
    expect(sellFrom(show, id, 1)).toMatchObject({ code: 'hold-ended' });
  });

  it('lets its own sale have the last units, and nobody else', () => {
    const show = liveShow();
    const id = hold(show, 10);
    expect(
      run(show, { kind: 'record-sale', channel: 'social', tender: 'card', lines: [{ sku: 'MUG', quantity: 1 }] }),
    ).toMatchObject({ available: 0 });
    expect(sellFrom(show, id, 10)).toMatchObject({ ok: true });
  });

  it('that was placed for an offer is sold at the offer’s price, from the offer’s own pool', () => {
    const show = liveShow(plan({ offers: [offer('drop', 'MUG', { priceMinor: 1500 })] }));
    run(show, { kind: 'move-stock', sku: 'MUG', quantity: 3, from: 'reserve', to: 'allot:drop' });
    run(show, { kind: 'open-offer', offer: 'drop' });
    const id = hold(show, 3, { offer: 'drop' });
    expect(sellFrom(show, id, 3)).toMatchObject({ ok: true, totalMinor: 4500, remaining: { MUG: 7 } });
    expect(cell(show.state.stock, 'MUG', 'allot:drop')).toEqual({ physical: 0, held: 0, committed: 0 });
  });

  it('expires by itself, once, and lowers nothing from that moment on', () => {
    const show = liveShow();
    hold(show, 4, { ttlMs: 2000 });
    wait(show, 2000);
    expect(stockView(show.state, now(show))['MUG']).toMatchObject({ held: 0, available: 10 });
    expect(holdsView(show.state, now(show))).toEqual([]);
    expect(tick(show).map(({ kind }) => kind)).toEqual(['hold.expired']);
    expect(tick(show)).toEqual([]);
    expect(left(show)).toBe(10);
  });

  it('that is over is expired in the same decision that wants its goods', () => {
    const show = liveShow();
    hold(show, 8, { ttlMs: 2000 });
    wait(show, 3000);
    const reply = run(show, {
      kind: 'record-sale',
      channel: 'social',
      tender: 'card',
      lines: [{ sku: 'MUG', quantity: 5 }],
    });
    expect(show.entries.slice(-2).map(({ kind }) => kind)).toEqual(['hold.expired', 'sale.recorded']);
    expect(reply).toMatchObject({ saleId: `s${show.entries.length}` });
  });

  it('that expired is taken again if the goods are there', () => {
    const show = liveShow();
    const id = hold(show, 4, { ttlMs: 2000 });
    wait(show, 2000);
    expect(sellFrom(show, id, 4)).toMatchObject({ ok: true, retaken: true });
  });

  it('that expired while its goods went elsewhere is refused, unless the money is taken already', () => {
    const show = liveShow();
    const id = hold(show, 4, { ttlMs: 2000 });
    wait(show, 2000);
    tick(show);
    run(show, { kind: 'record-sale', channel: 'social', tender: 'card', lines: [{ sku: 'MUG', quantity: 8 }] });
    expect(sellFrom(show, id, 4)).toMatchObject({ code: 'hold-expired', sku: 'MUG', available: 2 });
    expect(sellFrom(show, id, 4, { paid: true })).toMatchObject({ ok: true, retaken: true });
    expect([...show.state.sales.shortfalls.values()]).toMatchObject([{ quantity: 2 }]);
  });

  it('gets three minutes when payment starts, once', () => {
    const show = liveShow();
    const id = hold(show, 1, { ttlMs: 5000 });
    wait(show, 4000);
    expect(run(show, { kind: 'extend-hold', holdId: id })).toMatchObject({ ok: true });
    wait(show, 179_000);
    expect(tick(show)).toEqual([]);
    expect(run(show, { kind: 'extend-hold', holdId: id })).toMatchObject({ code: 'already-extended' });
    wait(show, 1000);
    expect(tick(show)).toHaveLength(1);
    expect(run(show, { kind: 'release-hold', holdId: id })).toMatchObject({ code: 'unknown-hold' });
  });

  it('of one till is not for another to end', () => {
    const show = liveShow();
    const id = hold(show, 1, {}, { actor: till('till-1') });
    expect(run(show, { kind: 'release-hold', holdId: id }, { actor: till('till-2') })).toMatchObject({
      code: 'not-allowed',
    });
    expect(run(show, { kind: 'release-hold', holdId: id }, { actor: till('till-1') })).toMatchObject({ ok: true });
  });
});

describe('a restart of the hub', () => {
  it('leaves a hold at least thirty seconds, whether or not the new hub has written yet', () => {
    const show = liveShow();
    hold(show, 1, { ttlMs: 10_000 });
    restart(show, 20_000);
    expect(tick(show)).toEqual([]);
    wait(show, 29_000);
    expect(tick(show)).toEqual([]);
    given(show, {
      kind: 'stock.received',
      body: { sku: 'MUG', pool: 'reserve', quantity: 1, reason: null, by: 'desk' },
    });
    expect(tick(show)).toEqual([]);
    wait(show, 31_000);
    expect(tick(show)).toHaveLength(1);
  });

  it('ends a hold of the old hub even when nothing is ever written again', () => {
    const show = liveShow();
    hold(show, 1, { ttlMs: 10_000 });
    restart(show, 20_000);
    wait(show, 30_000);
    expect(tick(show)).toHaveLength(1);
  });

  it('does not shorten a hold that has longer to live', () => {
    const show = liveShow();
    hold(show, 1, { ttlMs: 600_000 });
    restart(show, 1000);
    wait(show, 590_000);
    expect(tick(show)).toEqual([]);
    wait(show, 10_000);
    expect(tick(show)).toHaveLength(1);
  });

  it('and a wall clock that was set back an hour move no deadline', () => {
    const show = liveShow();
    hold(show, 1, { ttlMs: 2000 });
    show.at -= 3_600_000;
    expect(tick(show)).toEqual([]);
    wait(show, 2000);
    expect(tick(show)).toHaveLength(1);
  });
});

it('a show of very many holds remembers how the newest ten thousand ended', () => {
  const show = liveShow();
  const held = {
    lines: [{ sku: 'MUG', quantity: 1 }],
    held: [],
    offer: null,
    buyer: null,
    ttlMs: 1000,
    deadline: 0,
    expiresAt: '',
    by: 'x',
  };
  for (let n = 0; n < 10_001; n += 1) {
    given(show, { kind: 'hold.placed', body: { holdId: `h${n}`, ...held } });
    given(show, { kind: 'hold.released', body: { holdId: `h${n}`, why: 'asked', by: 'x' } });
  }
  expect([show.state.stock.holds.size, show.state.stock.endedHolds.size]).toEqual([0, 10_000]);
  expect(show.state.stock.endedHolds.get('h0')).toBeUndefined();
  expect(show.state.stock.endedHolds.get('h1')).toBe('released');
});
