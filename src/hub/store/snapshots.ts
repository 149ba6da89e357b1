import Database from 'better-sqlite3';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Db } from './database.ts';

const KEEP = 12;
/** More pages a step stall the hub's loop (measured: 500 pages, 85 ms). */
const PAGES_A_STEP = 100;

/**
 * Copies a show's file while it is in use: into a temporary name, checked read-only, then renamed. The hub's own
 * connection does it, since a copy from a foreign one restarts at every write and may never end.
 *
 * @param head what the copy must end with
 * @returns the snapshot's path
 * @throws when the copy is not whole; the good ones before it are untouched
 */
export async function takeSnapshot(
  db: Db,
  folder: string,
  head: { seq: number; hash: string },
  at: Date,
): Promise<string> {
  const snapshots = join(folder, 'snapshots');
  mkdirSync(snapshots, { recursive: true, mode: 0o700 });
  const stamp = at.toISOString().replaceAll(/[:.]/g, '-');
  const temporary = join(snapshots, `.tmp-${stamp}`);
  const path = join(snapshots, `${stamp}-${head.seq}.db`);
  try {
    await db.backup(temporary, { progress: () => PAGES_A_STEP });
    assertWhole(temporary, head);
    flush(temporary);
    renameSync(temporary, path);
  } finally {
    for (const rest of ['', '-wal', '-shm']) rmSync(temporary + rest, { force: true });
  }
  flush(snapshots);
  prune(snapshots);
  return path;
}

/**
 * One fresh copy takes the place of all before it, because they hold what had to be forgotten.
 *
 * @throws when the fresh one is not whole; the ones before it are untouched then
 */
export async function renewSnapshots(
  db: Db,
  folder: string,
  head: { seq: number; hash: string },
  at: Date,
): Promise<void> {
  const former = listSnapshots(folder);
  const fresh = await takeSnapshot(db, folder, head, at);
  for (const path of former) if (path !== fresh) rmSync(path, { force: true });
}

/** Copies that a kill left unfinished. */
export function clearUnfinishedSnapshots(folder: string): void {
  const snapshots = join(folder, 'snapshots');
  if (!existsSync(snapshots)) return;
  for (const name of readdirSync(snapshots)) if (name.startsWith('.tmp-')) rmSync(join(snapshots, name));
}

/** Newest first. */
export function listSnapshots(folder: string): string[] {
  const snapshots = join(folder, 'snapshots');
  return oldestFirst(snapshots)
    .reverse()
    .map((name) => join(snapshots, name));
}

/** By the entry they end with: a wall clock that was set back must not make an old copy the newest. */
function oldestFirst(snapshots: string): string[] {
  if (!existsSync(snapshots)) return [];
  const seqOf = (name: string): number => Number(/-(\d+)\.db$/.exec(name)?.[1] ?? 0);
  return readdirSync(snapshots)
    .filter((name) => name.endsWith('.db'))
    .sort()
    .sort((a, b) => seqOf(a) - seqOf(b));
}

function assertWhole(path: string, head: { seq: number; hash: string }): void {
  const copy = new Database(path, { readonly: true });
  try {
    const check = copy.pragma('quick_check', { simple: true });
    if (check !== 'ok') throw new Error(`the snapshot is damaged: ${String(check)}`);
    const hash = copy.prepare('SELECT hash FROM ledger WHERE seq = ?').pluck().get(head.seq);
    if (head.seq > 0 && hash !== head.hash) throw new Error(`the snapshot does not hold entry ${head.seq}`);
  } finally {
    copy.close();
  }
}

/** The first snapshot and the newest ones stay. */
function prune(snapshots: string): void {
  for (const name of oldestFirst(snapshots).slice(1, -KEEP)) rmSync(join(snapshots, name));
}

function flush(path: string): void {
  // Windows cannot sync a folder; there the rename is journalled by the file system.
  if (process.platform === 'win32') return;
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
