import { expect, test } from 'vitest';
import { stripeMinor } from './stripe-money.ts';

// docs.stripe.com/currencies against ISO 4217
test.each([
  ['usd', 1000, 1000],
  ['JPY', 500, 500],
  ['krw', 500, 500],
  ['isk', 50_000, 500],
  ['UGX', 50_000, 500],
  ['kwd', 5120, 5120],
  ['bhd', 5120, 5120],
  ['mga', 500, 50_000],
  ['huf', 50_000, 50_000],
  ['twd', 50_000, 50_000],
  ['xyz', 77, 77],
])('%s: %i as Stripe sends it is %i minor units', (currency, amount, minor) => {
  expect(stripeMinor(amount, currency)).toBe(minor);
});

test('the greatest amount that Stripe takes stays exact', () => {
  expect(stripeMinor(99_999_999_900, 'isk')).toBe(999_999_999);
});
