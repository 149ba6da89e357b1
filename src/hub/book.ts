import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry, OriginFact } from '../domain/ledger.ts';
import { evolve, initialShow, type ShowState } from '../domain/show.ts';
import type { Now } from '../domain/units.ts';
import { type Db, openDatabase, readPragmas } from './store/database.ts';
import { checkChainApart } from './chain-check.ts';
import { BrokenChain, type CommandRow, Ledger } from './store/ledger.ts';
import { SHOW_MIGRATIONS } from './store/migrations.ts';

/** Appends within `appendMany`: folded when it returns, durable only with the whole. */
export type AppendInBatch = (facts: readonly OriginFact[]) => Entry[];

/** Below this many entries a thread of its own would cost more than it saves. */
const CHECKED_APART_FROM = 5000;

/**
 * One open show: its file, its ledger and its fold, moved together. The fold is rebuilt from the ledger (chain checked)
 * when the book is opened and advances only after a commit.
 */
export class Book {
  readonly id: string;
  readonly folder: string;
  readonly db: Db;
  readonly ledger: Ledger;
  readonly show: ShowState;
  /** as they were read back when the file was opened */
  readonly pragmas: Record<string, string | number>;

  /** @throws BrokenChain, NewerFile, or the database's error */
  constructor(id: string, folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.id = id;
    this.folder = folder;
    this.db = openDatabase(join(folder, 'show.db'), SHOW_MIGRATIONS);
    this.pragmas = readPragmas(this.db);
    this.ledger = new Ledger(this.db);
    this.show = initialShow(id);
    try {
      this.#fold();
    } catch (cause) {
      this.db.close();
      throw cause;
    }
  }

  /** A short ledger is checked here; a long one by a second thread while this one folds. */
  #fold(): void {
    const isLong = this.ledger.head.seq > CHECKED_APART_FROM;
    const check = isLong ? checkChainApart(join(this.folder, 'show.db')) : null;
    if (check === null) this.ledger.verify();
    this.ledger.replay((entry) => evolve(this.show, entry));
    const finding = check?.finding() ?? null;
    if (finding === 'unknown') this.ledger.verify();
    else if (finding !== null) throw new BrokenChain(finding);
  }

  /** Facts become durable, then the fold moves, then they are returned: nothing is announced that could be lost. */
  append(facts: readonly OriginFact[], now: Now, command?: CommandRow): Entry[] {
    const entries = this.ledger.append(facts, now, command);
    for (const entry of entries) evolve(this.show, entry);
    return entries;
  }

  /**
   * Many appends in one transaction: each is folded at once, so that the next decision sees what the one before took.
   *
   * @throws whatever stopped it, with nothing written. When `ledger.head` has moved by then, the fold is ahead of the
   *         file and this book must be opened anew.
   */
  appendMany(work: (append: AppendInBatch) => void, now: Now): Entry[] {
    const all: Entry[] = [];
    this.db.transaction(() =>
      work((facts) => {
        const entries = this.ledger.append(facts, now);
        for (const entry of entries) evolve(this.show, entry);
        for (const entry of entries) all.push(entry);
        return entries;
      }),
    )();
    return all;
  }

  /** @param pages ceiling of the file in pages; null: SQLite's own */
  limit(pages: number | null): void {
    this.db.pragma(`max_page_count = ${pages ?? 4_294_967_294}`);
  }

  close(): void {
    try {
      // Folds the WAL into the file, so that a copied folder is whole.
      this.db.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      this.db.close();
    }
  }
}
