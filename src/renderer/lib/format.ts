/**
 * Numbers, money and times as people read them. Pure; the language of the page is a parameter with one default, the
 * show's currency and zone always come from the caller.
 */
export interface MoneyStyle {
  currency: string;
  /** ISO 4217 digits of the currency */
  digits: number;
}

const LANGUAGE = 'en';
export const MINUS = '−';
export const DASH = '–';

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();
function once<T extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => T): T {
  const known = cache.get(key);
  if (known) return known as T;
  const made = make();
  cache.set(key, made);
  return made;
}

/** Full precision, e.g. "€36.00": tables and receipts. */
export function money(minor: number, { currency, digits }: MoneyStyle, language = LANGUAGE): string {
  const format = once(
    `m${language}${currency}${digits}`,
    () =>
      new Intl.NumberFormat(language, {
        style: 'currency',
        currency,
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
  );
  return format.format(minor / 10 ** digits).replace('-', MINUS);
}

/** For heroes and axes: the minor digits go from 100 units up, e.g. "€3,482" but "€48.50". */
export function moneyShort(minor: number, style: MoneyStyle, language = LANGUAGE): string {
  return Math.abs(minor) < 100 * 10 ** style.digits
    ? money(minor, style, language)
    : moneyRound(minor, style, language);
}

/** Whole units, for rates and other estimates, e.g. "€48". */
export function moneyRound(minor: number, style: MoneyStyle, language = LANGUAGE): string {
  const format = once(
    `s${language}${style.currency}`,
    () => new Intl.NumberFormat(language, { style: 'currency', currency: style.currency, maximumFractionDigits: 0 }),
  );
  return format.format(minor / 10 ** style.digits).replace('-', MINUS);
}

export function currencySymbol(currency: string, language = LANGUAGE): string {
  const format = once(
    `y${language}${currency}`,
    () => new Intl.NumberFormat(language, { style: 'currency', currency }),
  );
  return format.formatToParts(0).find((part) => part.type === 'currency')?.value ?? currency;
}

/**
 * Money that a person typed, exactly, without a float: "18", "18.00", "18,00" (comma or point as the decimal mark).
 *
 * @returns minor units, or null when the text is no amount of this currency (too many digits included)
 */
export function readMoney(text: string, digits: number): number | null {
  const match = /^(\d{1,11})(?:[.,](\d+))?$/.exec(text.trim());
  if (!match) return null;
  const fraction = match[2] ?? '';
  if (fraction.length > digits) return null;
  return Number(match[1]) * 10 ** digits + Number(fraction.padEnd(digits, '0') || '0');
}

export function integer(value: number, language = LANGUAGE): string {
  return once(`i${language}`, () => new Intl.NumberFormat(language, { maximumFractionDigits: 0 }))
    .format(value)
    .replace('-', MINUS);
}

/** `decimals` digits after the point, always: 5.98, 0.0. */
export function decimal(value: number, decimals: number, language = LANGUAGE): string {
  const format = once(
    `d${language}${decimals}`,
    () => new Intl.NumberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
  );
  return format.format(value).replace('-', MINUS);
}

/** A whole per cent, half up. */
export function percent(ratio: number): string {
  return `${integer(Math.floor(ratio * 100 + 0.5))}%`;
}

/** `mm:ss`, from an hour up `h:mm:ss`; whole seconds, rounded down, sign dropped. */
export function duration(ms: number): string {
  const total = Math.floor(Math.abs(ms) / 1000);
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const tail = `${two(minutes)}:${two(seconds)}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

/** With its sign, e.g. "+00:10", "−00:25". */
export function signedDuration(ms: number): string {
  if (Math.abs(ms) < 1000) return duration(0);
  return `${ms < 0 ? MINUS : '+'}${duration(ms)}`;
}

/**
 * A cue's countdown (CUE-11): the ceiling second while time is left, `00:00` for the first second over, then `+mm:ss`
 * of the floor, so that two screens show the same second.
 */
export function countdown(remainingMs: number): string {
  if (remainingMs > 0) return duration(Math.ceil(remainingMs / 1000) * 1000);
  if (remainingMs > -1000) return '00:00';
  return `+${duration(remainingMs)}`;
}

/** Hours and minutes in words, for forecasts: "3 h 10 m", "41 min". */
export function roughly(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} m`;
}

/** Wall time in the show's zone, e.g. "20:12" or with seconds "20:12:44". */
export function clockTime(at: number | string, timeZone: string, seconds = false, language = 'en-GB'): string {
  const format = once(
    `c${language}${timeZone}${seconds}`,
    () =>
      new Intl.DateTimeFormat(language, {
        timeZone,
        hour: '2-digit',
        minute: '2-digit',
        ...(seconds ? { second: '2-digit' } : {}),
        hourCycle: 'h23',
      }),
  );
  return format.format(new Date(at));
}

export function calendarDay(at: number | string, timeZone: string, language = 'en-GB'): string {
  return once(
    `a${language}${timeZone}`,
    () => new Intl.DateTimeFormat(language, { timeZone, day: 'numeric', month: 'short', year: 'numeric' }),
  ).format(new Date(at));
}

/** "214 GB", "1.4 MB", "310 B": powers of 1000, as file managers show them. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit > 0 && value < 10 ? decimal(value, 1) : integer(value)} ${units[unit]}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
