import { readMoney } from '../../../lib/format.ts';
import type { Off } from '../basket.ts';

/**
 * A discount as people write it: "10%", "12.5 %", "2.50".
 *
 * @returns undefined for none; null when the text is no discount
 */
export function readOff(text: string, digits: number): Off | undefined | null {
  const plain = text.trim();
  if (plain === '' || plain === '0') return undefined;
  const share = /^(\d{1,3})(?:[.,](\d{1,4}))?\s*%$/.exec(plain);
  if (share) {
    const percent = share[2] === undefined ? `${Number(share[1])}` : `${Number(share[1])}.${share[2]}`;
    return Number(percent) > 100 ? null : Number(percent) === 0 ? undefined : { percent };
  }
  const minor = readMoney(plain, digits);
  return minor === null ? null : { minor };
}

/** The same discount as text again. @param digits of the currency */
export function offText(off: Off | undefined, digits: number): string {
  if (!off) return '';
  if ('percent' in off) return `${off.percent}%`;
  return moneyText(off.minor, digits);
}

/** Minor units as a person would type them, for fields that are filled in already. */
export function moneyText(minor: number, digits: number): string {
  const text = String(minor).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
