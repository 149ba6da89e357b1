import { currencyDigits, share, times } from '../../domain/money.ts';
import type { Minor } from '../../domain/units.ts';

/**
 * Digits in which Stripe counts a currency, where they are not those of ISO 4217 (docs.stripe.com/currencies): krónur and
 * Uganda shillings still come with two digits (always 00), ariary with none. Three-digit currencies end in 0 and need
 * nothing.
 */
const STRIPE_DIGITS: Record<string, number> = { ISK: 2, UGX: 2, MGA: 0 };

/**
 * @param amount   whole number as Stripe sent it
 * @param currency ISO code in any letter case
 * @returns minor units of the currency
 */
export function stripeMinor(amount: number, currency: string): Minor {
  const code = currency.toUpperCase();
  const digits = currencyDigits(code);
  const given = STRIPE_DIGITS[code] ?? digits;
  if (digits === null || given === null || digits === given) return amount;
  return digits > given ? times(amount, 10 ** (digits - given)) : share(amount, 1n, 10n ** BigInt(given - digits));
}
