import { expect, test } from 'vitest';
import type { TillItem, TillView } from '../../../contract/floor-views.ts';
import type { Kept } from '../parts/connection.ts';
import { bySale, leftHere, priced, spread } from './basket.ts';
import { nextReceipt } from './receipts.ts';

const item = (sku: string, priceMinor: number, left: number, more: Partial<TillItem> = {}): TillItem => ({
  ...{ sku, name: sku, priceMinor, left },
  ...more,
});
const items = [item('MUG', 1800, 6, { offer: 'drop-1', lease: 2 }), item('APRON', 2400, 18)];
const kept = (quantity: number, change: Partial<Kept> = {}): Kept => ({
  id: 'i1',
  kind: 'record-sale',
  body: { lines: [{ sku: 'MUG', quantity }], receipt: 'till-1-000041' },
  madeAt: '2026-11-28T20:12:31.000Z',
  tried: false,
  refusal: null,
  ...change,
});

test('a basket is priced by the catalogue of the view, or by the offer that the seller chose', () => {
  const basket = [
    { sku: 'MUG', quantity: 2 },
    { sku: 'GONE', quantity: 1 },
  ];
  expect(priced(basket, items).map((line) => [line.sku, line.totalMinor])).toEqual([['MUG', 3600]]);
  const offers = [{ id: 'vip', sku: 'MUG', priceMinor: 1500, gate: 'code' as const }];
  const chosen = priced([{ sku: 'MUG', quantity: 2, offer: 'vip' }], items, offers);
  expect(chosen).toMatchObject([{ priceMinor: 1500, offer: 'vip', totalMinor: 3000 }]);
});

test('a discount is by amount or per cent, never above what the line costs', () => {
  const off = (off: { minor: number } | { percent: string }) =>
    priced([{ sku: 'MUG', quantity: 3, off }], items).map(({ offMinor, totalMinor }) => [offMinor, totalMinor]);
  expect(off({ percent: '12.5' })).toEqual([[675, 4725]]);
  expect(off({ minor: 400 })).toEqual([[400, 5000]]);
  expect(off({ minor: 99_999 })).toEqual([[5400, 0]]);
});

test('a discount on everything is rounded once and spread, to the cent', () => {
  const lines = priced(
    items.map(({ sku }) => ({ sku, quantity: 1 })),
    items,
  );
  const shared = spread(lines, { percent: '3.33' });
  expect(shared.map(({ offMinor }) => offMinor)).toEqual([60, 80]);
  expect(shared.map(({ totalMinor }) => totalMinor)).toEqual([1740, 2320]);
});

test('what the hub has not heard yet is already gone here, what it refused is not', () => {
  expect(leftHere(items, [kept(4)], false).get('MUG')).toBe(2);
  expect(leftHere(items, [kept(9)], false).get('MUG')).toBe(0);
  const refused = kept(4, { refusal: { code: 'out-of-stock', message: '' } });
  expect(leftHere(items, [refused], false).get('MUG')).toBe(6);
});

test('a till that is cut off has its lease and nothing else', () => {
  expect([...leftHere(items, [], true)]).toEqual([
    ['MUG', 2],
    ['APRON', 0],
  ]);
  expect(leftHere(items, [kept(1)], true).get('MUG')).toBe(1);
});

test('a bundle shares its parts with what is sold by itself', () => {
  const parts = [
    { sku: 'MUG', quantity: 2 },
    { sku: 'APRON', quantity: 1 },
  ];
  const all = [...items, item('SET', 3800, 3, { parts })];
  expect(leftHere(all, [], false).get('SET')).toBe(3);
  expect(leftHere(all, [kept(3)], false).get('SET')).toBe(1);
  const bundle = kept(0, { body: { lines: [{ sku: 'SET', quantity: 2 }] } });
  expect([...leftHere(all, [bundle], false)]).toEqual([
    ['MUG', 2],
    ['APRON', 16],
    ['SET', 1],
  ]);
});

test('a basket with two drops is two sales, so that each gets its price', () => {
  const many = [...items, item('KETTLE', 4000, 9, { offer: 'drop-2' })];
  const lines = priced(
    many.map(({ sku }) => ({ sku, quantity: 1 })),
    many,
  );
  expect(bySale(lines).map((sale) => sale.map((line) => line.sku))).toEqual([['MUG', 'APRON'], ['KETTLE']]);
  expect(bySale(lines.slice(0, 2))).toHaveLength(1);
});

test('receipt numbers climb from the highest that anyone remembers', () => {
  const view = {
    till: { id: 'till-1', name: 'Till 1' },
    last: { saleId: 's1', totalMinor: 1, at: '', receipt: 'till-1-000012' },
  } as TillView;
  expect(nextReceipt(view, [], 0).receipt).toBe('till-1-000013');
  expect(nextReceipt(view, [kept(1)], 0).receipt).toBe('till-1-000042');
  expect(nextReceipt(view, [kept(1)], 99).receipt).toBe('till-1-000100');
});
