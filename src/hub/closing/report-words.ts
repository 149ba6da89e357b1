import type { Cell, Column, Report } from '../../contract/report-file.ts';
import { localTime } from '../../domain/local-time.ts';
import { formatDecimal } from '../../domain/money.ts';
import { fromIso } from '../../domain/units.ts';

/** How a report's values read in the show's language and on its wall clock. */
export interface Words {
  money(minor: number): string;
  /** money without the currency's sign, for tables whose head names it */
  amount(minor: number): string;
  count(value: number): string;
  percent(share: number): string;
  /** 19:05 */
  clock(iso: string): string;
  /** 28 November 2026 */
  day(iso: string): string;
  cell(column: Column, value: Cell): string;
}

export function wordsOf({ show }: Report): Words {
  const language = supported(show.language);
  const digits = { minimumFractionDigits: show.currencyDigits, maximumFractionDigits: show.currencyDigits };
  const money = new Intl.NumberFormat(language, { style: 'currency', currency: show.currency, ...digits });
  const amount = new Intl.NumberFormat(language, digits);
  const count = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(language, {
    timeZone: show.timeZone,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
  // Decimal text, not a float, so that large amounts keep their last digit.
  const decimal = (minor: number): Intl.StringNumericLiteral =>
    formatDecimal(minor, show.currency) as Intl.StringNumericLiteral;
  const clock = (iso: string): string => localTime(fromIso(iso), show.timeZone).time.slice(0, 5);
  const words: Words = {
    money: (minor) => money.format(decimal(minor)),
    amount: (minor) => amount.format(decimal(minor)),
    count: (value) => count.format(value),
    percent: (share) => percent.format(share),
    clock,
    day: (iso) => day.format(fromIso(iso)),
    cell({ key, type }, value) {
      if (value === null) return '–';
      if (type === 'money' && typeof value === 'number') return amount.format(decimal(value));
      if (type === 'instant' && typeof value === 'string') return clock(value);
      if (type === 'duration' && typeof value === 'number') return duration(value);
      if (type === 'ratio' && typeof value === 'number')
        return SHARES.has(key) ? percent.format(value) : count.format(value);
      if (typeof value === 'number') return count.format(value);
      if (typeof value === 'boolean') return value ? 'yes' : 'no';
      return key.endsWith('Local') ? value.slice(11, 16) : value;
    },
  };
  return words;
}

const SHARES = new Set(['shareOfNet', 'sellThrough', 'refundRate']);

/** 194000 → 3:14; -5000 → −0:05 */
export function duration(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${ms < 0 && seconds > 0 ? '−' : ''}${h > 0 ? `${h}:${two(m)}` : m}:${two(s)}`;
}

function supported(language: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf([language])[0] ?? 'en';
  } catch {
    // A tag that is no language at all.
    return 'en';
  }
}
