import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Book } from './book.ts';
import { log, reasonOf } from './log.ts';
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
 * @throws Unrecoverable, NewerFile, or the database's error when the fault is not damage
 */
export function openOrRecover(id: string, folder: string, at: Date): Opened {
  clearUnfinishedSnapshots(folder);
  if (existsSync(join(folder, 'show.db')) || !hasPast(folder)) {
    try {
      return { book: new Book(id, folder), restoredFrom: null };
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

function isDamage(error: unknown): boolean {
  if (error instanceof BrokenChain) return true;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB';
}
