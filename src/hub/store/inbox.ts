import { createHash } from 'node:crypto';
import type { Letter, LetterBox } from '../doors.ts';
import type { Db } from './database.ts';

/**
 * Raw webhook bodies, kept before they are worked on. A sender's id is unique per source; another body under the same id
 * is kept apart as a conflict. Blanked rows keep the body's hash, so that a repeat is still known as one.
 */
export const INBOX_MIGRATION = `
CREATE TABLE inbox (
  letter INTEGER PRIMARY KEY, source TEXT NOT NULL, dedupe_key TEXT NOT NULL, body BLOB NOT NULL, body_sha256 TEXT NOT NULL,
  received_at INTEGER NOT NULL, processed_at INTEGER, attempts INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL CHECK (status IN ('pending', 'done', 'dead', 'conflict', 'settled')), problem TEXT,
  UNIQUE (source, dedupe_key, body_sha256)
) STRICT;
CREATE INDEX inbox_open ON inbox (status) WHERE status NOT IN ('done', 'settled');
`;

interface Row {
  letter: number;
  source: string;
  dedupe_key: string;
  body: Buffer;
  received_at: number;
  status: Letter['status'];
  problem: string | null;
}

export class Inbox implements LetterBox {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Durable when it returns. */
  insert(source: string, dedupeKey: string, body: Buffer, receivedAt: number): 'new' | 'repeat' | 'conflict' {
    const hash = createHash('sha256').update(body).digest('hex');
    return this.#db
      .transaction(() => {
        const known = this.#db.prepare('SELECT body_sha256 FROM inbox WHERE source = ? AND dedupe_key = ?').pluck();
        const hashes = known.all(source, dedupeKey) as string[];
        if (hashes.includes(hash)) return 'repeat';
        const isConflict = hashes.length > 0;
        this.#db
          .prepare(
            'INSERT INTO inbox (source, dedupe_key, body, body_sha256, received_at, status, problem) VALUES (?, ?, ?, ?, ?, ?, ?)',
          )
          .run(
            source,
            dedupeKey,
            body,
            hash,
            receivedAt,
            isConflict ? 'conflict' : 'pending',
            isConflict ? 'another body came under the same id' : null,
          );
        return isConflict ? 'conflict' : 'new';
      })
      .immediate();
  }

  /** Keeps what a poll could not book, where a person finds it. @returns false when it is known, perhaps settled by now */
  insertDead(source: string, dedupeKey: string, letter: { body: Buffer; at: number; problem: string }): boolean {
    const { body, at, problem } = letter;
    const hash = createHash('sha256').update(dedupeKey).digest('hex');
    const sql = `INSERT INTO inbox (source, dedupe_key, body, body_sha256, received_at, status, problem)
      VALUES (?, ?, ?, ?, ?, 'dead', ?) ON CONFLICT DO NOTHING`;
    return this.#db.prepare(sql).run(source, dedupeKey, body, hash, at, problem).changes > 0;
  }

  /** In order of arrival. */
  pending(limit: number): Letter[] {
    const rows = this.#db
      .prepare("SELECT * FROM inbox WHERE status = 'pending' ORDER BY letter LIMIT ?")
      .all(limit) as Row[];
    return rows.map(letterOf);
  }

  /** Of these senders only, in order of arrival. */
  pendingOf(sources: readonly string[], limit: number): Letter[] {
    const marks = sources.map(() => '?').join(', ');
    const rows = this.#db
      .prepare(`SELECT * FROM inbox WHERE status = 'pending' AND source IN (${marks}) ORDER BY letter LIMIT ?`)
      .all(...sources, limit) as Row[];
    return rows.map(letterOf);
  }

  done(id: string, at: number): void {
    this.#db
      .prepare("UPDATE inbox SET status = 'done', processed_at = ?, problem = NULL WHERE letter = ?")
      .run(at, numberOf(id));
  }

  /** Counts a failed try and says how many there were. */
  failed(id: string, problem: string): number {
    return this.#db
      .prepare('UPDATE inbox SET attempts = attempts + 1, problem = ? WHERE letter = ? RETURNING attempts')
      .pluck()
      .get(problem, numberOf(id)) as number;
  }

  /** A letter that cannot be worked on waits for a person; it is never dropped. */
  bury(id: string, problem: string): void {
    this.#db.prepare("UPDATE inbox SET status = 'dead', problem = ? WHERE letter = ?").run(problem, numberOf(id));
  }

  /** Dead letters and conflicts that nobody has settled yet. */
  deadLetters(): Letter[] {
    const rows = this.#db
      .prepare("SELECT * FROM inbox WHERE status IN ('dead', 'conflict') ORDER BY letter")
      .all() as Row[];
    return rows.map(letterOf);
  }

  /** The same without their bodies, newest first. */
  unsettled(limit: number): { id: string; source: string; problem: string; at: number }[] {
    const sql = `SELECT letter, source, problem, received_at FROM inbox WHERE status IN ('dead', 'conflict')
      ORDER BY letter DESC LIMIT ?`;
    const rows = this.#db.prepare(sql).all(limit) as Omit<Row, 'body'>[];
    return rows.map(({ letter, source, problem, received_at: at }) => {
      return { id: `l${letter}`, source, problem: problem ?? '', at };
    });
  }

  /** @returns false when there is no such letter waiting */
  settle(id: string, reason: string, at: number): boolean {
    const sql =
      "UPDATE inbox SET status = 'settled', processed_at = ?, problem = problem || '; settled: ' || ? WHERE letter = ? AND status IN ('dead', 'conflict')";
    return this.#db.prepare(sql).run(at, reason, numberOf(id)).changes > 0;
  }

  /** Puts a dead letter back to be worked on, after a sku was added for instance. */
  retry(id: string): boolean {
    return (
      this.#db
        .prepare(
          "UPDATE inbox SET status = 'pending', attempts = 0 WHERE letter = ? AND status IN ('dead', 'conflict')",
        )
        .run(numberOf(id)).changes > 0
    );
  }

  /** Forgets the bodies of letters that were dealt with before `before`; their hashes stay. */
  blank(before: number): number {
    return this.#db
      .prepare(
        "UPDATE inbox SET body = x'' WHERE status IN ('done', 'settled') AND processed_at < ? AND length(body) > 0",
      )
      .run(before).changes;
  }

  counts(): { pending: number; unsettled: number } {
    const count = (where: string): number =>
      this.#db.prepare(`SELECT count(*) FROM inbox WHERE status ${where}`).pluck().get() as number;
    return { pending: count("= 'pending'"), unsettled: count("IN ('dead', 'conflict')") };
  }
}

function letterOf(row: Row): Letter {
  return {
    id: `l${row.letter}`,
    source: row.source,
    key: row.dedupe_key,
    body: row.body,
    receivedAt: row.received_at,
    status: row.status,
    problem: row.problem,
  };
}

/** `l12` → 12; anything else names no letter. */
function numberOf(id: string): number {
  const digits = /^l(\d{1,15})$/.exec(id)?.[1];
  return digits === undefined ? -1 : Number(digits);
}
