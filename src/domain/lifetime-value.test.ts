import { describe, expect, it } from 'vitest';
import { type SpendTotals, areTotalsPossible, meanSpend, spendDifference, spendTotals } from './lifetime-value.ts';

const show: SpendTotals = { buyers: 216, sumMinor: 1_399_680, sumSquares: 12_340_076_400n };
const control: SpendTotals = { buyers: 400, sumMinor: 2_244_000, sumSquares: 18_051_150_000n };

describe('first-week spend of two groups', () => {
  it('differs by +8.70, 2.36 to 15.04, in the example of the spec', () => {
    const found = spendDifference(show, control);
    expect(found?.value).toBe(870);
    expect(found?.low.toFixed(2)).toBe('235.98');
    expect(found?.high.toFixed(2)).toBe('1504.02');
  });

  it('gives the same from single spends as from their totals', () => {
    const spends = [1200, 0, 4500, -300, 1200];
    const totals = spendTotals(spends);
    expect(totals).toEqual({ buyers: 5, sumMinor: 6600, sumSquares: 23_220_000n });
    const mean = meanSpend(totals);
    const s2 = spends.reduce((sum, spend) => sum + (spend - 1320) ** 2, 0) / 4;
    expect(mean?.value).toBe(1320);
    expect(mean?.high).toBeCloseTo(1320 + 1.959963984540054 * Math.sqrt(s2 / 5), 9);
  });

  it('stays exact where squares pass 2^53: equal spends have no spread', () => {
    const totals = spendTotals(new Array<number>(300).fill(987_654_321_987));
    expect(meanSpend(totals)).toEqual({ value: 987_654_321_987, low: 987_654_321_987, high: 987_654_321_987 });
  });

  it('is not known with fewer than two buyers', () => {
    expect(spendDifference(spendTotals([100]), control)).toBeNull();
    expect(meanSpend(spendTotals([]))).toBeNull();
  });
});

it('totals that no group of buyers could have are found out', () => {
  expect(areTotalsPossible(show)).toBe(true);
  expect(areTotalsPossible({ ...show, sumSquares: 9_000_000_000n })).toBe(false);
  expect(areTotalsPossible({ buyers: 0, sumMinor: 1, sumSquares: 1n })).toBe(false);
});
