import type { SignupRow } from './cohort-rows.ts';
import type { Entry, EntryOf } from './ledger.ts';
import type { Frame } from './frame.ts';
import { type MissedDemand, missOne } from './missed-demand.ts';
import { type PerkBook, issuePerk, redeemByHand, redeemBySale, unredeem } from './perk-book.ts';
import { type Instant, fromIso } from './units.ts';
import type { SaleChannel } from './words.ts';

/**
 * Who signed up, came and redeemed a perk, by keyed hash; and who asked in vain. One person is one row, however often
 * and under how many sign-ups: the first sign-up counts, the newest word on consent holds (DEM-1). Erasing a person
 * changes nothing here, so every count stays as it was.
 */
export interface AttendanceState {
  people: Map<string, Attendee>;
  /** sign-up's code → ref */
  bySignup: Map<string, string>;
  perks: Map<string, PerkBook>;
  /** sale that redeemed a perk → offer and who */
  perkSales: Map<string, { offer: string; ref: string }>;
  missed: Map<string, MissedDemand>;
  counts: AttendanceCounts;
}

export interface Attendee {
  /** null: came without a sign-up */
  signedUpAt: Instant | null;
  channel: SaleChannel | null;
  /** where the first sign-up was taken: `plan`, `door`, `desk`, a file's name */
  source: string | null;
  kinds: readonly string[];
  consent: boolean;
  consentAt: Instant;
  checkedInAt: Instant | null;
}

/** People, each counted once. */
export interface AttendanceCounts {
  signups: number;
  attended: number;
  /** of `attended`: signed up at the door */
  walkIns: number;
  consented: number;
  /** a person with two kinds of sign-up counts under both */
  byKind: Map<string, number>;
  byChannel: Map<SaleChannel | 'other', number>;
}

export function initialAttendance(): AttendanceState {
  const counts = { signups: 0, attended: 0, walkIns: 0, consented: 0, byKind: new Map(), byChannel: new Map() };
  return {
    people: new Map(),
    bySignup: new Map(),
    perks: new Map(),
    perkSales: new Map(),
    missed: new Map(),
    counts,
  };
}

/** @param text a sign-up's code in any letters, or a ref; @returns the ref of a person the show knows, or null */
export function knownRef(attendance: AttendanceState, text: string): string | null {
  const code = text.trim();
  if (attendance.people.has(code)) return code;
  const spellings = [code, code.toUpperCase(), code.toLowerCase()];
  return spellings.map((each) => attendance.bySignup.get(each)).find((ref) => ref !== undefined) ?? null;
}

/** Everyone who signed up, for funnel and cohorts. */
export function signupRows(attendance: AttendanceState): SignupRow[] {
  return [...attendance.people].flatMap(([ref, { signedUpAt, channel, checkedInAt }]) =>
    signedUpAt === null ? [] : [{ ref, at: signedUpAt, channel, attendedAt: checkedInAt }],
  );
}

export function evolveAttendance(attendance: AttendanceState, entry: Entry, frame: Frame): void {
  switch (entry.kind) {
    case 'signup.recorded':
      signUp(attendance, entry);
      break;
    case 'person.checked-in':
      change(attendance, entry.body.ref, (person) => {
        person.checkedInAt ??= entry.at;
      });
      break;
    case 'perk.redeemed':
      redeemByHand(attendance.perks, entry.body);
      break;
    case 'sale.recorded':
      redeemBySale(attendance, entry.body, frame.plan);
      break;
    case 'sale.voided':
      unredeem(attendance, entry.body.saleId);
      break;
    case 'demand.missed':
      missOne(attendance.missed, entry.body);
      break;
  }
}

function signUp(attendance: AttendanceState, { body, at: writtenAt }: EntryOf<'signup.recorded'>): void {
  const { ref, signup, channel, consent, source, as = 'rsvp', perk } = body;
  const at = body.at === undefined ? writtenAt : fromIso(body.at);
  attendance.bySignup.set(signup, ref);
  change(attendance, ref, (person) => {
    if (person.signedUpAt === null || at < person.signedUpAt) {
      person.signedUpAt = at;
      person.channel = channel;
      person.source = source;
    }
    if (at >= person.consentAt) {
      person.consent = consent;
      person.consentAt = at;
    }
    if (!person.kinds.includes(as)) person.kinds = [...person.kinds, as];
  });
  if (perk !== undefined) issuePerk(attendance.perks, perk, ref);
}

/** Takes the person out of the counts, changes the row, and puts it back in. */
function change(attendance: AttendanceState, ref: string, edit: (person: Attendee) => void): void {
  const { people, counts } = attendance;
  let person = people.get(ref);
  if (person) count(counts, person, -1);
  else people.set(ref, (person = newcomer()));
  edit(person);
  count(counts, person, 1);
}

function newcomer(): Attendee {
  return {
    signedUpAt: null,
    channel: null,
    source: null,
    kinds: [],
    consent: false,
    consentAt: -Infinity,
    checkedInAt: null,
  };
}

function count(counts: AttendanceCounts, person: Attendee, sign: 1 | -1): void {
  const isSignedUp = person.signedUpAt !== null;
  if (isSignedUp) {
    counts.signups += sign;
    add(counts.byChannel, person.channel ?? 'other', sign);
  }
  if (person.checkedInAt !== null) {
    counts.attended += sign;
    if (!isSignedUp || person.source === 'door') counts.walkIns += sign;
  }
  if (person.consent) counts.consented += sign;
  for (const kind of person.kinds) add(counts.byKind, kind, sign);
}

function add<K>(sums: Map<K, number>, key: K, by: number): void {
  sums.set(key, (sums.get(key) ?? 0) + by);
}
