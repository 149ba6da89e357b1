import type { Instant } from './units.ts';

/** An instant as a clock on the show's wall reads it; the zone rules are those of the platform's ICU. */
export interface LocalTime {
  /** YYYY-MM-DD */
  date: string;
  /** HH:MM:SS */
  time: string;
  /** `UTC+01:00`, so that a repeated hour can be told apart and no spreadsheet takes it for a formula */
  zone: string;
  offsetMinutes: number;
}

const QUARTER_MS = 900_000;
const MOST_REMEMBERED = 20_000;
const formats = new Map<string, Intl.DateTimeFormat>();
/** zone and quarter hour → minutes east of UTC; rules change on quarter hours only, and asking ICU is slow */
const offsets = new Map<string, number>();

export function localTime(at: Instant, timeZone: string): LocalTime {
  const offsetMinutes = offsetOf(at, timeZone);
  const text = new Date(at + offsetMinutes * 60_000).toISOString();
  const size = Math.abs(offsetMinutes);
  return {
    date: text.slice(0, 10),
    time: text.slice(11, 19),
    zone: `UTC${offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60), 2)}:${pad(size % 60, 2)}`,
    offsetMinutes,
  };
}

function offsetOf(at: Instant, timeZone: string): number {
  const key = `${timeZone} ${Math.floor(at / QUARTER_MS)}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const parts: Record<string, string> = {};
  for (const { type, value } of formatFor(timeZone).formatToParts(at)) parts[type] = value;
  const part = (type: string): number => Number(parts[type] ?? 0);
  const asUtc = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  const offset = Math.round((asUtc - Math.floor(at / 1000) * 1000) / 60_000);
  if (offsets.size >= MOST_REMEMBERED) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/**
 * The instant at which the show's wall reads a date and time. An hour that a clock change skips is read as the one after
 * it, an hour that comes twice as the first.
 *
 * @param date YYYY-MM-DD
 * @param time HH:MM:SS, with a fraction where wanted
 */
export function atLocal(date: string, time: string, timeZone: string): Instant {
  const asUtc = Date.parse(`${date}T${time}Z`);
  const by = (dayAway: number): Instant => asUtc - offsetOf(asUtc + dayAway * 86_400_000, timeZone) * 60_000;
  const fits = (at: Instant): boolean => at + offsetOf(at, timeZone) * 60_000 === asUtc;
  return [by(-1), by(1)].find(fits) ?? by(-1);
}

/** `19:31:40` on the show's wall */
export function clockText(at: Instant, timeZone: string): string {
  return localTime(at, timeZone).time;
}

/** Making a format is slow, using one is quick. */
function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
