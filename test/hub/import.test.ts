import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../src/domain/ledger.ts';
import { planFile, smallPlan, tempFolder, TestHub } from '../kit/hub.ts';

/** Acceptance 14: each of the six forms of order files, on a real hub with the file as a shop wrote it. */
const folder = tempFolder('import');
let hub: TestHub;
beforeAll(async () => {
  const show = { ...(smallPlan()['show'] as object), currency: 'USD', timeZone: 'America/New_York' };
  const products = [
    { sku: 'MUG', name: 'Blue mug', price: '18.00', reserve: 500 },
    { sku: 'APRON', name: 'Apron', price: '24.00', reserve: 500 },
  ];
  hub = await TestHub.start({ data: folder.path, args: ['--plan', planFile(folder.path, { show, products })] });
  await hub.do('open-show', { overrideReason: 'test' });
});
afterAll(async () => {
  await hub.stop();
  folder.remove();
});

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, '../fixtures/csv', name), 'base64');
const figures = async () => {
  const { sales, stock, seq } = await hub.state();
  const { count, units, grossMinor, netMinor, refundedMinor } = sales;
  return { seq, count, units, grossMinor, netMinor, refundedMinor, mugs: stock['MUG']?.physical ?? 0 };
};
type Figures = Awaited<ReturnType<typeof figures>>;
const difference = (before: Figures, after: Figures): Partial<Figures> =>
  Object.fromEntries(
    Object.entries(after)
      .map(([key, value]) => [key, value - before[key as keyof Figures]])
      .filter(([key, value]) => key !== 'seq' && value !== 0),
  );

const MAPPING = {
  sku: 'Stk code',
  name: 'Show item',
  quantity: 'How many',
  unitPrice: 'Hammer price',
  at: 'Sold when',
};
const FILES: [name: string, more: object, expected: object][] = [
  [
    'shopify-orders.csv',
    {},
    {
      format: 'shopify-orders',
      rows: 6,
      added: 3,
      bad: [6],
      books: { count: 3, units: 5, grossMinor: 9350, netMinor: 8350, refundedMinor: 400, mugs: -2 },
    },
  ],
  [
    'square-transactions.csv',
    {},
    {
      format: 'square-transactions',
      rows: 5,
      added: 4,
      bad: [5],
      // Money without lines: 61.70 + 19.49 + 25.00, and 19.49 given back.
      books: { count: 3, grossMinor: 10619, netMinor: 8670, refundedMinor: 1949 },
    },
  ],
  [
    'tiktok-orders.csv',
    {},
    {
      format: 'tiktok-orders',
      rows: 6,
      added: 2,
      bad: [7],
      books: { count: 2, units: 4, grossMinor: 7800, netMinor: 5800, refundedMinor: 1800, mugs: -3 },
    },
  ],
  [
    'dropdesk-sales.csv',
    {},
    {
      format: 'dropdesk-sales',
      rows: 3,
      added: 2,
      bad: [],
      books: { count: 2, units: 4, grossMinor: 9800, netMinor: 9560 },
    },
  ],
  [
    'whatnot-mapped.csv',
    { mapping: MAPPING },
    {
      format: 'mapped',
      rows: 3,
      added: 2,
      bad: [4],
      books: { count: 2, units: 2, grossMinor: 3550, netMinor: 3550, mugs: -1 },
    },
  ],
];

describe.each(FILES)('%s', (name, more, expected) => {
  const { books, bad, ...reply } = expected as { books: object; bad: number[]; added: number };
  const file = { what: 'sales', name, base64: fixture(name), ...more };
  let before: Figures;

  it('is detected and previewed, and a dry run adds nothing', async () => {
    before = await figures();
    const preview = await hub.do('import-file', { ...file, dryRun: true });
    expect(preview).toMatchObject({ ...reply, dryRun: true, problemCount: bad.length });
    expect((preview['preview'] as unknown[]).length).toBeGreaterThan(0);
    expect((await figures()).seq).toBe(before.seq);
  });
  it('is imported, its bad line named by number and the rest booked', async () => {
    const done = await hub.do('import-file', file);
    expect(done).toMatchObject(reply);
    expect((done['problems'] as { row: number }[]).map(({ row }) => row)).toEqual(bad);
    expect(difference(before, await figures())).toEqual(books);
  });
  it('adds nothing the second time', async () => {
    const after = await figures();
    expect(await hub.do('import-file', file)).toMatchObject({ added: 0, changed: 0 });
    expect((await figures()).seq).toBe(after.seq);
  });
});

describe('items of Square', () => {
  it('come after their transactions and make them whole: goods out of stock, money counted once', async () => {
    const before = await figures();
    const file = { what: 'sales', name: 'items.csv', base64: fixture('square-items-35.csv') };
    expect(await hub.do('import-file', { ...file, dryRun: true })).toMatchObject({ format: 'square-items', rows: 5 });
    const done = await hub.do('import-file', file);
    expect(done).toMatchObject({ added: 0, changed: 2, unchanged: 1 });
    expect(done['problems']).toMatchObject([{ row: 5, column: 'Qty' }]);
    const change = difference(before, await figures());
    expect(change).toMatchObject({ mugs: -3, units: 4, grossMinor: 300 });
    expect(change.netMinor ?? 0).toBe(0);
    expect(change.count ?? 0).toBe(0);
  });
  it.each(['square-items-21.csv', 'square-items-33.csv', 'square-items-35.csv'])(
    'of %s are the same sales, and change nothing any more',
    async (name) => {
      const before = await figures();
      expect(await hub.do('import-file', { what: 'sales', name, base64: fixture(name) })).toMatchObject({
        format: 'square-items',
        added: 0,
        changed: 0,
      });
      expect((await figures()).seq).toBe(before.seq);
    },
  );
  it('and transactions read once more change nothing either', async () => {
    const before = await figures();
    const name = 'square-transactions.csv';
    expect(await hub.do('import-file', { what: 'sales', name, base64: fixture(name) })).toMatchObject({
      added: 0,
      changed: 0,
    });
    expect((await figures()).seq).toBe(before.seq);
  });
});

it('a file of an unknown form asks which column is which, and what a person chose is offered again', async () => {
  const text = 'Ware,Menge X,Euro\nMUG,1,18.00\n';
  const asked = await hub.do('import-file', { what: 'sales', name: 'a.csv', text, dryRun: true });
  expect(asked).toMatchObject({
    needsMapping: true,
    missing: ['quantity', 'sku'],
    headings: ['Ware', 'Menge X', 'Euro'],
  });
  const refused = await hub.ask('import-file', { what: 'sales', name: 'a.csv', text });
  expect(refused).toMatchObject({ ok: false, refusal: { code: 'unreadable', field: 'mapping' } });
  const mapping = { sku: 'Ware', quantity: 'Menge X', unitPrice: 'Euro' };
  expect(await hub.do('import-file', { what: 'sales', name: 'a.csv', text, mapping })).toMatchObject({ added: 1 });
  const again = `${text}MUG,2,18.00\n`;
  expect(await hub.do('import-file', { what: 'sales', name: 'b.csv', text: again, dryRun: true })).toMatchObject({
    needsMapping: false,
    mapping,
    added: 1,
    unchanged: 1,
  });
});

it('dates that may be read in two ways are asked for', async () => {
  const text = 'order,sku,qty,date\nd-1,MUG,1,03/04/2026\n';
  const file = { what: 'sales', name: 'dates.csv', text, dryRun: true };
  expect(await hub.do('import-file', file)).toMatchObject({ asksDateOrder: true, added: 0, problemCount: 1 });
  const mapping = { dateOrder: 'day-first' };
  const told = await hub.do('import-file', { ...file, mapping });
  expect(told).toMatchObject({ asksDateOrder: false, added: 1, problemCount: 0 });
  expect(told['preview']).toMatchObject([{ at: '2026-04-03T04:00:00.000Z' }]);
});

it('no buyer, card or address of any file is in the ledger, and its sums tie', async () => {
  const { entries } = await hub.get<{ entries: Entry[] }>('/api/ledger?after=0&limit=5000');
  expect(JSON.stringify(entries)).not.toMatch(/example\.com|Ada Example|crafty_fan|Visa/i);
  const { sales } = await hub.state();
  const channels = Object.values(sales.byChannel);
  expect(channels.reduce((all, { netMinor }) => all + netMinor, 0)).toBe(sales.netMinor);
  expect(await hub.do('verify-ledger')).toMatchObject({ firstBadSeq: null });
});
