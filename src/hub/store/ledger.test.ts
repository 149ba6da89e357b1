import { expect, test } from 'vitest';
import type { OriginFact } from '../../domain/ledger.ts';
import { openDatabase, readPragmas } from './database.ts';
import { BrokenChain, entryHash, genesisHash, Ledger, LEDGER_MIGRATION } from './ledger.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'ledger-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const now = { at: 1796060700000, mono: 12345, boot: 'b1', t: 0 };
const mark = (originId: string): OriginFact => ({
  origin: 'desk',
  originId,
  kind: 'offer.closed',
  body: { offer: 'drop-1', why: 'hand', by: 'desk' },
});
const open = () => openDatabase(join(folder, 'show.db'), [LEDGER_MIGRATION]);

test('the hash of an entry is the one that any language can recompute', () => {
  const genesis = genesisHash('0123456789abcdef0123456789abcdef');
  expect(genesis).toBe('64fcda228217d23009478a919b7eb056e88d3c55feebb42551b0f86046e0ec38');
  expect(
    entryHash([
      genesis,
      1,
      1796060700000,
      12345,
      'b1',
      'desk',
      'cmd-1',
      'sale.recorded',
      '{"saleId":"s1","totalMinor":1800}',
    ]),
  ).toBe('39e21d8cea6a748cefd8ac542e9d76db31f6d208f7c1f4fe6cbe411635f22cef');
});

test('what was heard before is not written again, and only news is returned', () => {
  const ledger = new Ledger(open());
  expect(ledger.append([mark('a'), mark('b')], now).map((e) => e.seq)).toEqual([1, 2]);
  expect(ledger.append([mark('b'), mark('c')], now).map((e) => [e.seq, e.originId])).toEqual([[3, 'c']]);
  expect(ledger.after(0, 10)).toHaveLength(3);
});

test('a command and its facts are kept together, across a reopening', () => {
  const db = open();
  new Ledger(db).append([mark('cmd#0')], now, { actor: 'desk', id: 'cmd', bodySha256: 'x', reply: '{"ok":true}' });
  db.close();
  const again = new Ledger(open());
  expect(again.recall('desk', 'cmd')).toEqual({ bodySha256: 'x', reply: '{"ok":true}' });
  expect(again.recall('device:1', 'cmd')).toBeNull();
  expect(again.head.seq).toBe(1);
});

test('a command that cannot be kept leaves no fact behind', () => {
  const ledger = new Ledger(open());
  const row = { actor: 'desk', id: 'cmd', bodySha256: 'x', reply: '{}' };
  ledger.append([mark('1')], now, row);
  expect(() => ledger.append([mark('2')], now, row)).toThrow();
  expect(ledger.head.seq).toBe(1);
  expect(ledger.after(0, 10)).toHaveLength(1);
});

test('an entry can be neither changed nor removed', () => {
  const db = open();
  new Ledger(db).append([mark('a')], now);
  expect(() => db.exec("UPDATE ledger SET body = '{}'")).toThrow(/append-only/);
  expect(() => db.exec('DELETE FROM ledger')).toThrow(/append-only/);
});

test('one changed character in a stored body is found and named', () => {
  const db = open();
  const ledger = new Ledger(db);
  ledger.append([mark('a'), mark('b'), mark('c')], now);
  db.exec("DROP TRIGGER ledger_keeps; UPDATE ledger SET body = replace(body, 'drop-1', 'drop-2') WHERE seq = 2");
  expect(() => ledger.verify()).toThrow(new BrokenChain(2));
});

test('WAL runs with synchronous FULL after the first write', () => {
  expect(readPragmas(open())).toMatchObject({
    journal_mode: 'wal',
    synchronous: 2,
    foreign_keys: 1,
    trusted_schema: 0,
  });
});
