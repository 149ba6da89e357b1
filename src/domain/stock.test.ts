import { describe, expect, it } from 'vitest';
import { explode } from './catalogue.ts';
import { available, availableUnits, cell, goods } from './stock.ts';
import { type TestShow, given, liveShow, makeShow, offer, plan, product, run } from './testing.ts';

const adopt = (show: TestShow, reserve: number) =>
  given(show, {
    kind: 'plan.adopted',
    body: {
      plan: plan({ products: [product('MUG', { reserve })], bundles: [] }),
      warnings: [],
      demo: false,
      by: 'desk',
    },
  });

describe('opening stock', () => {
  it('is what the plan sets aside', () => {
    expect(cell(makeShow().state.stock, 'MUG', 'reserve')).toEqual({ physical: 10, held: 0, committed: 0 });
  });

  it('changes by the difference when the plan is adopted again, and keeps what was received since', () => {
    const show = makeShow(
      plan({ products: [product('MUG', { reserve: 10 }), product('APRON', { reserve: 4 })], bundles: [] }),
    );
    run(show, { kind: 'receive-stock', sku: 'MUG', quantity: 5 });
    adopt(show, 12);
    expect(available(show.state.stock, 'MUG')).toBe(17);
    expect(available(show.state.stock, 'APRON')).toBe(0);
    adopt(show, 12);
    expect(available(show.state.stock, 'MUG')).toBe(17);
  });

  it('counts promises apart from goods', () => {
    const offers = [offer('pre', 'SET', { kind: 'preorder', cap: 30 })];
    const { stock } = makeShow(plan({ offers })).state;
    expect(cell(stock, 'MUG', 'preorder').physical).toBe(30);
    expect(goods(stock, 'MUG').physical).toBe(10);
  });
});

describe('a bundle', () => {
  it('is worth as many as its scarcest part allows', () => {
    const parts = [
      { sku: 'MUG', quantity: 3 },
      { sku: 'APRON', quantity: 1 },
    ];
    const bundles = [{ sku: 'SET', name: 'Set', priceMinor: 1, taxRate: '0', parts }];
    const { stock, plan: adopted } = makeShow(plan({ bundles })).state;
    expect(availableUnits(stock, adopted, 'SET')).toBe(3);
    expect(availableUnits(stock, adopted, 'NOTHING')).toBe(0);
  });

  it('adds its parts to what the other lines want of them', () => {
    const demand = explode(plan(), [
      { sku: 'SET', quantity: 2 },
      { sku: 'MUG', quantity: 3 },
      { sku: 'NOTHING', quantity: 9 },
    ]);
    expect([...demand]).toEqual([
      ['MUG', 5],
      ['APRON', 2],
    ]);
  });
});

describe('moving goods', () => {
  it('moves what is free and never what is held', () => {
    const show = liveShow();
    run(show, { kind: 'place-hold', lines: [{ sku: 'MUG', quantity: 4 }] });
    const move = (quantity: number) =>
      run(show, { kind: 'move-stock', sku: 'MUG', quantity, from: 'reserve', to: 'allot:stream' });
    expect(move(7)).toMatchObject({ code: 'not-enough', available: 6 });
    expect(move(6)).toMatchObject({ ok: true, available: 0 });
    expect(cell(show.state.stock, 'MUG', 'allot:stream').physical).toBe(6);
  });

  it('knows neither bundles nor promises', () => {
    const show = liveShow();
    expect(run(show, { kind: 'receive-stock', sku: 'SET', quantity: 1 })).toMatchObject({ code: 'unknown-sku' });
    expect(run(show, { kind: 'receive-stock', sku: 'CUP', quantity: 1 })).toMatchObject({ code: 'unknown-sku' });
    expect(run(show, { kind: 'move-stock', sku: 'MUG', quantity: 1, from: 'reserve', to: 'preorder' })).toMatchObject({
      code: 'bad-value',
      field: 'to',
    });
  });

  it('lets an offer sell its own allotment before the reserve', () => {
    const show = liveShow(plan({ offers: [offer('drop', 'MUG')] }));
    run(show, { kind: 'move-stock', sku: 'MUG', quantity: 2, from: 'reserve', to: 'allot:drop' });
    run(show, { kind: 'open-offer', offer: 'drop' });
    run(show, {
      kind: 'record-sale',
      channel: 'stream',
      tender: 'card',
      offer: 'drop',
      lines: [{ sku: 'MUG', quantity: 3 }],
    });
    expect([cell(show.state.stock, 'MUG', 'allot:drop').physical, available(show.state.stock, 'MUG')]).toEqual([0, 7]);
  });
});
