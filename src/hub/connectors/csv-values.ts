import { localTime } from '../../domain/local-time.ts';
import { currencyDigits, parseMinor } from '../../domain/money.ts';
import type { Iso, Minor } from '../../domain/units.ts';
import { toIso } from '../../domain/units.ts';

/** Cells of a foreign file → values. What can be read in two ways is never guessed: it becomes a problem of its row. */
export type Read<T> = { value: T } | { problem: string };

export type DecimalMark = '.' | ',' | 'unclear';

/**
 * The decimal mark that all amounts of a file agree on. `18,00` proves a comma, `1,234.50` a dot; `1.234` alone proves
 * nothing, because it may be one thousand.
 *
 * @returns 'unclear' when nothing proves either, or when they disagree
 */
export function decimalMarkOf(amounts: readonly string[]): DecimalMark {
  const proofs = new Set(amounts.map(proofOf).filter((mark) => mark !== null));
  return proofs.size === 1 ? ([...proofs][0] ?? 'unclear') : 'unclear';
}

function proofOf(text: string): '.' | ',' | null {
  const figures = text.replaceAll(/[^\d.,]/g, '');
  const dot = figures.lastIndexOf('.');
  const comma = figures.lastIndexOf(',');
  if (dot >= 0 && comma >= 0) return dot > comma ? '.' : ',';
  const mark = dot >= 0 ? '.' : comma >= 0 ? ',' : null;
  if (mark === null) return null;
  const parts = figures.split(mark);
  if (parts.length > 2) return mark === '.' ? ',' : '.';
  return parts[1]?.length === 3 && parts[0] !== '0' && parts[0] !== '' ? null : mark;
}

/** `€18.00`, `-$45.00`, `($45.00)`, `1.234,50`, `18` → minor units, exact. */
export function readAmount(text: string, mark: DecimalMark, currency: string): Read<Minor> {
  const bare = text
    .replaceAll(/[\p{Sc}\s'’\u00a0\u202f]/gu, '')
    .replace(/^[A-Z]{3}|[A-Z]{3}$/, '')
    .replace('−', '-');
  const isNegative = /^\(.*\)$/.test(bare) || bare.startsWith('-');
  const figures = bare.replaceAll(/[()+-]/g, '');
  if (!/^\d[\d.,]*$/.test(figures)) return { problem: `"${text}" is no amount` };
  if (mark === 'unclear' && /[.,]/.test(figures) && proofOf(figures) === null) {
    const [whole, rest] = figures.split(/[.,]/);
    return { problem: `${text} may be ${whole}${rest} or ${whole}.${rest}; write it with two decimals` };
  }
  const decimal = mark === 'unclear' ? (proofOf(figures) ?? '.') : mark;
  const plain = figures.replaceAll(decimal === '.' ? ',' : '.', '').replace(decimal, '.');
  const minor = parseMinor(plain, currency);
  if (minor !== null) return { value: isNegative && minor !== 0 ? -minor : minor };
  return {
    problem: /^\d+\.\d+$/.test(plain)
      ? `${text} has too many digits for ${currency} (${currencyDigits(currency) ?? 0} decimals)`
      : `"${text}" is no amount`,
  };
}

export function readCount(text: string): Read<number> {
  const figures = text.trim().replace(/[.,]0+$/, '');
  return /^\d{1,6}$/.test(figures) ? { value: Number(figures) } : { problem: `"${text}" is no whole number` };
}

export type DateOrder = 'day-first' | 'month-first' | 'unclear';

/** Whether 03/04/2026 is April or March, if any date of the file proves it. */
export function dateOrderOf(dates: readonly string[]): DateOrder {
  const pairs = dates.map((text) => /^\s*(\d{1,2})\/(\d{1,2})\/\d{4}/.exec(text)).filter((match) => match !== null);
  const isDayFirst = pairs.some(([, first]) => Number(first) > 12);
  const isMonthFirst = pairs.some(([, , second]) => Number(second) > 12);
  return isDayFirst === isMonthFirst ? 'unclear' : isDayFirst ? 'day-first' : 'month-first';
}

/** The order of day and month in a file: as a person said, else as the dates prove. */
export function dateOrderIn(dates: readonly string[], told: string | undefined): { order: DateOrder; asks: boolean } {
  const order = told === 'day-first' || told === 'month-first' ? told : dateOrderOf(dates);
  const asks = order === 'unclear' && dates.some((text) => /^\s*(\d{1,2})\/(?!\1\/)\d{1,2}\/\d{4}/.test(text));
  return { order, asks };
}

const ISO_LIKE =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;
const SLASHED = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]m)?)?$/i;

/** A date and time; without an offset it is the show's local time. */
export function readInstant(text: string, timeZone: string, order: DateOrder): Read<Iso> {
  const trimmed = text.trim();
  const iso = ISO_LIKE.exec(trimmed);
  if (iso) {
    const [, year, month, day, hour, minute, second, fraction, offset] = iso;
    const local = utcOf(year, month, day, hour, minute, second);
    if (local === null) return { problem: `"${text}" is no date` };
    const ms = Math.floor(Number(fraction ?? 0) * 1000);
    if (offset !== undefined) return { value: toIso(local + ms - offsetMs(offset)) };
    return zoned(local + ms, timeZone);
  }
  const dotted = DOTTED.exec(trimmed);
  if (dotted) {
    const [, day, month, year, hour, minute, second] = dotted;
    const local = utcOf(year, month, day, hour, minute, second);
    return local === null ? { problem: `"${text}" is no date` } : zoned(local, timeZone);
  }
  const slashed = SLASHED.exec(trimmed);
  if (!slashed) return { problem: `"${text}" is no date; write 2026-11-28 19:05` };
  const [, first, second, year, hour, minute, seconds, half] = slashed;
  if (order === 'unclear' && first !== second)
    return {
      problem: `${text} may be the ${first} of month ${second} or the ${second} of month ${first}; write 2026-11-28`,
    };
  const [day, month] = order === 'month-first' ? [second, first] : [first, second];
  const local = utcOf(year, month, day, half === undefined ? hour : twentyFour(hour, half), minute, seconds);
  return local === null ? { problem: `"${text}" is no date` } : zoned(local, timeZone);
}

/**
 * Local time in a zone → instant. An hour that does not exist (spring) is refused; one that exists twice is taken the
 * first time (CUE-8).
 *
 * @param local the wall clock's reading, as if it were UTC
 */
export function zoned(local: number, timeZone: string): Read<Iso> {
  // Two readings a day apart see every offset that can be in force around a change.
  const offsets = [local - 86_400_000, local + 86_400_000].map((at) => offsetAt(at, timeZone));
  const fits = offsets.map((offset) => local - offset).filter((at) => at + offsetAt(at, timeZone) === local);
  if (fits.length > 0) return { value: toIso(Math.min(...fits)) };
  const [date, time] = toIso(local).split('T');
  return { problem: `${time?.slice(0, 5)} does not exist on ${date} in ${timeZone}` };
}

const QUARTER = 900_000;
const MOST_OFFSETS = 10_000;
const offsetsMs = new Map<string, number>();

/** Zones change their offset on the quarter of an hour, and a file of 50,000 rows asks for few of those. */
function offsetAt(at: number, timeZone: string): number {
  const quarter = Math.floor(at / QUARTER);
  const key = `${timeZone} ${quarter}`;
  const known = offsetsMs.get(key);
  if (known !== undefined) return known;
  if (offsetsMs.size >= MOST_OFFSETS) offsetsMs.clear();
  const offset = localTime(quarter * QUARTER, timeZone).offsetMinutes * 60_000;
  offsetsMs.set(key, offset);
  return offset;
}

function utcOf(...parts: (string | undefined)[]): number | null {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    part === undefined ? undefined : Number(part),
  );
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(at);
  const isReal =
    back.getUTCMonth() === month - 1 && back.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return isReal ? at : null;
}

function offsetMs(text: string): number {
  if (/^(Z|UTC)$/i.test(text)) return 0;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function twentyFour(hour: string | undefined, half: string): string {
  const figure = Number(hour) % 12;
  return String(/p/i.test(half) ? figure + 12 : figure);
}
