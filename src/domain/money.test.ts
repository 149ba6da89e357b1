import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CURRENCIES } from './currencies.ts';
import { allocate, currencyDigits, formatDecimal, parseMinor, percent, share, taxOf } from './money.ts';

describe('the table of currencies', () => {
  it.each([
    ['EUR', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['HUF', 2],
    ['IDR', 2],
    ['COP', 2],
    ['IQD', 3],
    ['ISK', 0],
    ['UGX', 0],
  ])('gives %s the digits of ISO 4217, whatever people are used to: %i', (code, digits) => {
    expect(currencyDigits(code)).toBe(digits);
  });

  it('knows no currency by a wrong name', () => {
    expect(currencyDigits('EURO')).toBeNull();
    expect(currencyDigits('eur')).toBeNull();
    expect(currencyDigits('')).toBeNull();
  });

  it('names each currency once, in three letters', () => {
    expect(new Set(CURRENCIES).size).toBe(CURRENCIES.length);
    expect(CURRENCIES.filter((code) => !/^[A-Z]{3}$/.test(code))).toEqual([]);
    expect(CURRENCIES.length).toBeGreaterThan(150);
  });
});

describe('decimal text', () => {
  it.each([
    ['18.00', 'EUR', 1800],
    ['18', 'EUR', 1800],
    ['19.99', 'EUR', 1999],
    ['18.000', 'EUR', 1800],
    ['-0.05', 'EUR', -5],
    ['+7.5', 'EUR', 750],
    ['-0', 'EUR', 0],
    ['1800', 'JPY', 1800],
    ['1.234', 'KWD', 1234],
    ['0012.30', 'USD', 1230],
    ['9999999999999', 'JPY', 9999999999999],
  ])('%s %s is %i minor units', (text, currency, minor) => {
    expect(parseMinor(text, currency)).toBe(minor);
  });

  it.each([
    ['18.005', 'EUR'],
    ['18.5', 'JPY'],
    ['', 'EUR'],
    ['1,50', 'EUR'],
    ['1e3', 'EUR'],
    ['.5', 'EUR'],
    ['5.', 'EUR'],
    [' 5', 'EUR'],
    ['0x10', 'EUR'],
    ['12345678901234', 'EUR'],
    ['9999999999999.999', 'KWD'],
    ['5', 'XYZ'],
  ])('"%s" %s is refused rather than guessed', (text, currency) => {
    expect(parseMinor(text, currency)).toBeNull();
  });

  it('is read back as it was written, for every amount of every currency', () => {
    const amount = fc.integer({ min: -1e12, max: 1e12 });
    fc.assert(
      fc.property(amount, fc.constantFrom(...CURRENCIES), (minor, currency) => {
        expect(parseMinor(formatDecimal(minor, currency), currency)).toBe(minor);
      }),
    );
  });
});

describe('splitting money', () => {
  it.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [-100, [1, 1, 1], [-34, -33, -33]],
    [1000, [3, 3, 1], [429, 428, 143]],
    [10, [0, 0], [5, 5]],
    [7, [0, 1], [0, 7]],
    [0, [1, 2], [0, 0]],
  ])('%i over %j is %j', (total, weights, parts) => {
    expect(allocate(total, weights)).toEqual(parts);
  });

  it('loses nothing, keeps the sign and strays from the exact share by less than one unit', () => {
    const weights = fc.array(fc.nat(1e9), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.integer({ min: -9e15, max: 9e15 }), weights, (total, by) => {
        const parts = allocate(total, by);
        expect(parts.reduce((sum, part) => sum + BigInt(part), 0n)).toBe(BigInt(total));
        const sum = by.reduce((all, weight) => all + BigInt(weight), 0n);
        if (sum === 0n) return;
        parts.forEach((part, i) => {
          const error = BigInt(part) * sum - BigInt(total) * BigInt(by[i] ?? 0);
          expect(error > -sum && error < sum).toBe(true);
        });
      }),
    );
  });
});

describe('rates', () => {
  it('rounds half away from zero', () => {
    expect(percent(50, '0.01')).toBe(1);
    expect(percent(49, '0.01')).toBe(0);
    expect(percent(-50, '0.01')).toBe(-1);
    expect(share(-7, 1n, 2n)).toBe(-4);
    expect(share(7, -1n, 2n)).toBe(-4);
    expect(Object.is(share(-1, 1n, 100n), 0)).toBe(true);
  });

  it('stays exact where a float would not', () => {
    expect(percent(9_007_199_254_740_991, '0.5')).toBe(4_503_599_627_370_496);
  });

  it('takes tax out of an inclusive price and puts it on an exclusive one', () => {
    expect(taxOf(4860, '0.23', 'inclusive')).toBe(909);
    expect(taxOf(4499, '0.0825', 'exclusive')).toBe(371);
    expect(taxOf(2250, '0.0825', 'exclusive')).toBe(186);
    expect(taxOf(1800, '0', 'inclusive')).toBe(0);
  });
});
