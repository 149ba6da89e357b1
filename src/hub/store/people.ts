import type { Statement } from 'better-sqlite3';
import type { Signup } from '../../contract/plan-file.ts';
import { saysYes } from '../../domain/contact.ts';
import type { Db } from './database.ts';
import { searchTerms, wordsOf } from './person-words.ts';

/**
 * Buyers and sign-ups: the only table with names and addresses. The ledger knows them by `ref` alone, so erasing the row
 * leaves nothing that leads back to a person. Deleted values do not linger in the file: `secure_delete` is on.
 */
export const PEOPLE_MIGRATION = `
CREATE TABLE person (
  ref TEXT NOT NULL, signup TEXT NOT NULL UNIQUE, name TEXT, email TEXT, phone TEXT, consent TEXT, kind TEXT NOT NULL, channel TEXT, at INTEGER NOT NULL
) STRICT;
CREATE INDEX person_by_ref ON person (ref);
`;

/** What can be typed to find somebody: parts of the name, e-mail, phone and code, folded. */
export const PEOPLE_SEARCH_MIGRATION = `
ALTER TABLE person ADD COLUMN consent_text TEXT;
ALTER TABLE person ADD COLUMN perk TEXT;
ALTER TABLE person ADD COLUMN source TEXT;
CREATE TABLE person_word (word TEXT NOT NULL, signup TEXT NOT NULL, PRIMARY KEY (word, signup)) STRICT, WITHOUT ROWID;
CREATE INDEX person_word_by_signup ON person_word (signup);
`;

export interface PersonRow extends Signup {
  /** keyed hash of the contact (CON-12), the ledger's word for this person */
  ref: string;
}

export type SavedRow = PersonRow & { state: 'added' | 'changed' | 'unchanged' };

/** One person over all their rows: the first counts, what later ones add is added, the newest word on consent holds. */
export interface Contact {
  ref: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  consents: boolean;
  consentText: string | null;
  kinds: string[];
}

const COLUMNS = 'ref, signup, name, email, phone, consent, kind, channel, at, consent_text, perk, source';
const FITS = 'SELECT 1 FROM person_word AS other WHERE other.word >= ? AND other.word < ?';
/** Rows looked at when a text fits more than anybody reads: a longer text finds the rest. */
const CANDIDATES = 200;
/** Files whose rows from before the search table are known to be in it. */
const indexed = new WeakSet<Db>();

export class People {
  readonly #db: Db;
  readonly #refOf: (contact: string) => string;
  readonly #find: Statement;
  readonly #ofRef: Statement;
  readonly #write: Statement;
  readonly #writeWord: Statement;
  readonly #forgetWords: Statement;

  /** @param refOf keyed hash of a contact; the key is the installation's, so the same person has the same ref in every show */
  constructor(db: Db, refOf: (contact: string) => string) {
    this.#db = db;
    this.#refOf = refOf;
    const values = COLUMNS.split(', ').map((column) => `@${column}`);
    const changes = COLUMNS.split(', ').map((column) => `${column} = @${column}`);
    this.#find = db.prepare(`SELECT ${COLUMNS} FROM person WHERE signup = ?`);
    this.#ofRef = db.prepare(`SELECT ${COLUMNS} FROM person WHERE ref = ? ORDER BY at, signup`);
    this.#write = db.prepare(
      `INSERT INTO person (${COLUMNS}) VALUES (${values.join(', ')}) ON CONFLICT (signup) DO UPDATE SET ${changes.join(', ')}`,
    );
    this.#writeWord = db.prepare('INSERT INTO person_word VALUES (?, ?)');
    this.#forgetWords = db.prepare('DELETE FROM person_word WHERE signup = ?');
  }

  /** All or none. A sign-up whose id and content are known already changes nothing. @returns every row with what became of it */
  save(signups: readonly Signup[]): SavedRow[] {
    return this.#db.transaction(() =>
      signups.map((signup): SavedRow => {
        const row = this.#row(signup);
        const known = this.#find.get(signup.id) as StoredRow | undefined;
        const isSame =
          known !== undefined && (Object.keys(row) as (keyof StoredRow)[]).every((key) => known[key] === row[key]);
        if (!isSame) {
          this.#write.run(row);
          this.#index(row);
        }
        return { ...personOf(row), state: known === undefined ? 'added' : isSame ? 'unchanged' : 'changed' };
      }),
    )();
  }

  find(signup: string): PersonRow | null {
    const row = this.#find.get(signup);
    return row ? personOf(row as StoredRow) : null;
  }

  /** All rows of one person, the first sign-up first. */
  ofRef(ref: string): PersonRow[] {
    return (this.#ofRef.all(ref) as StoredRow[]).map(personOf);
  }

  /**
   * By the beginning of a name's part, e-mail, phone or code; several words must all fit the same row.
   *
   * @returns one row a person, by name, at most `limit`; nothing for an empty text
   */
  search(text: string, limit: number): PersonRow[] {
    this.#indexOldRows();
    const terms = searchTerms(text);
    if (terms.length === 0) return [];
    // The longest word finds the fewest rows, so it leads and the others only check. U+10FFFF sorts behind every letter.
    const bounds = terms.toSorted((x, y) => y.length - x.length).flatMap((term) => [term, `${term}\u{10FFFF}`]);
    const others = terms.slice(1).map(() => `AND EXISTS (${FITS} AND other.signup = word.signup)`);
    const sql = `SELECT DISTINCT signup FROM person_word AS word WHERE word >= ? AND word < ? ${others.join(' ')} LIMIT ?`;
    const signups = this.#db
      .prepare(sql)
      .pluck()
      .all(...bounds, CANDIDATES) as string[];
    const rows = this.#db
      .prepare(
        `SELECT ${COLUMNS} FROM person WHERE signup IN (SELECT value FROM json_each(?)) ORDER BY at DESC, signup`,
      )
      .all(JSON.stringify(signups)) as StoredRow[];
    const one = [...new Map(rows.map((row) => [row.ref, row])).values()];
    return one
      .sort((x, y) => (x.name ?? '').localeCompare(y.name ?? '') || (x.signup < y.signup ? -1 : 1))
      .slice(0, limit)
      .map(personOf);
  }

  list(): PersonRow[] {
    const rows = this.#db.prepare(`SELECT ${COLUMNS} FROM person ORDER BY at, signup`).all();
    return (rows as StoredRow[]).map(personOf);
  }

  /** One a person, in the order of their first rows. */
  contacts(): Contact[] {
    const contacts = new Map<string, Contact>();
    for (const { ref, name, email, phone, consent, consentText, kind } of this.list()) {
      const known = contacts.get(ref);
      contacts.set(ref, {
        ref,
        name: known?.name ?? name,
        email: known?.email ?? email,
        phone: known?.phone ?? phone,
        consents: saysYes(consent),
        consentText: consentText ?? consent,
        kinds: [...new Set([...(known?.kinds ?? []), kind])],
      });
    }
    return [...contacts.values()];
  }

  /** Deletes everything about one person. @returns how many rows there were */
  erase(ref: string): number {
    return this.#db.transaction(() => {
      this.#db.prepare('DELETE FROM person_word WHERE signup IN (SELECT signup FROM person WHERE ref = ?)').run(ref);
      return this.#db.prepare('DELETE FROM person WHERE ref = ?').run(ref).changes;
    })();
  }

  count(): number {
    return this.#db.prepare('SELECT count(*) FROM person').pluck().get() as number;
  }

  #index(row: StoredRow): void {
    this.#forgetWords.run(row.signup);
    for (const word of wordsOf(row)) this.#writeWord.run(word, row.signup);
  }

  #indexOldRows(): void {
    if (indexed.has(this.#db)) return;
    const rows = this.#db
      .prepare(`SELECT ${COLUMNS} FROM person WHERE signup NOT IN (SELECT signup FROM person_word)`)
      .all();
    this.#db.transaction(() => {
      for (const row of rows as StoredRow[]) this.#index(row);
    })();
    indexed.add(this.#db);
  }

  #row({ id, at, consentText, ...signup }: Signup): StoredRow {
    // Someone without any contact is a person of their own: the sign-up's id stands for them.
    const ref = this.#refOf(signup.email ?? signup.phone ?? `signup:${id}`);
    return { ...signup, ref, signup: id, at: Date.parse(at), consent_text: consentText };
  }
}

interface StoredRow extends Omit<Signup, 'id' | 'at' | 'consentText'> {
  ref: string;
  signup: string;
  at: number;
  consent_text: string | null;
}

function personOf({ signup, at, consent_text: consentText, ...row }: StoredRow): PersonRow {
  return { ...row, id: signup, at: new Date(at).toISOString(), consentText };
}
