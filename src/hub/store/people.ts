import type { Signup } from '../../contract/plan-file.ts';
import type { Db } from './database.ts';

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

export interface PersonRow extends Signup {
  /** keyed hash of the contact (CON-12), the ledger's word for this person */
  ref: string;
}

export class People {
  readonly #db: Db;
  readonly #refOf: (contact: string) => string;

  /** @param refOf keyed hash of a contact; the key is the installation's, so the same person has the same ref in every show */
  constructor(db: Db, refOf: (contact: string) => string) {
    this.#db = db;
    this.#refOf = refOf;
  }

  /** All or none. A sign-up whose id and content are known already changes nothing. */
  save(signups: readonly Signup[]): { added: number; changed: number; unchanged: number } {
    const find = this.#db.prepare('SELECT * FROM person WHERE signup = ?');
    const write = this.#db.prepare(
      'INSERT INTO person (ref, signup, name, email, phone, consent, kind, channel, at) VALUES (@ref, @signup, @name, @email, @phone, @consent, @kind, @channel, @at) ' +
        'ON CONFLICT (signup) DO UPDATE SET ref = @ref, name = @name, email = @email, phone = @phone, consent = @consent, kind = @kind, channel = @channel, at = @at',
    );
    const result = { added: 0, changed: 0, unchanged: 0 };
    this.#db.transaction(() => {
      for (const signup of signups) {
        const row = this.#row(signup);
        const known = find.get(signup.id) as StoredRow | undefined;
        const isSame =
          known !== undefined && (Object.keys(row) as (keyof StoredRow)[]).every((key) => known[key] === row[key]);
        if (!isSame) write.run(row);
        result[known === undefined ? 'added' : isSame ? 'unchanged' : 'changed'] += 1;
      }
    })();
    return result;
  }

  find(signup: string): PersonRow | null {
    const row = this.#db.prepare('SELECT * FROM person WHERE signup = ?').get(signup) as StoredRow | undefined;
    return row ? personOf(row) : null;
  }

  list(): PersonRow[] {
    return (this.#db.prepare('SELECT * FROM person ORDER BY at, signup').all() as StoredRow[]).map(personOf);
  }

  /** Deletes everything about one person. @returns how many rows there were */
  erase(ref: string): number {
    return this.#db.prepare('DELETE FROM person WHERE ref = ?').run(ref).changes;
  }

  count(): number {
    return this.#db.prepare('SELECT count(*) FROM person').pluck().get() as number;
  }

  #row({ id, name, email, phone, consent, kind, channel, at }: Signup): StoredRow {
    // Someone without any contact is a person of their own: the sign-up's id stands for them.
    return {
      ref: this.#refOf(email ?? phone ?? `signup:${id}`),
      signup: id,
      name,
      email,
      phone,
      consent,
      kind,
      channel,
      at: Date.parse(at),
    };
  }
}

interface StoredRow extends Omit<Signup, 'id' | 'at'> {
  ref: string;
  signup: string;
  at: number;
}

function personOf({ signup, at, ...row }: StoredRow): PersonRow {
  return { ...row, id: signup, at: new Date(at).toISOString() };
}
