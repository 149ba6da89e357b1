import { type Duration, HOUR, type Instant, type Minor } from './units.ts';
import type { SaleChannel } from './words.ts';

/** What funnel and cohorts are computed from: rows without names. `ref` is the keyed hash of a contact (CON-12). */
export interface SignupRow {
  ref: string;
  at: Instant;
  /** where the person signed up */
  channel: SaleChannel | null;
  /** checked in at the door or came to the stream; null: not seen */
  attendedAt: Instant | null;
}

/** One order that stands: voided ones are no rows. */
export interface OrderRow {
  /** null: nobody knows who bought */
  ref: string | null;
  at: Instant;
  /** less what was given back */
  netMinor: Minor;
  /** all that was bought has been given back */
  isRefunded: boolean;
  /** the other half of an exchange: never a purchase of its own (STK-13) */
  isExchange: boolean;
}

/** From show end, or from each sign-up when the show counts so. */
export const CONVERSION_WINDOW: Duration = 72 * HOUR;

/** A show's hours as the cohorts see them. */
export interface ShowHours {
  openedAt: Instant;
  /** closing began; before that what the plan says, pushed on while the show runs over */
  endedAt: Instant;
}

/** One row a person: the first sign-up wins (DEM-1), and whoever was seen once has attended. */
export function distinctSignups(rows: Iterable<SignupRow>): Map<string, SignupRow> {
  const people = new Map<string, SignupRow>();
  for (const row of rows) {
    const known = people.get(row.ref);
    if (!known) people.set(row.ref, row);
    else {
      const first = row.at < known.at ? row : known;
      people.set(row.ref, { ...first, attendedAt: known.attendedAt ?? row.attendedAt });
    }
  }
  return people;
}
