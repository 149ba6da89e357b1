import { expect, it } from 'vitest';
import type { SaleSheet } from '../../../contract/views/sale-sheet-view.ts';
import { linesOf, returnable } from './returnable.ts';

const line = (sku: string | null, quantity: number, more: object = {}) => {
  const money = { unitPriceMinor: 100, discountMinor: 0, netMinor: 100 * quantity };
  return { line: 1, sku, name: sku ?? 'Strange', quantity, refunded: 0, ...money, offer: null, parts: [], ...more };
};
const sheet = (...lines: ReturnType<typeof line>[]): SaleSheet => ({ lines }) as unknown as SaleSheet;

it('what may come back is what is left, bundles whole or by part, and nothing that nobody knows', () => {
  const parts = [{ sku: 'PEELER', name: 'Peeler', quantity: 4 }];
  expect(
    returnable(sheet(line('MUG', 3, { refunded: 1 }), line('SET', 2, { parts }), line('MUG', 1), line(null, 5))),
  ).toEqual([
    { sku: 'MUG', name: 'MUG', left: 3, isPart: false },
    { sku: 'SET', name: 'SET', left: 2, isPart: false },
    { sku: 'PEELER', name: 'Peeler', left: 4, isPart: true },
  ]);
  expect(returnable(sheet(line('MUG', 2, { refunded: 2 })))).toEqual([]);
});

it('an empty number asks for nothing', () => {
  expect(linesOf({ MUG: 2, CUP: 0, SET: null })).toEqual([{ sku: 'MUG', quantity: 2 }]);
});
