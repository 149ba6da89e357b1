import { expect, it } from 'vitest';
import { nearProducts } from './near-products.ts';

const product = (sku: string, name: string) => {
  return { sku, name, priceMinor: 100, reserve: 1, lowAt: 0, flags: [], bundle: false, parts: [], taxRate: '0' };
};
const products = [product('MUG-BLUE', 'Blue mug'), product('APRON', 'Linen apron'), product('0042', 'Tea bowl')];
const near = (sku: string, name = '') => nearProducts(products, { sku, name }).map((one) => one.sku);

it('case, spaces, dashes and leading zeros tell no products apart', () => {
  expect(near('mug blue')).toEqual(['MUG-BLUE']);
  expect(near('42')).toEqual(['0042']);
});

it('a name that shares its words is offered too', () => {
  expect(near('X-1', 'Mug, blue, second choice')).toEqual(['MUG-BLUE']);
});

it('what is like nothing is offered nothing', () => {
  expect(near('', '')).toEqual([]);
  expect(near('ZZ', 'Poster')).toEqual([]);
});
