import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Book } from './book.ts';
import { log, reasonOf } from './log.ts';
import { sqliteCode } from './store/database.ts';
import { BrokenChain } from './store/ledger.ts';
import { hasPast, quarantine, restoreSnapshot } from './store/quarantine.ts';
import { clearUnfinishedSnapshots, listSnapshots } from './store/snapshots.ts';

/** The show's file is damaged and no safety copy of it is whole: the desk says so, nothing is sold into an empty show. */
export class Unrecoverable extends Error {}

export interface Opened {
  book: Book;
  /** the snapshot it came from, when the file was damaged */
  restoredFrom: string | null;
}

/**
 * Opens a show, or what is left of it: a file that is damaged or whose chain breaks is put aside and the newest whole
 * snapshot takes its place (REC-1 … REC-4). A show that had a past is never started empty.
 *
 * @param isSuspect the disk has just failed: SQLite's own check as well, which a quiet start does not wait for
 * @throws Unrecoverable, NewerFile, or the database's error when the fault is not damage
 */
export function openOrRecover(id: string, folder: string, { at, isSuspect }: { at: Date; isSuspect: boolean }): Opened {
  clearUnfinishedSnapshots(folder);
  if (existsSync(join(folder, 'show.db')) || !hasPast(folder)) {
    try {
      const book = new Book(id, folder);
      if (isSuspect) assertWhole(book);
      return { book, restoredFrom: null };
    } catch (error) {
      if (!isDamage(error)) throw error;
      const place = quarantine(folder, at);
      log({ level: 'error', kind: 'show-damaged', reason: reasonOf(error), place });
    }
  }
  return { ...restoreNewest(id, folder, at) };
}

function restoreNewest(id: string, folder: string, at: Date): Opened {
  for (const snapshot of listSnapshots(folder)) {
    try {
      restoreSnapshot(snapshot, folder);
      return { book: new Book(id, folder), restoredFrom: relative(folder, snapshot) };
    } catch (error) {
      log({ level: 'error', kind: 'snapshot-damaged', reason: reasonOf(error), place: relative(folder, snapshot) });
      if (existsSync(join(folder, 'show.db'))) quarantine(folder, at);
    }
  }
  throw new Unrecoverable(
    'This show’s file is damaged and there is no whole safety copy of it. It was kept in the show’s quarantine folder. Open another show, or start a new one.',
  );
}

/** The file's pages do not hold together. */
class DamagedPages extends Error {}

function assertWhole(book: Book): void {
  const check = String(book.db.pragma('quick_check', { simple: true }));
  if (check === 'ok') return;
  book.db.close();
  throw new DamagedPages(check);
}

function isDamage(error: unknown): boolean {
  if (error instanceof BrokenChain || error instanceof DamagedPages) return true;
  return /^SQLITE_(CORRUPT|NOTADB)/.test(sqliteCode(error) ?? '');
}
