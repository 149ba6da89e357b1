import type { Minor } from './units.ts';

/** Stub: the ISO 4217 table and exact arithmetic come here (MON-1 … MON-6). */
export function currencyDigits(_currency: string): number {
  return 2;
}
export function formatMinor(_amount: Minor, _currency: string): string {
  return '';
}
export function parseMinor(text: string, currency: string): Minor | null {
  const digits = currencyDigits(currency);
  const parts = /^([+-]?)(\d{1,13})(?:\.(\d{1,8}))?$/.exec(text);
  if (!parts) return null;
  const fraction = (parts[3] ?? '').padEnd(digits, '0');
  if (/[1-9]/.test(fraction.slice(digits))) return null;
  const minor = Number(`${parts[2]}${fraction.slice(0, digits)}`);
  return parts[1] === '-' ? -minor : minor;
}
