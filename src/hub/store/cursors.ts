import type { Iso } from '../../domain/units.ts';
import type { Cursors } from '../doors.ts';
import type { Db } from './database.ts';

/** How far each shop has been read for this show. The row is written after what it speaks of is in the ledger. */
export const CURSORS_MIGRATION = `
CREATE TABLE shop_cursor (
  kind TEXT NOT NULL, account TEXT NOT NULL, seen_until TEXT NOT NULL, PRIMARY KEY (kind, account)
) STRICT, WITHOUT ROWID;
`;

export class ShopCursors implements Cursors {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  read(kind: string, account: string): Iso | null {
    const sql = 'SELECT seen_until FROM shop_cursor WHERE kind = ? AND account = ?';
    return (this.#db.prepare(sql).pluck().get(kind, account) as Iso | undefined) ?? null;
  }

  /** @param seenUntil UTC with milliseconds, so that the order of the texts is the order of time */
  move(kind: string, account: string, seenUntil: Iso): void {
    const sql =
      'INSERT INTO shop_cursor VALUES (?, ?, ?) ON CONFLICT (kind, account) DO UPDATE SET seen_until = excluded.seen_until WHERE excluded.seen_until > seen_until';
    this.#db.prepare(sql).run(kind, account, seenUntil);
  }
}
