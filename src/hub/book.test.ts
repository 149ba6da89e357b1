import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OriginFact } from '../domain/ledger.ts';
import { Book } from './book.ts';
import { BrokenChain } from './store/ledger.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'book-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const now = { at: 1796060700000, mono: 1, boot: 'b1', t: 0 };
function write(entries: number): void {
  const book = new Book('show', folder);
  const facts = Array.from({ length: entries }, (_, n): OriginFact => {
    const body = { offer: `drop-${n}`, why: 'hand', by: 'desk' } as const;
    return { origin: 'desk', originId: `c${n}`, kind: 'offer.closed', body };
  });
  book.append(facts, now);
  book.close();
}
function tamper(seq: number): void {
  const db = new Database(join(folder, 'show.db'));
  db.exec(`DROP TRIGGER ledger_keeps; UPDATE ledger SET body = replace(body, 'hand', 'cue!') WHERE seq = ${seq}`);
  db.close();
}

// A long ledger is checked by a second thread; the answer must be the same.
test.each([100, 6000])(
  'a show of %i entries is opened whole, and one changed word in it is found and named',
  (entries) => {
    write(entries);
    const book = new Book('show', folder);
    expect(book.show.seq).toBe(entries);
    book.close();
    tamper(entries - 3);
    expect(() => new Book('show', folder)).toThrow(new BrokenChain(entries - 3));
  },
);
