import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Entry, OriginFact } from '../domain/ledger.ts';
import { Book } from './book.ts';
import { HubClock } from './clock.ts';
import type { Shows } from './shows.ts';
import { Stage } from './stage.ts';
import { StorageWatch } from './storage-watch.ts';
import type { ShowRow } from './store/desk-store.ts';

const row: ShowRow = {
  id: 's',
  folder: 's',
  name: 'Show',
  phase: 'planned',
  startsAt: null,
  demo: false,
  madeAt: 0,
};
const jumped = (n: number): OriginFact => ({
  kind: 'clock.jumped',
  body: { deltaMs: 5000 },
  origin: 'clock',
  originId: `j${n}`,
});
const diskError = (code: string): Error => Object.assign(new Error('the disk is gone'), { code });

let folder: string;
let stage: Stage;
let storage: StorageWatch;
let told: Entry[];
let isOpenable: boolean;
let isListWritable: boolean;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance', 'Date'] });
  folder = mkdtempSync(join(tmpdir(), 'stage-'));
  [told, isOpenable, isListWritable] = [[], true, true];
  storage = new StorageWatch(folder);
  const shows: Pick<Shows, 'open' | 'choose' | 'note'> = {
    open: () => {
      if (!isOpenable) throw diskError('SQLITE_CANTOPEN');
      return { book: new Book(row.id, join(folder, row.folder)), restoredFrom: null };
    },
    choose: () => undefined,
    note: () => {
      if (!isListWritable) throw diskError('SQLITE_FULL');
    },
  };
  stage = new Stage({
    clock: new HubClock(),
    shows: shows as Shows,
    storage,
    vitals: () => ({ cannotSave: storage.cannotSave, freeBytes: null, online: new Set(), pending: new Map() }),
    onEntries: (entries) => void told.push(...entries),
    onShow: () => undefined,
  });
  stage.load(row);
});
afterEach(() => {
  stage.stop();
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

it('says what is durable though the list of shows cannot be written', () => {
  isListWritable = false;
  stage.append([
    { kind: 'show.reopened', body: { reason: 'more', by: 'desk' }, origin: 'desk', originId: 'o1' } as never,
  ]);
  expect(told).toHaveLength(1);
});

it('takes a show back when its file can be opened again after an I/O error, and says so until then', () => {
  stage.start();
  stage.append([jumped(1)]);
  isOpenable = false;
  vi.spyOn(stage.book as Book, 'append').mockImplementation(() => {
    throw diskError('SQLITE_IOERR_FSYNC');
  });
  expect(() => stage.append([jumped(2)])).toThrow('the disk is gone');
  expect(stage.trouble).toContain('cannot be opened');
  vi.advanceTimersByTime(5000);
  expect(stage.book).toBeNull();
  isOpenable = true;
  vi.advanceTimersByTime(2500);
  expect(stage.trouble).toBeNull();
  expect(stage.append([jumped(2)])).toMatchObject([{ seq: 2 }]);
});

it('tells of many appends once, when all are durable', () => {
  stage.appendMany((book, append) => {
    append([jumped(1)]);
    expect(book.show.seq).toBe(1);
    append([jumped(1), jumped(2)]);
    expect(told).toEqual([]);
  });
  expect(told.map(({ seq }) => seq)).toEqual([1, 2]);
});

it('takes back all of many appends when one fails, in memory as on disk', () => {
  stage.append([jumped(1)]);
  const before = stage.book;
  expect(() =>
    stage.appendMany((_, append) => {
      append([jumped(2)]);
      throw diskError('SQLITE_FULL');
    }),
  ).toThrow('the disk is gone');
  expect(stage.book).not.toBe(before);
  expect(stage.book?.show.seq).toBe(1);
  expect(stage.book?.ledger.head.seq).toBe(1);
  expect(told).toHaveLength(1);
  stage.append([jumped(3)]);
  expect(stage.book?.ledger.verify()).toBe(2);
});

it('keeps the book when the first of many could not be decided', () => {
  const before = stage.book;
  expect(() =>
    stage.appendMany(() => {
      throw new Error('no decision');
    }),
  ).toThrow('no decision');
  expect(stage.book).toBe(before);
});
