import { expect, it } from 'vitest';
import { priceOf, readPercent } from './sale-price.ts';

const line = (quantity: number, unitMinor: number, taxRate = '0.0825', depositMinor: number | null = null) => {
  return { quantity, unitMinor, taxRate, depositMinor };
};

it('the specification’s example A costs what the hub books', () => {
  expect(priceOf([line(1, 4999), line(2, 1250)], { percent: '10' }, 'exclusive')).toEqual({
    offMinor: 750,
    totalMinor: 7306,
    dueNowMinor: 7306,
  });
});

it('tax within the price adds nothing, and a discount is never more than the basket', () => {
  expect(priceOf([line(3, 1800, '0.23')], { amountMinor: 9900 }, 'inclusive')).toMatchObject({ totalMinor: 0 });
  expect(priceOf([], null, 'inclusive')).toEqual({ offMinor: 0, totalMinor: 0, dueNowMinor: 0 });
});

it('a preorder with a deposit asks for the deposit now', () => {
  expect(priceOf([line(2, 7900, '0', 2000), line(1, 500, '0')], null, 'inclusive')).toEqual({
    offMinor: 0,
    totalMinor: 16_300,
    dueNowMinor: 4500,
  });
});

it('a percentage is read with comma or point, and nothing else is one', () => {
  expect(['12,5', ' 10 ', '100', '101', '-1', 'ten'].map(readPercent)).toEqual(['12.5', '10', '100', null, null, null]);
});
