import { formatMinor } from '../money.ts';
import { type Decision, refuse } from '../refusal.ts';
import type { Minor } from '../units.ts';

/**
 * What the lines of one sale or refund may come to in minor units. Tax on top of it, a tip, and the sums of several such
 * sales are still exact whole numbers (MON-1); in a currency of two digits it is ten million million.
 */
export const MOST_MONEY: Minor = 1e15;

/** Sums are of doubles here, whose error is far below the limit. @returns the first line with which it is too much */
export function tooMuchMoney(
  lines: readonly { minor: Minor; quantity: number }[],
  currency: string,
): (Decision & { ok: false }) | null {
  let sum = 0;
  for (const [i, { minor, quantity }] of lines.entries()) {
    sum += minor * quantity;
    if (sum <= MOST_MONEY) continue;
    const message = `That is more money than one sale can come to; ${formatMinor(MOST_MONEY, currency)} is the most.`;
    return refuse('bad-value', message, { field: `lines[${i}].quantity`, mostMinor: MOST_MONEY });
  }
  return null;
}
