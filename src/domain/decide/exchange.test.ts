import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedIn, openDrawerOf } from '../drawers.ts';
import { available } from '../stock.ts';
import { breaches } from '../testing-invariants.ts';
import { type TestReply, type TestShow, liveShow, offer, plan, product, run } from '../testing.ts';
import { DEFAULT_RULES } from './rules.ts';

function sold(show: TestShow, sku: string, more: object = {}): string {
  const sale = {
    channel: 'stream',
    tender: 'card',
    lines: [{ sku, quantity: 1 }],
    signup: 'ana',
    creatorCode: 'ANA10',
  };
  const reply = run(show, { kind: 'record-sale', ...sale, ...more } as never);
  return String(reply.ok ? reply['saleId'] : JSON.stringify(reply));
}
function exchange(show: TestShow, saleId: string, from: string, to: string, more: object = {}, by = {}): TestReply {
  const asked = { saleId, reason: 'size-or-colour', restock: 'reserve', tender: 'card', ...more } as const;
  const lines = [{ sku: from, quantity: 1 }];
  return run(show, { kind: 'exchange-items', lines, take: [{ sku: to, quantity: 1 }], ...asked }, by);
}
const sound = (show: TestShow) => expect(breaches(show.state, show.entries)).toEqual([]);
const byTender = (show: TestShow) =>
  Object.fromEntries(
    Object.entries(show.state.sales.takings.byTender).map(([kind, { amountMinor }]) => [kind, amountMinor]),
  );

describe('an exchange', () => {
  it('names its own fields when the new goods cannot be had', () => {
    const show = liveShow();
    const saleId = sold(show, 'MUG');
    const half = { kind: 'exchange-items', saleId, reason: 'late', restock: 'reserve', tender: 'card' } as const;
    const lines = [{ sku: 'MUG', quantity: 1 }];
    const asked = (take: { sku: string; quantity: number }[]) => run(show, { ...half, lines, take });
    expect(asked([{ sku: 'CUP', quantity: 1 }])).toMatchObject({ code: 'unknown-sku', field: 'take[0].sku' });
    expect(asked([{ sku: 'APRON', quantity: 99 }])).toMatchObject({
      code: 'out-of-stock',
      field: 'take',
      available: 10,
    });
    const beyond = run(show, { ...half, lines: [{ sku: 'MUG', quantity: 9 }], take: lines });
    expect(beyond).toMatchObject({ code: 'more-than-sold', field: 'lines', available: 1 });
  });

  it('is a return and a sale in one, and the buyer pays the difference', () => {
    const show = liveShow();
    const saleId = sold(show, 'MUG');
    const before = show.entries.length;
    const reply = exchange(show, saleId, 'MUG', 'APRON', { tender: 'cash' });
    expect(reply).toMatchObject({ exchangeId: `x${before + 1}`, refundId: `r${before + 1}`, saleId: `s${before + 2}` });
    expect(reply).toMatchObject({ differenceMinor: 700, totalMinor: 2500 });
    expect(show.entries.slice(before).map(({ kind }) => kind)).toEqual(['sale.refunded', 'sale.recorded']);
    expect(byTender(show)).toEqual({ card: 1800, cash: 700, other: 0 });
    expect(show.state.sales.takings).toMatchObject({ netMinor: 2500, collectedMinor: 2500, refundedMinor: 1800 });
    expect([available(show.state.stock, 'MUG'), available(show.state.stock, 'APRON')]).toEqual([10, 9]);
    const fresh = show.state.sales.byId.get(`s${before + 2}`);
    // Whose sale it was and whose buyer stays.
    expect(fresh).toMatchObject({ channel: 'stream', personRef: 'ref:ana', extra: { exchangeId: `x${before + 1}` } });
    expect(show.state.sales.takings.byCreator.get('ana')).toMatchObject({ netMinor: 2500 });
    expect(show.state.sales.refunds).toMatchObject([{ exchangeId: `x${before + 1}` }]);
    sound(show);
  });

  it('gives back what the new goods cost less, in what was paid', () => {
    const show = liveShow();
    const saleId = sold(show, 'APRON');
    expect(exchange(show, saleId, 'APRON', 'MUG', { tender: 'cash' })).toMatchObject({
      code: 'more-than-paid',
      field: 'tender',
      refundableMinor: 0,
    });
    const reply = exchange(show, saleId, 'APRON', 'MUG');
    expect(reply).toMatchObject({ ok: true, differenceMinor: -700 });
    expect(byTender(show)).toEqual({ card: 1800, cash: 0, other: 0 });
    // The new half can be refunded to the card in turn.
    const lines = [{ sku: 'MUG', quantity: 1 }];
    const asked = { saleId: String(reply.ok ? reply['saleId'] : ''), lines, reason: 'other', restock: 'no' } as const;
    expect(run(show, { kind: 'refund-sale', ...asked })).toMatchObject({
      tenders: [{ kind: 'card', amountMinor: 1800 }],
    });
    sound(show);
  });

  it('of equal goods moves no money', () => {
    const show = liveShow();
    const saleId = sold(show, 'MUG');
    expect(exchange(show, saleId, 'MUG', 'MUG', { restock: 'quarantine' })).toMatchObject({ differenceMinor: 0 });
    expect(show.state.sales.takings).toMatchObject({ netMinor: 1800, collectedMinor: 1800 });
    sound(show);
  });

  it('into what is sold out, or beyond a cap, or of what was never sold, changes nothing', () => {
    const products = [product('MUG', { priceMinor: 1800 }), product('RED', { reserve: 0 }), product('CUP')];
    const offers = [offer('drop', 'CUP', { cap: 1 })];
    const show = liveShow(plan({ products, bundles: [], offers }));
    run(show, { kind: 'open-offer', offer: 'drop' });
    const saleId = sold(show, 'MUG');
    sold(show, 'CUP', { offer: 'drop' });
    const before = show.entries.length;
    expect(exchange(show, saleId, 'MUG', 'CUP', { offer: 'drop' })).toMatchObject({ code: 'cap-reached' });
    expect(exchange(show, saleId, 'CUP', 'MUG')).toMatchObject({ code: 'more-than-sold' });
    expect(show.state.sales.refunds).toEqual([]);
    const missed = exchange(show, saleId, 'MUG', 'RED');
    expect(missed).toMatchObject({ code: 'out-of-stock', sku: 'RED', available: 0 });
    expect(show.state.sales.refunds).toEqual([]);
    expect(show.entries.slice(before).every(({ kind }) => kind === 'demand.missed')).toBe(true);
  });

  it('passes through one drawer, in coins', () => {
    const show = liveShow();
    const by = { rules: { ...DEFAULT_RULES, cashRoundingMinor: 5 } };
    run(show, { kind: 'open-drawer', floatMinor: 1000 });
    const saleId = sold(show, 'MUG', { lines: [{ sku: 'MUG', quantity: 1, unitPriceMinor: 1803 }], tender: 'cash' });
    const take = [{ sku: 'APRON', quantity: 1, unitPriceMinor: 1401 }];
    expect(exchange(show, saleId, 'MUG', 'APRON', { tender: 'cash', take }, by)).toMatchObject({
      differenceMinor: -400,
    });
    const drawer = openDrawerOf(show.state.drawers, null);
    expect(drawer && expectedIn(drawer)).toBe(1000 + 1803 - 400);
    expect(show.state.sales.takings).toMatchObject({ collectedMinor: 1403, roundingMinor: 2, netMinor: 1401 });
    sound(show);
  });

  it('is undone by no half alone', () => {
    const show = liveShow();
    const saleId = sold(show, 'MUG');
    const reply = exchange(show, saleId, 'MUG', 'APRON');
    const half = String(reply.ok ? reply['saleId'] : '');
    expect(run(show, { kind: 'void-sale', saleId: half })).toMatchObject({ code: 'undo-too-late' });
    expect(run(show, { kind: 'void-sale', saleId })).toMatchObject({ code: 'has-refunds' });
  });
});

it('whatever is exchanged into whatever, money and goods tie out, and only the difference changes hands', () => {
  const price = fc.integer({ min: 0, max: 5000 });
  const tender = fc.constantFrom('cash' as const, 'card' as const);
  const property = fc.property(
    fc.record({ from: price, to: price, cashMinor: price, tender, step: fc.constantFrom(0, 5), taxed: fc.boolean() }),
    fc.array(fc.tuple(price, tender), { maxLength: 4 }),
    ({ from, to, cashMinor, tender: kind, step, taxed }, more) => {
      const products = ['MUG', 'APRON'].map((sku) => product(sku, { taxRate: '0.0825', reserve: 50 }));
      const show = liveShow(plan({ products, bundles: [], show: { taxMode: taxed ? 'exclusive' : 'inclusive' } }));
      const by = { rules: { ...DEFAULT_RULES, cashRoundingMinor: step } };
      run(show, { kind: 'open-drawer', floatMinor: 100_000 });
      const lines = [{ sku: 'MUG', quantity: 1, unitPriceMinor: from }];
      sold(show, 'MUG', { lines, tender: 'card' });
      const total = show.state.sales.takings.collectedMinor;
      const cash = Math.min(cashMinor, total);
      const mixed = [
        { kind: 'cash', amountMinor: cash },
        { kind: 'card', amountMinor: total - cash },
      ];
      let saleId = sold(show, 'MUG', { lines, tender: mixed });
      let sku = 'MUG';
      for (const [unitPriceMinor, how] of [[to, kind] as const, ...more]) {
        const before = byTender(show);
        const next = sku === 'MUG' ? 'APRON' : 'MUG';
        const take = [{ sku: next, quantity: 1, unitPriceMinor }];
        const reply = exchange(show, saleId, sku, next, { tender: how, take }, by);
        if (!reply.ok) continue;
        const after = byTender(show);
        const moved = { [how]: Number(reply['differenceMinor']) };
        for (const each of ['cash', 'card']) expect((after[each] ?? 0) - (before[each] ?? 0)).toBe(moved[each] ?? 0);
        [saleId, sku] = [String(reply['saleId']), next];
      }
      expect(breaches(show.state, show.entries)).toEqual([]);
      const drawer = openDrawerOf(show.state.drawers, null);
      expect(drawer && expectedIn(drawer) - 100_000).toBe(byTender(show)['cash']);
    },
  );
  fc.assert(property, { numRuns: 300 });
});
