import { expect, test } from 'vitest';
import { readTillSales } from './till-sales-file.ts';
import { joinTillSalesPages, tillSalesPages, tillSalesText, type TillSales } from './till-sales.ts';

const sales = (count: number): TillSales => ({
  format: 'dropdesk-till-sales',
  version: 1,
  show: 'harbour',
  device: 'AAAAAAAAAAAAAAAAAAAAAA',
  commands: Array.from({ length: count }, (_, n) => ({
    id: `sale-${n}`,
    kind: 'record-sale',
    body: { lines: [{ sku: 'MUG', quantity: n + 1 }], channel: 'in-person', tender: 'cash', priceReason: 'Für Åse ' },
    madeAt: '2026-11-28T20:12:31.000Z',
  })),
});

test('sales come back whole from pages that were scanned in any order, letters of any language included', () => {
  const text = tillSalesText(sales(20));
  expect(text).toMatch(/^[\x20-\x7e]+$/);
  const pages = tillSalesPages(text);
  expect(pages.length).toBeGreaterThan(3);
  expect(Math.max(...pages.map((page) => page.length))).toBeLessThan(720);
  expect(readTillSales(pages.toReversed().join('\r\n'))).toEqual({ sales: sales(20) });
  expect(readTillSales(text)).toEqual({ sales: sales(20) });
});

test('a page that is missing is named', () => {
  const pages = tillSalesPages(tillSalesText(sales(20)));
  expect(joinTillSalesPages(pages.filter((_, n) => n !== 1).join('\n'))).toEqual({ missing: [2] });
  expect(readTillSales(pages.slice(1).join('\n'))).toEqual({ problem: 'Page 1 is missing. Scan it too.' });
});

test('nothing else is taken for sales', () => {
  expect(readTillSales('hello')).toHaveProperty('problem');
  expect(readTillSales('')).toHaveProperty('problem');
  const foreign = { ...sales(1), commands: [{ ...sales(1).commands[0], kind: 'attach-buyer' }] };
  expect(readTillSales(JSON.stringify(foreign))).toHaveProperty('problem');
});
