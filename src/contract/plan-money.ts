import type { Minor } from '../domain/units.ts';

/** Minor units as the decimal text that plan files and CSV carry: 1800 with 2 digits → "18.00", exact at any size. */
export function decimalText(amount: Minor, digits: number): string {
  const sign = amount < 0 ? '-' : '';
  const text = Math.abs(amount)
    .toString()
    .padStart(digits + 1, '0');
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
