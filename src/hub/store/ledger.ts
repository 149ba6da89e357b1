import { hash as digest, randomBytes } from 'node:crypto';
import type { Statement } from 'better-sqlite3';
import type { Entry, OriginFact } from '../../domain/ledger.ts';
import type { Now } from '../../domain/units.ts';
import type { Db } from './database.ts';

/**
 * The ledger of one show: append-only (triggers abort UPDATE and DELETE), hash-chained, each (origin, originId) once.
 * A command's idempotency row goes into the same transaction as its facts, so an acknowledged command is whole or absent.
 */
export const LEDGER_MIGRATION = `
CREATE TABLE chain (id INTEGER PRIMARY KEY CHECK (id = 1), ledger_id TEXT NOT NULL, epoch TEXT NOT NULL) STRICT;
CREATE TABLE ledger (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, mono INTEGER NOT NULL, boot TEXT NOT NULL,
  origin TEXT NOT NULL, origin_id TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
  prev_hash TEXT NOT NULL, hash TEXT NOT NULL, UNIQUE (origin, origin_id)
) STRICT;
CREATE TRIGGER ledger_keeps BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TABLE command_log (
  actor TEXT NOT NULL, id TEXT NOT NULL, body_sha256 TEXT NOT NULL, reply TEXT NOT NULL,
  seq INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (actor, id)
) STRICT, WITHOUT ROWID;
`;

const PAGE = 2000;

export interface CommandRow {
  actor: string;
  id: string;
  bodySha256: string;
  /** JSON of the reply */
  reply: string;
}

/** The chain does not hold at `badSeq`: something outside changed or damaged the file. */
export class BrokenChain extends Error {
  readonly badSeq: number;
  constructor(badSeq: number) {
    super(`the ledger's chain breaks at entry ${badSeq}`);
    this.badSeq = badSeq;
  }
}

export class Ledger {
  readonly ledgerId: string;
  readonly epoch: string;
  readonly #db: Db;
  readonly #insert: Statement;
  readonly #seen: Statement;
  readonly #remember: Statement;
  readonly #recall: Statement;
  readonly #after: Statement;
  readonly #all: Statement;
  readonly #cells: Statement;
  #head: { seq: number; hash: string };

  /** Reads the head; `verify` checks the chain while the fold is rebuilt. */
  constructor(db: Db) {
    this.#db = db;
    const chain = (db.prepare('SELECT ledger_id AS ledgerId, epoch FROM chain').get() ?? this.#found()) as {
      ledgerId: string;
      epoch: string;
    };
    this.ledgerId = chain.ledgerId;
    this.epoch = chain.epoch;
    this.#insert = db.prepare(
      'INSERT INTO ledger (seq, at, mono, boot, origin, origin_id, kind, body, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#seen = db.prepare('SELECT 1 FROM ledger WHERE origin = ? AND origin_id = ?').pluck();
    this.#remember = db.prepare(
      'INSERT INTO command_log (actor, id, body_sha256, reply, seq, at) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#recall = db.prepare('SELECT body_sha256 AS bodySha256, reply FROM command_log WHERE actor = ? AND id = ?');
    this.#after = db.prepare('SELECT * FROM ledger WHERE seq > ? ORDER BY seq LIMIT ?');
    this.#all = db.prepare('SELECT * FROM ledger ORDER BY seq');
    this.#cells = db.prepare('SELECT * FROM ledger ORDER BY seq').raw();
    const last = db.prepare('SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1').get() as
      { seq: number; hash: string } | undefined;
    this.#head = last ?? { seq: 0, hash: genesisHash(this.ledgerId) };
  }

  get head(): { seq: number; hash: string } {
    return this.#head;
  }

  /**
   * Appends facts and, when a command caused them, its row, in one FULL-sync transaction. Memory moves only after it.
   * Facts whose (origin, originId) was seen before are passed over.
   *
   * @returns the entries that are new, in order
   * @throws the database's error, with nothing written, when the disk refuses
   */
  append(facts: readonly OriginFact[], now: Now, command?: CommandRow): Entry[] {
    const entries: Entry[] = [];
    let { seq, hash } = this.#head;
    const write = (): void => {
      for (const { origin, originId, kind, body } of facts) {
        if (this.#seen.get(origin, originId) !== undefined) continue;
        const text = JSON.stringify(body);
        const prevHash = hash;
        seq += 1;
        hash = entryHash([prevHash, seq, now.at, now.mono, now.boot, origin, originId, kind, text]);
        this.#insert.run(seq, now.at, now.mono, now.boot, origin, originId, kind, text, prevHash, hash);
        entries.push({
          seq,
          at: now.at,
          mono: now.mono,
          boot: now.boot,
          origin,
          originId,
          prevHash,
          hash,
          kind,
          body,
        } as Entry);
      }
      if (command) this.#remember.run(command.actor, command.id, command.bodySha256, command.reply, seq, now.at);
    };
    // Within `Book.appendMany` the whole commits or goes back as one; a savepoint of its own would cost a fifth more.
    if (this.#db.inTransaction) write();
    else this.#db.transaction(write)();
    this.#head = { seq, hash };
    return entries;
  }

  /** @returns the stored reply of an accepted command, with the hash of the body it answered */
  recall(actor: string, id: string): { bodySha256: string; reply: string } | null {
    return (this.#recall.get(actor, id) as { bodySha256: string; reply: string } | undefined) ?? null;
  }

  /** Entries after `seq`, oldest first, at most `limit`. */
  after(seq: number, limit: number): Entry[] {
    return (this.#after.all(seq, limit) as Row[]).map(entryOf);
  }

  /** The whole ledger in order, read in pages: no cursor stays open while others write. */
  *entries(): Generator<Entry> {
    let last = 0;
    for (;;) {
      const page = this.after(last, PAGE);
      yield* page;
      last = page.at(-1)?.seq ?? last;
      if (page.length < PAGE) return;
    }
  }

  /**
   * Hands every entry to `take`, in order; the chain is not checked here.
   *
   * One open cursor, which nothing can interrupt, since this never awaits; pages would keep thousands of rows alive.
   */
  replay(take: (entry: Entry) => void): void {
    for (const cells of this.#cells.iterate() as IterableIterator<Cells>) take(entryOfCells(cells));
  }

  /**
   * Walks the whole ledger and checks each link.
   *
   * @returns how many entries there are
   * @throws BrokenChain at the first entry that does not follow from the one before
   */
  verify(): number {
    let prev = genesisHash(this.ledgerId);
    let expected = 1;
    for (const row of this.#all.iterate() as IterableIterator<Row>) {
      if (row.seq !== expected || row.prev_hash !== prev || row.hash !== rowHash(row)) throw new BrokenChain(row.seq);
      prev = row.hash;
      expected += 1;
    }
    return expected - 1;
  }

  #found(): { ledgerId: string; epoch: string } {
    const made = { ledgerId: randomBytes(16).toString('hex'), epoch: randomBytes(16).toString('hex') };
    this.#db.prepare('INSERT INTO chain (id, ledger_id, epoch) VALUES (1, ?, ?)').run(made.ledgerId, made.epoch);
    return made;
  }
}

interface Row {
  seq: number;
  at: number;
  mono: number;
  boot: string;
  origin: string;
  origin_id: string;
  kind: string;
  body: string;
  prev_hash: string;
  hash: string;
}

function entryOf(row: Row): Entry {
  const { seq, at, mono, boot, origin, origin_id: originId, kind, body, prev_hash: prevHash, hash } = row;
  return { seq, at, mono, boot, origin, originId, prevHash, hash, kind, body: JSON.parse(body) as unknown } as Entry;
}

/** A row as bare cells, in the order of the table: a third faster to fetch, which a long ledger notices. */
type Cells = [number, number, number, string, string, string, string, string, string, string];

function entryOfCells([seq, at, mono, boot, origin, originId, kind, body, prevHash, hash]: Cells): Entry {
  return { seq, at, mono, boot, origin, originId, prevHash, hash, kind, body: JSON.parse(body) as unknown } as Entry;
}

function rowHash(row: Row): string {
  return entryHash([row.prev_hash, row.seq, row.at, row.mono, row.boot, row.origin, row.origin_id, row.kind, row.body]);
}

/** LED-1: SHA-256 over the JSON of the row, the body as its stored text. */
export function entryHash(row: [string, number, number, number, string, string, string, string, string]): string {
  return digest('sha256', JSON.stringify(row));
}

export function genesisHash(ledgerId: string): string {
  return digest('sha256', `dropdesk-ledger-1:${ledgerId}`);
}
