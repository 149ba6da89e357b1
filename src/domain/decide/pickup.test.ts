import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedIn, openDrawerOf } from '../drawers.ts';
import type { SaleExtra } from '../facts/sale-facts.ts';
import { openPickups, unsettledPickups } from '../pickups.ts';
import { cell } from '../stock.ts';
import { breaches } from '../testing-invariants.ts';
import { type TestReply, type TestShow, given, liveShow, offer, plan, refold, run, till, wait } from '../testing.ts';
import { pickupCodeFor, plainBytes, readPickupCode } from './pickup-code.ts';

/** Sells for pickup; the code is given as the till's sale gives it. */
function promised(show: TestShow, lines: { sku: string; quantity: number }[], more: object = {}): string {
  const reply = run(show, {
    kind: 'record-sale',
    channel: 'in-person',
    tender: 'card',
    pickup: 'later',
    lines,
    ...more,
  });
  return String(reply.ok ? reply['saleId'] : reply.code);
}
const codeOf = (show: TestShow, saleId: string) => show.state.pickups.bySale.get(saleId)?.code ?? '';
const handOver = (show: TestShow, more: object, by = {}): TestReply =>
  run(show, { kind: 'hand-over-pickup', ...more }, by);
const mug = (show: TestShow, pool = 'reserve') => cell(show.state.stock, 'MUG', pool);
const mugs = (quantity: number) => [{ sku: 'MUG', quantity }];
const sound = (show: TestShow) => expect(breaches(show.state, show.entries)).toEqual([]);

describe('a pickup code', () => {
  it('has six characters of the alphabet, follows from the sale and the key, and is nobody else’s', () => {
    const show = liveShow();
    const codes = new Set<string>();
    for (let n = 1; n <= 2000; n += 1) {
      const code = pickupCodeFor(show.state, { codeOf: plainBytes }, `s${n}`);
      expect(code).toMatch(/^[23456789CDFGHJKMNPQRTVWXY]{6}$/);
      show.state.pickups.byCode.set(code, `s${n}`);
      codes.add(code);
    }
    expect(codes.size).toBe(2000);
    const again = liveShow();
    const ask = { codeOf: plainBytes };
    expect(pickupCodeFor(again.state, ask, 's7')).toBe(pickupCodeFor(again.state, ask, 's7'));
    expect(pickupCodeFor(again.state, { codeOf: (text) => plainBytes(`key ${text}`) }, 's7')).not.toBe(
      pickupCodeFor(again.state, ask, 's7'),
    );
  });

  it('avoids one that is taken, and is read as people type it', () => {
    const show = liveShow();
    const first = pickupCodeFor(show.state, { codeOf: plainBytes }, 's1');
    show.state.pickups.byCode.set(first, 's0');
    expect(pickupCodeFor(show.state, { codeOf: plainBytes }, 's1')).not.toBe(first);
    expect(readPickupCode(' k7m-3 xq ')).toBe('K7M3XQ');
  });
});

describe('a pickup', () => {
  it('is made ready, is handed over by its code at a till, and a second scan says when and where', () => {
    const show = liveShow();
    const saleId = promised(show, [{ sku: 'SET', quantity: 2 }]);
    expect(mug(show)).toEqual({ physical: 10, held: 0, committed: 2 });
    expect(run(show, { kind: 'ready-pickup', saleId })).toMatchObject({ ok: true, code: codeOf(show, saleId) });
    expect(openPickups(show.state)).toMatchObject([{ standing: 'ready' }]);
    const reply = handOver(show, { code: codeOf(show, saleId).toLowerCase() }, { actor: till() });
    expect(reply).toMatchObject({ handedOver: [{ line: 1, sku: 'SET', quantity: 2 }], left: [], dueMinor: 0 });
    expect(mug(show)).toEqual({ physical: 8, held: 0, committed: 0 });
    const at = new Date(show.at).toISOString();
    wait(show, 60_000);
    expect(handOver(show, { code: codeOf(show, saleId) })).toMatchObject({
      code: 'already-handed-over',
      at,
      device: 'device-till-1',
      message: 'Handed over already, at 18:00:00 by till-1. Do not give it again.',
    });
    expect(openPickups(show.state)).toEqual([]);
    sound(show);
    expect(refold(show.entries).pickups).toEqual(show.state.pickups);
  });

  it('goes line by line, each once', () => {
    const show = liveShow();
    const saleId = promised(show, [...mugs(2), { sku: 'APRON', quantity: 1 }]);
    expect(handOver(show, { saleId, lines: [2] })).toMatchObject({ left: [1] });
    expect(handOver(show, { saleId, lines: [1, 2] })).toMatchObject({ code: 'already-handed-over' });
    expect(handOver(show, { saleId, lines: [3] })).toMatchObject({ code: 'bad-value', lines: 2 });
    expect(handOver(show, { saleId })).toMatchObject({ handedOver: [{ line: 1, quantity: 2 }], left: [] });
    sound(show);
  });

  it('gives only what is left after a refund, and nothing when all was refunded', () => {
    const show = liveShow();
    const saleId = promised(show, mugs(3));
    const refund = (quantity: number) =>
      run(show, { kind: 'refund-sale', saleId, lines: mugs(quantity), reason: 'late', restock: 'no' });
    refund(1);
    expect(mug(show)).toEqual({ physical: 10, held: 0, committed: 2 });
    expect(handOver(show, { saleId })).toMatchObject({ handedOver: [{ line: 1, quantity: 2 }] });
    expect(mug(show)).toEqual({ physical: 8, held: 0, committed: 0 });
    // What was handed over can come back to the shelf, as from any sale.
    run(show, { kind: 'refund-sale', saleId, lines: mugs(1), reason: 'late', restock: 'quarantine' });
    expect([mug(show).physical, mug(show, 'quarantine').physical]).toEqual([8, 1]);
    const other = promised(show, mugs(1));
    run(show, { kind: 'refund-sale', saleId: other, lines: mugs(1), reason: 'late', restock: 'reserve' });
    expect(handOver(show, { saleId: other })).toMatchObject({ code: 'nothing-left' });
    expect(openPickups(show.state)).toEqual([]);
    sound(show);
  });

  it('is missed when nobody came, and is given at another time all the same', () => {
    const show = liveShow();
    const saleId = promised(show, mugs(1));
    expect(unsettledPickups(show.state)).toHaveLength(1);
    expect(run(show, { kind: 'miss-pickup', saleId })).toMatchObject({ ok: true });
    expect(unsettledPickups(show.state)).toEqual([]);
    expect(openPickups(show.state)).toMatchObject([{ standing: 'missed' }]);
    expect(mug(show).committed).toBe(1);
    expect(handOver(show, { saleId })).toMatchObject({ ok: true });
    expect(run(show, { kind: 'miss-pickup', saleId })).toMatchObject({ code: 'already-handed-over' });
  });

  it('is told by its code or its sale, and by nothing else', () => {
    const show = liveShow();
    const [first, second] = [promised(show, mugs(1)), promised(show, mugs(1))];
    const now = promised(show, mugs(1), { pickup: 'now' });
    expect(handOver(show, {})).toMatchObject({ code: 'bad-value', field: 'code' });
    expect(handOver(show, { code: 'ZZZZZZ' })).toMatchObject({ code: 'code-unknown' });
    expect(handOver(show, { code: codeOf(show, first), saleId: second })).toMatchObject({ saleId: first });
    expect(handOver(show, { saleId: 's99' })).toMatchObject({ code: 'unknown-sale' });
    expect(handOver(show, { saleId: now })).toMatchObject({ code: 'not-a-pickup' });
  });

  it('waits for goods that are owed, and gives them when they are there', () => {
    const show = liveShow();
    const saleId = promised(show, mugs(12), { paid: true });
    expect(handOver(show, { saleId })).toMatchObject({ handedOver: [{ line: 1, quantity: 10 }] });
    expect(handOver(show, { saleId })).toMatchObject({ code: 'already-handed-over' });
    run(show, { kind: 'receive-stock', sku: 'MUG', quantity: 2 });
    const [owed] = show.state.sales.shortfalls.keys();
    run(show, { kind: 'resolve-shortfall', shortfall: owed ?? '', how: 'fulfilled' });
    expect(mug(show)).toEqual({ physical: 2, held: 0, committed: 2 });
    expect(handOver(show, { saleId })).toMatchObject({ ok: true });
    expect(mug(show)).toEqual({ physical: 0, held: 0, committed: 0 });
    sound(show);
  });
});

describe('a preorder', () => {
  const preorders = () =>
    liveShow(plan({ offers: [offer('pre', 'MUG', { kind: 'preorder', cap: 20, depositMinor: 500 })], show: {} }));
  function preordered(show: TestShow, quantity = 1, tender: 'card' | 'cash' = 'card'): string {
    run(show, { kind: 'open-offer', offer: 'pre' });
    return promised(show, mugs(quantity), { offer: 'pre', tender });
  }

  it('is handed over from the reserve, as far as goods are there, and its rest is paid then', () => {
    const show = preorders();
    run(show, { kind: 'open-drawer', floatMinor: 1000 });
    const saleId = preordered(show, 12);
    expect(show.state.sales.takings).toMatchObject({ netMinor: 21_600, collectedMinor: 6000, dueMinor: 15_600 });
    expect(handOver(show, { saleId, tender: 'cash' })).toMatchObject({
      paidMinor: 15_600,
      dueMinor: 0,
    });
    expect(mug(show).physical).toBe(0);
    expect(mug(show, 'preorder').committed).toBe(0);
    expect(show.state.sales.takings).toMatchObject({ netMinor: 21_600, collectedMinor: 21_600, dueMinor: 0 });
    expect(show.state.sales.takings.byTender).toMatchObject({ cash: { amountMinor: 15_600 } });
    const drawer = openDrawerOf(show.state.drawers, null);
    expect(drawer && expectedIn(drawer)).toBe(16_600);
    sound(show);
    // One comes back: it had been handed over, so it goes on the shelf.
    run(show, { kind: 'refund-sale', saleId, lines: mugs(1), reason: 'late', restock: 'reserve' });
    expect(mug(show).physical).toBe(1);
    sound(show);
  });

  it('says what is due, and takes it later', () => {
    const show = preorders();
    const saleId = preordered(show);
    expect(handOver(show, { saleId })).toMatchObject({ ok: true, dueMinor: 1300 });
    expect(handOver(show, { saleId })).toMatchObject({ code: 'already-handed-over' });
    expect(handOver(show, { saleId, tender: 'card' })).toMatchObject({ ok: true, paidMinor: 1300, handedOver: [] });
    expect(handOver(show, { saleId, tender: 'card' })).toMatchObject({ code: 'already-handed-over' });
    expect(show.state.sales.takings).toMatchObject({ collectedMinor: 1800, dueMinor: 0 });
    sound(show);
  });

  it('refunded before it is paid gives back the deposit, and the rest is owed no more', () => {
    const show = preorders();
    const saleId = preordered(show, 3);
    const back = (quantity: number) =>
      run(show, { kind: 'refund-sale', saleId, lines: mugs(quantity), reason: 'changed-mind', restock: 'no' });
    expect(back(1)).toMatchObject({ refundedMinor: 500, dueMinor: 1300 });
    expect(show.state.sales.takings).toMatchObject({ netMinor: 3600, collectedMinor: 1000, dueMinor: 2600 });
    expect(back(2)).toMatchObject({ refundedMinor: 1000, dueMinor: 2600 });
    expect(show.state.sales.takings).toMatchObject({ netMinor: 0, collectedMinor: 0, dueMinor: 0 });
    sound(show);
  });

  it('keeps no show from closing', () => {
    const show = preorders();
    preordered(show);
    expect(openPickups(show.state)).toHaveLength(1);
    expect(unsettledPickups(show.state)).toEqual([]);
  });
});

it('whatever is promised, refunded, handed over and scanned again, goods leave once and nothing is lost', () => {
  const act = fc.tuple(
    fc.constantFrom('sell', 'refund', 'hand', 'scan', 'miss', 'void'),
    fc.nat(9),
    fc.integer({ min: 1, max: 3 }),
  );
  const property = fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
    const show = liveShow();
    const sold: string[] = [];
    for (const [what, which, units] of acts) {
      const saleId = sold[which % Math.max(1, sold.length)] ?? 's0';
      const lines = [{ sku: which % 2 === 0 ? 'MUG' : 'SET', quantity: units }];
      if (what === 'sell') {
        const id = promised(show, [...lines, ...mugs(1)], { pickup: which % 3 === 0 ? 'now' : 'later' });
        if (id.startsWith('s')) sold.push(id);
      }
      if (what === 'refund') {
        const restock = (['reserve', 'quarantine', 'no'] as const)[which % 3] ?? 'no';
        run(show, { kind: 'refund-sale', saleId, lines, reason: 'late', restock });
      }
      if (what === 'hand') handOver(show, { saleId, ...(which % 2 === 0 ? { lines: [units] } : {}) });
      if (what === 'scan') handOver(show, { code: codeOf(show, saleId) || 'ZZZZZZ' });
      if (what === 'miss') run(show, { kind: 'miss-pickup', saleId });
      if (what === 'void') run(show, { kind: 'void-sale', saleId });
    }
    expect(breaches(show.state, show.entries)).toEqual([]);
    const handed = show.entries.flatMap((entry) =>
      entry.kind === 'pickup.handed-over' ? entry.body.lines.map((line) => `${entry.body.saleId}.${line}`) : [],
    );
    expect(new Set(handed).size).toBe(handed.length);
  });
  fc.assert(property, { numRuns: 300 });
});

it('a sale made before there were codes is handed over by its number', () => {
  const show = liveShow();
  const saleId = promised(show, mugs(1));
  const old = show.entries.find((entry) => entry.kind === 'sale.recorded');
  const bare = liveShow();
  if (old?.kind === 'sale.recorded')
    given(bare, { kind: old.kind, body: { ...old.body, extra: null as SaleExtra | null } });
  expect(handOver(bare, { saleId })).toMatchObject({ ok: true });
});
