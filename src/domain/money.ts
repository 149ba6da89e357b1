import { currencyDigits as digitsOf } from './currencies.ts';
import type { Minor } from './units.ts';

/**
 * Exact arithmetic with integer minor units (MON-1 … MON-6). Sums and differences are plain; whatever multiplies or
 * divides goes through here and through BigInt, because total × weight can pass 2^53.
 */

/** ISO 4217 digits of a currency; null when there is no such currency. */
export function currencyDigits(currency: string): number | null {
  return digitsOf(currency);
}

/**
 * Decimal text as people write it → minor units, by shifting digits as text.
 *
 * @returns null when the text is no number, has more digits than the currency (unless they are zeros), when the amount
 *          would not be a safe integer, or when the currency is unknown
 */
export function parseMinor(text: string, currency: string): Minor | null {
  const digits = digitsOf(currency);
  const parts = /^([+-]?)(\d{1,13})(?:\.(\d{1,8}))?$/.exec(text);
  if (!parts || digits === null) return null;
  const fraction = (parts[3] ?? '').padEnd(digits, '0');
  if (/[1-9]/.test(fraction.slice(digits))) return null;
  const minor = Number(`${parts[2]}${fraction.slice(0, digits)}`);
  if (!Number.isSafeInteger(minor)) return null;
  return parts[1] === '-' && minor !== 0 ? -minor : minor;
}

/** Minor units → plain decimal text with all of the currency's digits: `1800` EUR → `18.00`. */
export function formatDecimal(minor: Minor, currency: string): string {
  const digits = digitsOf(currency) ?? 0;
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  const sign = minor < 0 ? '-' : '';
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** For sentences of refusals and alarms; screens format with the user's language. */
export function formatMinor(amount: Minor, currency: string): string {
  return `${formatDecimal(amount, currency)} ${currency}`;
}

/**
 * Splits a total by weights so that the parts sum to it: floor shares, then one unit each to the largest remainders, ties
 * to the earlier line. The sign is kept; weights that are all 0 count as equal.
 */
export function allocate(total: Minor, weights: readonly number[]): Minor[] {
  if (weights.length === 0) return [];
  if (weights.length === 1) return [total];
  const even = weights.every((weight) => weight === 0);
  const big = weights.map((weight) => (even ? 1n : BigInt(weight)));
  const sum = big.reduce((all, weight) => all + weight, 0n);
  const amount = BigInt(Math.abs(total));
  const shares = big.map((weight) => (amount * weight) / sum);
  const remainders = big.map((weight) => (amount * weight) % sum);
  let left = Number(amount - shares.reduce((all, share) => all + share, 0n));
  const order = remainders.map((_, i) => i).sort((a, b) => compare(remainders[b] ?? 0n, remainders[a] ?? 0n) || a - b);
  for (const i of order) {
    if (left === 0) break;
    shares[i] = (shares[i] ?? 0n) + 1n;
    left -= 1;
  }
  return shares.map((share) => (total < 0 && share !== 0n ? -Number(share) : Number(share)));
}

/** `amount × numerator / denominator`, half away from zero. */
export function share(amount: Minor, numerator: bigint, denominator: bigint): Minor {
  const product = BigInt(amount) * numerator;
  const positive = product < 0n === denominator < 0n;
  const top = product < 0n ? -product : product;
  const bottom = denominator < 0n ? -denominator : denominator;
  const rounded = Number((2n * top + bottom) / (2n * bottom));
  return positive || rounded === 0 ? rounded : -rounded;
}

/** `rate` of an amount, half away from zero. @param rate decimal fraction as text, e.g. "0.0825" */
export function percent(amount: Minor, rate: string): Minor {
  const { numerator, denominator } = fraction(rate);
  return share(amount, numerator, denominator);
}

export type TaxMode = 'inclusive' | 'exclusive';

/** Tax of one line's net: on top of it (exclusive) or within it (inclusive). */
export function taxOf(net: Minor, rate: string, mode: TaxMode): Minor {
  const { numerator, denominator } = fraction(rate);
  if (numerator === 0n || net === 0) return 0;
  return share(net, numerator, mode === 'exclusive' ? denominator : denominator + numerator);
}

/** Gross of a line; a product of two safe integers need not be one. */
export function times(price: Minor, quantity: number): Minor {
  const product = price * quantity;
  if (!Number.isSafeInteger(product)) throw new RangeError(`${quantity} × ${price} minor units is too much money`);
  return product;
}

const fractions = new Map<string, { numerator: bigint; denominator: bigint }>();

function fraction(rate: string): { numerator: bigint; denominator: bigint } {
  const known = fractions.get(rate);
  if (known) return known;
  const [whole = '0', decimals = ''] = rate.split('.');
  const made = { numerator: BigInt(`${whole}${decimals}`), denominator: 10n ** BigInt(decimals.length) };
  if (fractions.size < 100) fractions.set(rate, made);
  return made;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
