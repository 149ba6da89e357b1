import { randomInt } from 'node:crypto';
import type { Signup } from '../contract/plan-file.ts';
import { knownRef } from '../domain/attendance.ts';
import { normalPhone } from '../domain/contact.ts';
import type { OriginFact } from '../domain/ledger.ts';
import type { Book } from './book.ts';
import { signupFact } from './signup-facts.ts';
import type { Stage } from './stage.ts';
import { Inbox } from './store/inbox.ts';
import { People, type PersonRow } from './store/people.ts';

/** Easy to read aloud and to type; as for pickups (STK-11). */
const CODE_LETTERS = '23456789CDFGHJKMNPQRTVWXY';
const CODE_LENGTH = 6;

/** Who gave it and how they can be reached. */
export interface Given {
  email?: string | undefined;
  phone?: string | undefined;
  name?: string | undefined;
  consent?: boolean | undefined;
  consentText?: string | undefined;
}

/**
 * The people of the show on the desk: names and addresses in their table, and beside each change the fact that the
 * ledger may know. Both are one commit, so that the counts and the list never part.
 */
export class GuestList {
  readonly #stage: Stage;
  readonly #refOf: (contact: string) => string;
  /** of the show on the desk; its statements are prepared once */
  #table: { book: Book; people: People } | null = null;

  /** @param refOf keyed hash of a contact */
  constructor(stage: Stage, refOf: (contact: string) => string) {
    this.#stage = stage;
    this.#refOf = refOf;
  }

  /** The table; null without a show. */
  people(): People | null {
    const { book } = this.#stage;
    return book && this.#peopleOf(book);
  }

  /** The ref behind a sign-up's code, a ref that is known, or a contact. */
  refOf(text: string): string {
    const { book } = this.#stage;
    const known = book && knownRef(book.show.attendance, text);
    return known ?? this.people()?.find(text)?.ref ?? this.#refOf(text);
  }

  /** Sign-ups of a plan or a file. Those without a fact get one, whether or not their rows are new. */
  keep(
    signups: readonly Signup[],
    source: 'plan' | 'file',
  ): Record<'added' | 'changed' | 'unchanged' | 'people', number> {
    if (!this.#stage.book || signups.length === 0)
      return { added: 0, changed: 0, unchanged: signups.length, people: 0 };
    const result = { added: 0, changed: 0, unchanged: 0, people: 0 };
    this.#stage.appendMany((book, append) => {
      const rows = this.#peopleOf(book).save(signups.map(tidy));
      result.people = new Set(rows.map(({ ref }) => ref)).size;
      for (const { state } of rows) result[state] += 1;
      const news = rows.filter(({ state, id }) => state !== 'unchanged' || !book.show.attendance.bySignup.has(id));
      append(news.map((row) => this.#fact(book, row, { source, by: 'desk' })));
    });
    return result;
  }

  /**
   * One sign-up taken at the desk or the door. Who is known by the contact keeps the first code; what is new is added,
   * and what is said about consent now is what holds.
   */
  record(
    given: Given & { kind: string | undefined; channel: Signup['channel']; perk: string | null },
    { source, by, more }: { source: 'desk' | 'door'; by: string; more: (ref: string, signup: string) => OriginFact[] },
  ): { row: PersonRow; repeated: boolean } {
    const at = new Date(this.#stage.now().at).toISOString();
    const done: { row: PersonRow; repeated: boolean }[] = [];
    this.#stage.appendMany((book, append) => {
      const people = this.#peopleOf(book);
      const known = this.#known(people, given);
      const first = known.find(({ kind }) => kind !== 'buyer') ?? null;
      const others = known.filter((row) => row !== first);
      const signup = this.#signupOf(people, given, { first, at });
      const { consent } = signup;
      // A row that was left as it was would say something else about consent than the person just did.
      const [row] = people.save([signup, ...others.map((other) => ({ ...other, consent }))]);
      if (!row) throw new Error('save a sign-up');
      append([
        this.#fact(book, { ...row, at, kind: given.kind ?? row.kind }, { source, by }),
        ...more(row.ref, row.id),
      ]);
      done.push({ row, repeated: first !== null });
    });
    const [result] = done;
    if (!result) throw new Error('record a sign-up');
    return result;
  }

  /**
   * A buyer's contact beside the sale that gave it.
   *
   * @param identify facts by which the ledger knows the ref, in the same commit
   */
  attachBuyer(given: Given, { id, identify }: { id: string; identify: (ref: string) => OriginFact[] }): void {
    this.#stage.appendMany((book, append) => {
      const row = this.#saveBuyer(book, given, id);
      if (row) append(identify(row.ref));
    });
  }

  /** Buyers of outside orders, in one commit. Whoever left no contact leaves no row. */
  keepBuyers(buyers: readonly { contact: Given; id: string }[]): void {
    if (!this.#stage.book || buyers.length === 0) return;
    this.#stage.appendMany((book) => {
      for (const { contact, id } of buyers) this.#saveBuyer(book, contact, id);
    });
  }

  /** Takes the rows of one person away and says so; bodies of letters that were dealt with go too. @returns rows deleted */
  erase(ref: string, fact: OriginFact): number {
    let rows = 0;
    this.#stage.appendMany((book, append) => {
      rows = this.#peopleOf(book).erase(ref);
      new Inbox(book.db).blank(Number.MAX_SAFE_INTEGER);
      append([fact]);
    });
    // What was deleted must not linger in the log either.
    this.#stage.book?.db.pragma('wal_checkpoint(TRUNCATE)');
    return rows;
  }

  #peopleOf(book: Book): People {
    if (this.#table?.book !== book) this.#table = { book, people: new People(book.db, this.#refOf) };
    return this.#table.people;
  }

  #saveBuyer(book: Book, given: Given, id: string): PersonRow | null {
    if (given.email === undefined && given.phone === undefined) return null;
    const people = this.#peopleOf(book);
    // A contact given for a receipt says nothing about being written to: what was said before holds.
    const rows = this.#known(people, given);
    const before = rows.at(-1)?.consent ?? null;
    const consent = given.consent === undefined ? before : given.consent ? 'yes' : 'no';
    const contact = contactOf(given);
    // Who buys again says nothing new, and a busy shop's file would be mostly such rows.
    const same = rows.find((row) => row.kind === 'buyer' && saysSame(row, { ...contact, consent }));
    if (same) return same;
    const at = new Date(this.#stage.now().at).toISOString();
    const known = people.find(id);
    const said = { ...contact, kind: 'buyer', channel: null, perk: null, source: null };
    return people.save([{ ...said, id, at: known?.at ?? at, consent }])[0] ?? null;
  }

  #fact(book: Book, row: PersonRow, said: { source: string; by: string }): OriginFact {
    return signupFact(row, { ...said, plan: book.show.plan, refOf: this.#refOf });
  }

  #known(people: People, { email, phone }: Given): PersonRow[] {
    const contact = email ?? phone;
    return contact === undefined ? [] : people.ofRef(this.#refOf(contact));
  }

  #signupOf(
    people: People,
    given: Given & { kind: string | undefined; channel: Signup['channel']; perk: string | null },
    { first, at }: { first: PersonRow | null; at: string },
  ): Signup {
    const said = contactOf(given);
    const now = {
      ...said,
      id: newCode(people),
      kind: given.kind ?? 'rsvp',
      channel: given.channel,
      at,
      consent: given.consent === true ? 'yes' : 'no',
      perk: given.perk,
      source: null,
    };
    if (first === null) return now;
    return {
      ...first,
      name: said.name ?? first.name,
      email: said.email ?? first.email,
      phone: said.phone ?? first.phone,
      consent: given.consent === undefined ? first.consent : now.consent,
      consentText: said.consentText ?? first.consentText,
      perk: given.perk ?? first.perk,
    };
  }
}

function saysSame(row: PersonRow, said: Pick<Signup, 'email' | 'phone' | 'name' | 'consentText' | 'consent'>): boolean {
  return (Object.keys(said) as (keyof typeof said)[]).every((key) => row[key] === said[key]);
}

function contactOf({
  email,
  phone,
  name,
  consentText,
}: Given): Pick<Signup, 'email' | 'phone' | 'name' | 'consentText'> {
  return {
    email: email?.trim() ?? null,
    phone: phone === undefined ? null : normalPhone(phone),
    name: name?.trim() ?? null,
    consentText: consentText ?? null,
  };
}

function tidy(signup: Signup): Signup {
  return { ...signup, phone: signup.phone === null ? null : normalPhone(signup.phone) };
}

function newCode(people: People): string {
  for (;;) {
    const letters = Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)] ?? '');
    const code = letters.join('');
    if (!people.find(code)) return code;
  }
}
