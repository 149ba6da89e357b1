import { expect, test } from 'vitest';
import type { TillItem, TillView } from '../../../contract/floor-views.ts';
import type { Kept } from '../parts/connection.ts';
import { bySale, leftHere, priced, saleBody } from './basket.ts';
import { nextReceipt } from './receipts.ts';

const item = (sku: string, priceMinor: number, left: number, offer: string | null = null): TillItem => ({
  sku,
  name: sku,
  priceMinor,
  left,
  level: 'ok',
  offer,
});
const items = [item('MUG', 1800, 6, 'drop-1'), item('APRON', 2400, 18)];
const kept = (quantity: number, change: Partial<Kept> = {}): Kept => ({
  id: 'i1',
  kind: 'record-sale',
  body: { lines: [{ sku: 'MUG', quantity }], receipt: 'till-1-000041' },
  madeAt: '2026-11-28T20:12:31.000Z',
  tried: false,
  refusal: null,
  ...change,
});

test('a basket is priced by the catalogue of the view', () => {
  const lines = priced(
    [
      { sku: 'MUG', quantity: 2, inHand: false },
      { sku: 'GONE', quantity: 1, inHand: false },
    ],
    items,
  );
  expect(lines.map((line) => [line.sku, line.totalMinor])).toEqual([['MUG', 3600]]);
});

test('what the hub has not heard yet is already gone here, what it refused is not', () => {
  expect(leftHere(items, [kept(4)]).get('MUG')).toBe(2);
  expect(leftHere(items, [kept(9)]).get('MUG')).toBe(0);
  expect(leftHere(items, [kept(4, { refusal: { code: 'out-of-stock', message: '' } })]).get('MUG')).toBe(6);
});

test('a sale names the offer whose price it used, and says when it was cut off', () => {
  const lines = priced([{ sku: 'MUG', quantity: 1, inHand: false }], items);
  const sale = { tender: 'card', receipt: 'till-1-000001', madeAt: '2026-11-28T20:12:31.000Z' };
  expect(saleBody(lines, { ...sale, offline: false })).toEqual({
    lines: [{ sku: 'MUG', quantity: 1 }],
    channel: 'in-person',
    ...sale,
    offer: 'drop-1',
  });
  expect(saleBody(lines, { ...sale, offline: true })).toMatchObject({
    offline: true,
    lines: [{ sku: 'MUG', unitPriceMinor: 1800 }],
  });
});

test('a basket with two drops is two sales, so that each gets its price', () => {
  const many = [...items, item('KETTLE', 4000, 9, 'drop-2')];
  const lines = priced(
    many.map(({ sku }) => ({ sku, quantity: 1, inHand: false })),
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
