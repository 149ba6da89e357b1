import { expect, test } from 'vitest';
import { likelyCash } from './money-back.ts';

test('the sums a buyer may hand over are the next round ones, smallest first', () => {
  expect(likelyCash(6_000, 2)).toEqual([10_000]);
  expect(likelyCash(1_730, 2)).toEqual([2_000, 5_000, 10_000]);
  expect(likelyCash(2_100, 2)).toEqual([2_500, 3_000, 4_000]);
});

test('currencies without minor digits count in hundreds', () => {
  expect(likelyCash(1_800, 0)).toEqual([2_000, 5_000, 10_000]);
});
