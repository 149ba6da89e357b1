import Database from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { listSnapshots } from './snapshots.ts';

const FILES = ['show.db', 'show.db-wal', 'show.db-shm'];

/** Something was kept here before, so an absent file means damage and not a new show (REC-3). */
export function hasPast(folder: string): boolean {
  return existsSync(join(folder, 'quarantine')) || listSnapshots(folder).length > 0;
}

/**
 * Moves a damaged show's database out of the way, its log with it: a restored file beside an old `-wal` would be read
 * wrong (sqlite.org/howtocorrupt.html). Evidence is never deleted.
 *
 * @returns the folder it lies in now, relative to the show's
 */
export function quarantine(folder: string, at: Date): string {
  const place = join('quarantine', at.toISOString().replaceAll(/[:.]/g, '-'));
  mkdirSync(join(folder, place), { recursive: true, mode: 0o700 });
  for (const name of FILES)
    if (existsSync(join(folder, name))) renameSync(join(folder, name), join(folder, place, name));
  return place;
}

/**
 * Puts a copy of a snapshot in the show's place, with a new sync epoch, so that every screen forgets what it held.
 *
 * @throws the file system's or the database's error; the show's place is then as empty as before
 */
export function restoreSnapshot(snapshot: string, folder: string): void {
  const temporary = join(folder, 'show.db.restoring');
  try {
    copyFileSync(snapshot, temporary);
    const db = new Database(temporary);
    db.prepare('UPDATE chain SET epoch = ?').run(randomBytes(16).toString('hex'));
    db.pragma('journal_mode = DELETE');
    db.close();
    const handle = openSync(temporary, 'r');
    fsyncSync(handle);
    closeSync(handle);
    renameSync(temporary, join(folder, 'show.db'));
  } finally {
    for (const rest of ['', '-wal', '-shm', '-journal']) rmSync(temporary + rest, { force: true });
  }
}
