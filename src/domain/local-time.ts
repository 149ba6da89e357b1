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

const formats = new Map<string, Intl.DateTimeFormat>();

export function localTime(at: Instant, timeZone: string): LocalTime {
  const parts: Record<string, string> = {};
  for (const { type, value } of formatFor(timeZone).formatToParts(at)) parts[type] = value;
  const part = (type: string): number => Number(parts[type] ?? 0);
  const asUtc = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  const offsetMinutes = Math.round((asUtc - Math.floor(at / 1000) * 1000) / 60_000);
  const sign = offsetMinutes < 0 ? '-' : '+';
  const size = Math.abs(offsetMinutes);
  return {
    date: `${pad(part('year'), 4)}-${pad(part('month'), 2)}-${pad(part('day'), 2)}`,
    time: `${pad(part('hour'), 2)}:${pad(part('minute'), 2)}:${pad(part('second'), 2)}`,
    zone: `UTC${sign}${pad(Math.floor(size / 60), 2)}:${pad(size % 60, 2)}`,
    offsetMinutes,
  };
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
