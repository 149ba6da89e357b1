import { type OrderRow, type ShowHours, type SignupRow } from './cohort-rows.ts';
import { DAY, HOUR, type Instant, MINUTE, fromIso } from './units.ts';
import type { SaleChannel } from './words.ts';

/**
 * Raw rows of the case in specs/commerce.md §11 C, for tests only: 1,200 people in 1,207 sign-ups, of whom 216 buy within
 * 72 hours of the show's end, four give everything back and 78 come again.
 */
export const CASE_HOURS: ShowHours = {
  openedAt: fromIso('2026-11-28T19:00:00.000Z'),
  endedAt: fromIso('2026-11-28T21:00:00.000Z'),
};

/** @param refOf what a contact becomes; the same for both spellings of an address, or the case falls apart */
export function caseSignups(refOf: (email: string) => string): SignupRow[] {
  const rows = Array.from({ length: 1200 }, (_, i): SignupRow => signup(i + 1, refOf(emailOf(i + 1))));
  const again = Array.from({ length: 7 }, (_, i): SignupRow => {
    const first = signup(i + 1, refOf(emailOf(i + 1).toUpperCase()));
    return { ...first, at: first.at + HOUR, channel: 'social', attendedAt: null };
  });
  return [...rows, ...again];
}

/** Orders of the show and of the months after it, in the order they were made but for the later ones. */
export function caseOrders(refOf: (email: string) => string): OrderRow[] {
  const { openedAt, endedAt } = CASE_HOURS;
  const order = (number: number, at: Instant, isRefunded = false): OrderRow => {
    return { ref: refOf(emailOf(number)), at, netMinor: isRefunded ? 0 : 1800, isRefunded, isExchange: false };
  };
  const inShow = Array.from({ length: 215 }, (_, i) => order(i + 1, timeOf(i), i < 4));
  return [
    ...inShow,
    order(216, endedAt + 72 * HOUR),
    order(217, endedAt + 72 * HOUR + 1),
    order(218, openedAt - DAY),
    { ref: null, at: endedAt - MINUTE, netMinor: 900, isRefunded: false, isExchange: false },
    ...Array.from({ length: 61 }, (_, i) => order(i + 1, timeOf(i) + 20 * DAY)),
    ...Array.from({ length: 17 }, (_, i) => order(62 + i, timeOf(61 + i) + 60 * DAY)),
  ];
}

function timeOf(i: number): Instant {
  return CASE_HOURS.endedAt - 110 * MINUTE + i * 20 * MINUTE;
}

/** Of the buyers s-0001 … s-0216 75 signed up in person, 111 on the stream, 30 elsewhere; of all 300, 600 and 300. */
function channelOf(number: number): SaleChannel {
  const [buyersInPerson, buyersStream, buyers, inPerson, stream] = [75, 186, 216, 441, 930];
  if (number <= buyersInPerson || (number > buyers && number <= inPerson)) return 'in-person';
  return number <= buyersStream || (number > inPerson && number <= stream) ? 'stream' : 'social';
}

function signup(number: number, ref: string): SignupRow {
  const at = CASE_HOURS.openedAt - 10 * DAY + number * MINUTE;
  const attendedAt = number % 20 < 9 ? CASE_HOURS.openedAt + number : null;
  return { ref, at, channel: channelOf(number), attendedAt };
}

function emailOf(number: number): string {
  return `s-${String(number).padStart(4, '0')}@example.org`;
}
