import type { Minor } from './units.ts';

/** Stub: the ISO 4217 table and exact arithmetic come here (MON-1 … MON-6). */
export function currencyDigits(_currency: string): number {
  return 2;
}
export function formatMinor(_amount: Minor, _currency: string): string {
  return '';
}
