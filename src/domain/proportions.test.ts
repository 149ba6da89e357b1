import { describe, expect, it } from 'vitest';
import { limitsText, proportion, rateText, shareDifference } from './proportions.ts';

describe('a share of people', () => {
  it.each([
    [216, 1200, '18.0 %', '15.9–20.3 %'],
    [540, 1200, '45.0 %', '42.2–47.8 %'],
    [212, 1200, '17.7 %', '15.6–19.9 %'],
    [78, 216, '36 %', '30.0–42.7 %'],
    [75, 300, '25.0 %', '20.4–30.2 %'],
    [0, 10, '0 %', '0.0–27.8 %'],
    [10, 10, '100 %', '72.2–100.0 %'],
    [0, 0, '–', '–'],
  ])('%i of %i is %s (%s)', (count, of, rate, limits) => {
    expect(rateText({ count, of })).toBe(rate);
    expect(limitsText(proportion(count, of))).toBe(limits);
  });

  it('has limits that hold it and never leave 0 to 1', () => {
    for (let of = 1; of <= 60; of += 1) {
      for (let count = 0; count <= of; count += 1) {
        const { rate, low, high } = proportion(count, of);
        expect([low, rate, high]).toEqual([low, rate, high].toSorted((a, b) => (a ?? 0) - (b ?? 0)));
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe('the difference of two shares', () => {
  it('is 10.24 points, 3.34 to 17.46, for 61 of 216 against 72 of 400', () => {
    const found = shareDifference({ count: 61, of: 216 }, { count: 72, of: 400 });
    expect(points(found?.value)).toBe('10.24');
    expect(points(found?.low)).toBe('3.34');
    expect(points(found?.high)).toBe('17.46');
  });

  // Newcombe 1998, table II: the two examples that its method 10 is quoted with.
  it.each([
    [56, 70, 48, 80, '5.24', '33.39'],
    [9, 10, 3, 10, '17.05', '80.90'],
    [10, 10, 0, 10, '60.75', '100.00'],
  ])('agrees with the published limits for %i/%i − %i/%i', (a, of, b, ofB, low, high) => {
    const found = shareDifference({ count: a, of }, { count: b, of: ofB });
    expect([points(found?.low), points(found?.high)]).toEqual([low, high]);
  });

  it('is turned round when the groups are', () => {
    const [a, b] = [
      { count: 7, of: 31 },
      { count: 20, of: 45 },
    ];
    const [one, other] = [shareDifference(a, b), shareDifference(b, a)];
    expect(one?.low).toBeCloseTo(-(other?.high ?? 0), 12);
    expect(one?.high).toBeCloseTo(-(other?.low ?? 0), 12);
  });

  it('is nothing when a group is empty', () => {
    expect(shareDifference({ count: 0, of: 0 }, { count: 1, of: 2 })).toBeNull();
  });
});

function points(fraction: number | undefined): string {
  return ((fraction ?? NaN) * 100).toFixed(2);
}
