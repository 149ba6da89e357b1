import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Db, openDatabase } from './database.ts';
import { Ledger } from './ledger.ts';
import { SHOW_MIGRATIONS } from './migrations.ts';
import { clearUnfinishedSnapshots, listSnapshots, takeSnapshot } from './snapshots.ts';

let folder: string;
let db: Db;
let ledger: Ledger;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'snapshots-'));
  db = openDatabase(join(folder, 'show.db'), SHOW_MIGRATIONS);
  ledger = new Ledger(db);
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(n: number): void {
  const body = { plan: {}, warnings: [], demo: false, by: 'desk' } as never;
  ledger.append([{ kind: 'plan.adopted', body, origin: 'desk', originId: `o${n}` }], {
    at: 1,
    mono: n,
    boot: 'b1',
    t: n as never,
  });
}
const kept = (): string[] => readdirSync(join(folder, 'snapshots')).sort();

it('names the copy with the newest entry the newest, though the clock was set back', async () => {
  write(1);
  await takeSnapshot(db, folder, ledger.head, new Date('2026-11-28T21:00:00Z'));
  write(2);
  await takeSnapshot(db, folder, ledger.head, new Date('2026-11-28T19:00:00Z'));
  expect(listSnapshots(folder).map((path) => basename(path))).toEqual([
    '2026-11-28T19-00-00-000Z-2.db',
    '2026-11-28T21-00-00-000Z-1.db',
  ]);
});

it('keeps the newest copies when the clock was set back', async () => {
  for (let n = 1; n <= 15; n += 1) {
    write(n);
    await takeSnapshot(db, folder, ledger.head, new Date(Date.UTC(2026, 10, 28, 21 - n)));
  }
  expect(listSnapshots(folder).map((path) => Number(/-(\d+)\.db$/.exec(path)?.[1]))).toEqual([
    15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 1,
  ]);
});

it('leaves nothing of a copy that is not whole', async () => {
  write(1);
  await expect(takeSnapshot(db, folder, { seq: 1, hash: 'another' }, new Date(0))).rejects.toThrow('entry 1');
  expect(kept()).toEqual([]);
});

it('leaves nothing beside a copy that is whole', async () => {
  write(1);
  await takeSnapshot(db, folder, ledger.head, new Date(0));
  expect(kept()).toHaveLength(1);
});

it('clears away what a kill has left', () => {
  mkdirSync(join(folder, 'snapshots'));
  for (const name of ['.tmp-a', '.tmp-a-wal', 'good-1.db']) writeFileSync(join(folder, 'snapshots', name), '');
  clearUnfinishedSnapshots(folder);
  expect(kept()).toEqual(['good-1.db']);
});
