import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvText } from '../../contract/csv.ts';
import { readPlan } from '../../contract/plan-file.ts';
import type { OutsideOrder, OutsideSale } from '../../domain/commands.ts';
import { formatDecimal } from '../../domain/money.ts';
import type { Plan } from '../../domain/plan.ts';
import { initialShow } from '../../domain/show.ts';
import { readCuesCsv, readDuration } from './csv-cues.ts';
import { readOrderFile } from './csv-formats.ts';
import type { OrderFile } from './csv-formats.ts';
import type { FileOrder, OrderFileOptions } from './csv-shop-rows.ts';
import { readProductsCsv } from './csv-plan.ts';
import { readSignupsCsv } from './csv-signups.ts';
import type { Unreadable } from './csv-table.ts';
import { dateOrderOf, decimalMarkOf, readAmount, readInstant } from './csv-values.ts';
import { importFile } from './import-file.ts';
import type { ImportDoors } from './import-file.ts';
import { readOrdersHere } from './orders-reader.ts';

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../../../test/fixtures/csv', name));
const AT = '2026-11-28T20:00:00.000Z';
const options = { currency: 'EUR', timeZone: 'Europe/Berlin', taxMode: 'inclusive' as const, at: AT };

function good<T>(read: T | Unreadable): T {
  if (typeof read === 'object' && read !== null && 'refusal' in read) throw new Error(read.refusal.message);
  return read;
}
const readSalesCsv = (bytes: Buffer, options: OrderFileOptions): OrderFile | Unreadable =>
  readOrderFile(bytes, { what: 'sales', options, remembered: {} });
const readReturnsCsv = (bytes: Buffer, options: OrderFileOptions): OrderFile | Unreadable =>
  readOrderFile(bytes, { what: 'returns', options, remembered: {} });
const idOf = (order: FileOrder | undefined): string =>
  order === undefined ? '' : 'type' in order ? order.sourceId : order.orderId;
const sales = (text: string): OrderFile => good(readSalesCsv(Buffer.from(text), options));
const brief = (file: { problems: { row: number; column: string; message: string }[] }): string[] =>
  file.problems.map(({ row, column, message }) => `${row} ${column}: ${message}`);

function plan(): Plan {
  const read = readPlan({
    format: 'dropdesk-plan',
    version: 1,
    show: { name: 'Market', timeZone: 'Europe/Berlin', currency: 'EUR', startsAt: '2026-11-28T19:00:00+01:00' },
    products: [
      { sku: 'MUG-BLUE', name: 'Blue mug', price: '18.00', reserve: 40 },
      { sku: 'APRON', name: 'Apron', price: '24.00' },
    ],
    people: [
      { id: 'ana', name: 'Ana' },
      { id: 'ben', name: 'Ben' },
    ],
    offers: [{ id: 'drop-1', kind: 'drop', sku: 'MUG-BLUE' }],
  });
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return read.plan;
}

describe('sales from a file', () => {
  it('of our own form are read to the last field, rows of one sale as one order', () => {
    const file = good(readSalesCsv(fixture('dropdesk-sales.csv'), options));
    expect(file).toMatchObject({ format: 'dropdesk-sales', rows: 3, problems: [] });
    expect(file.orders).toEqual([
      {
        type: 'sale',
        source: 'csv:dropdesk-sales',
        sourceId: 's12 2026-11-28T19:05:10.000Z',
        at: '2026-11-28T19:05:10.000Z',
        channel: 'in-person',
        lines: [
          { sku: 'MUG-BLUE', name: 'Blue mug', quantity: 2, unitPriceMinor: 1800, discountMinor: 0 },
          { sku: 'APRON', name: 'Apron', quantity: 1, unitPriceMinor: 2400, discountMinor: 240 },
        ],
        creatorCode: null,
        tender: 'cash',
        tipMinor: 0,
        personRef: null,
      },
      {
        type: 'sale',
        source: 'csv:dropdesk-sales',
        sourceId: 's13 2026-11-28T19:06:00.000Z',
        at: '2026-11-28T19:06:00.000Z',
        channel: 'stream',
        lines: [{ sku: 'SET-TEA', name: 'Mug, and apron', quantity: 1, unitPriceMinor: 3800, discountMinor: 0 }],
        creatorCode: 'ANA10',
        tender: 'card',
        tipMinor: 150,
        personRef: null,
      },
    ]);
  });

  it('survive being written and read, whatever the names and amounts', () => {
    const text = fc
      .string({
        unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ',', ';', '\n', 'a', 'é', '＝', '😀'),
        minLength: 1,
        maxLength: 12,
      })
      .map((raw) => `x${raw}x`);
    const line = fc.record({
      sku: text,
      name: text,
      quantity: fc.integer({ min: 1, max: 999 }),
      unitPriceMinor: fc.integer({ min: 0, max: 9_999_999 }),
    });
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ line, tip: fc.integer({ min: 0, max: 999 }), tender: fc.constantFrom('cash', 'card', 'other') }),
          { minLength: 1, maxLength: 6 },
        ),
        (rows) => {
          const file = csvText(rows.entries(), [
            { name: 'sale', kind: 'text', of: ([i]) => `s${i}` },
            { name: 'atUtc', kind: 'text', of: () => AT },
            { name: 'sku', kind: 'text', of: ([, row]) => row.line.sku },
            { name: 'name', kind: 'text', of: ([, row]) => row.line.name },
            { name: 'quantity', kind: 'number', of: ([, row]) => row.line.quantity },
            { name: 'unitPrice', kind: 'number', of: ([, row]) => formatDecimal(row.line.unitPriceMinor, 'EUR') },
            { name: 'tender', kind: 'text', of: ([, row]) => row.tender },
            { name: 'tip', kind: 'number', of: ([, row]) => formatDecimal(row.tip, 'EUR') },
          ]);
          const read = sales(file);
          expect(read.problems).toEqual([]);
          const orders = read.orders as OutsideSale[];
          expect(orders.map((order) => order.lines)).toEqual(rows.map((row) => [{ ...row.line, discountMinor: 0 }]));
          expect(orders.map(({ tipMinor, tender }) => ({ tip: tipMinor, tender }))).toEqual(
            rows.map(({ tip, tender }) => ({ tip, tender })),
          );
        },
      ),
    );
  });

  it('of a foreign form are read by their headings; a broken row is named and the others go on', () => {
    const file = good(readSalesCsv(fixture('mapped-german.csv'), options));
    expect(brief(file)).toEqual(['3 Menge: "eins" is no whole number']);
    expect(file.orders.map(idOf)).toEqual(['1001', '1003']);
    expect(file.orders[0]).toMatchObject({
      at: '2026-11-28T18:05:00.000Z',
      channel: 'stream',
      lines: [{ sku: 'MUG-BLUE', quantity: 2, unitPriceMinor: 1800 }],
    });
    expect(file.mapping).toMatchObject({ orderId: 'Order', quantity: 'Menge', unitPrice: 'Einzelpreis' });
  });

  it('leave out an order whole when one of its rows is broken', () => {
    const file = sales('order,sku,qty,price\n1,MUG,1,18.00\n1,APRON,x,24.00\n2,MUG,1,18.00\n');
    expect(file.orders.map(idOf)).toEqual(['2']);
    expect(file.problems).toHaveLength(1);
  });

  it('may be told which column is which', () => {
    const file = good(
      readSalesCsv(Buffer.from('a,b,c\nMUG,2,18.00\n'), {
        ...options,
        mapping: { sku: 'a', quantity: 'b', unitPrice: 'c' },
      }),
    );
    expect(file.orders[0]).toMatchObject({ at: AT, lines: [{ sku: 'MUG', quantity: 2, unitPriceMinor: 1800 }] });
  });

  it('without order ids are known by what they hold, equal rows one by one', () => {
    const file = sales('sku,qty\nMUG,1\nMUG,1\nAPRON,1\n');
    const ids = file.orders.map(idOf);
    expect(new Set(ids).size).toBe(3);
    expect(sales('sku,qty\nMUG,1\nMUG,1\nAPRON,1\n').orders.map(idOf)).toEqual(ids);
  });

  it.each([
    [
      'a number with two readings',
      'sku,qty,price\nMUG,1,1.234\n',
      '2 price: 1.234 may be 1234 or 1.234; write it with two decimals',
    ],
    [
      'too many digits',
      'sku,qty,price\nMUG,1,18.005\nMUG,1,1.50\n',
      '2 price: 18.005 has too many digits for EUR (2 decimals)',
    ],
    ['a return among sales', 'sku,qty,price\nMUG,1,-18.00\n', '2 price: is negative; bring returns in as returns'],
    [
      'a date with two readings',
      'sku,qty,date\nMUG,1,03/04/2026\n',
      '2 date: 03/04/2026 may be the 03 of month 04 or the 04 of month 03; write 2026-11-28',
    ],
    ['more cells than headings', 'sku,qty\nMUG,1,2\n', '2 : has 3 cells under 2 headings'],
    [
      'a channel that is none',
      'sku,qty,channel\nMUG,1,shop\n',
      '2 channel: "shop" is no channel; write in-person, stream, social',
    ],
  ])('name %s', (_, text, problem) => {
    expect(brief(sales(text))).toEqual([problem]);
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'unreadable'],
    ['a quote that never ends', Buffer.from('sku,qty\n"MUG,1\n'), 'unreadable'],
    ['bytes of a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00, 0xfe]), 'unreadable'],
    ['50,001 rows', Buffer.from(`sku,qty\n${'M,1\n'.repeat(50_001)}`), 'too-large'],
    ['more than 50 MB', Buffer.alloc(50 * 1024 * 1024 + 1, 'a'), 'too-large'],
  ])('are refused when the file holds %s', (_, bytes, code) => {
    expect(readSalesCsv(bytes, options)).toMatchObject({ refusal: { code } });
  });

  it('say which columns a person has to name when nothing can be read without', () => {
    expect(sales('sku,price\nMUG,1\n')).toMatchObject({ format: 'mapped', missing: ['quantity'], orders: [] });
    expect(sales('a,b\n1,2\n')).toMatchObject({ missing: ['quantity', 'sku'], headings: ['a', 'b'] });
  });

  it('of 50,000 rows are read within 10 s', () => {
    const started = performance.now();
    expect(
      sales(
        `order,sku,qty,price,date\n${Array.from({ length: 50_000 }, (_, i) => `${i},MUG,1,18.00,2026-11-28 19:05`).join('\n')}`,
      ).orders,
    ).toHaveLength(50_000);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('never throw, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void readSalesCsv(Buffer.from(bytes), options)),
    );
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r', 'a', '1', '\t') }),
        (text) => void readSalesCsv(Buffer.from(`sku,qty\n${text}`), options),
      ),
    );
  });
});

it('returns name the order they give back, each part once, or money alone', () => {
  const file = good(readReturnsCsv(Buffer.from('order,sku,qty,total\n1001,MUG,1,18.00\n1002,,,-9.50\n'), options));
  expect(file.orders).toMatchObject([
    { type: 'refund', saleSourceId: '1001', lines: [{ sku: 'MUG', quantity: 1 }], amountMinor: 1800 },
    { type: 'refund', saleSourceId: '1002', lines: [], amountMinor: 950 },
  ]);
});

it('a returns file without times is the same file when it is read again later', () => {
  const ids = ['2026-11-28T20:00:00.000Z', '2026-11-28T21:00:00.000Z'].map((at) =>
    idOf(good(readReturnsCsv(Buffer.from('order,sku,qty\n1001,MUG,1\n'), { ...options, at })).orders[0]),
  );
  expect(ids[0]).toBe(ids[1]);
});

describe('values', () => {
  it.each([
    ['€18.00', 1800],
    ['-$45.00', -4500],
    ['($45.00)', -4500],
    ['1.234,50', 123_450],
    ['18', 1800],
    ["1'234.50", 123_450],
    ['18,00 EUR', 1800],
  ])('read %s as an amount', (text, minor) => {
    expect(readAmount(text, decimalMarkOf([text]), 'EUR')).toEqual({ value: minor });
  });
  it('take a comma for decimals only when the amounts agree', () => {
    expect(decimalMarkOf(['18,00', '1.234,50'])).toBe(',');
    expect(decimalMarkOf(['18,00', '18.00'])).toBe('unclear');
    expect(decimalMarkOf(['1.234'])).toBe('unclear');
  });
  it.each([
    ['2026-09-03 10:14:00 -0400', '2026-09-03T14:14:00.000Z'],
    ['2026-09-03T10:14:00Z', '2026-09-03T10:14:00.000Z'],
    ['2026-09-03 10:14', '2026-09-03T09:14:00.000Z'],
    ['03.09.2026 10:14:05', '2026-09-03T09:14:05.000Z'],
    ['2026-10-25 01:30', '2026-10-25T00:30:00.000Z'],
  ])('read %s in Lisbon, a doubled hour the first time', (text, iso) => {
    expect(readInstant(text, 'Europe/Lisbon', 'unclear')).toEqual({ value: iso });
  });
  it('refuse an hour that does not exist, and a day', () => {
    expect(readInstant('2026-03-29 01:30', 'Europe/Lisbon', 'unclear')).toEqual({
      problem: '01:30 does not exist on 2026-03-29 in Europe/Lisbon',
    });
    expect(readInstant('2026-02-30 10:00', 'Europe/Lisbon', 'unclear')).toHaveProperty('problem');
  });
  it('learn from the other dates whether the day comes first', () => {
    expect(dateOrderOf(['03/04/2026', '28/11/2026'])).toBe('day-first');
    expect(readInstant('03/04/2026 7:05 pm', 'UTC', 'month-first')).toEqual({ value: '2026-03-04T19:05:00.000Z' });
  });
  it.each([
    ['05:00', 300_000],
    ['1:05:00', 3_900_000],
    ['5', 300_000],
    ['5 min', 300_000],
    ['90 s', 90_000],
    ['300000', 300_000],
  ])('read %s as a length', (text, ms) => {
    expect(readDuration(text)).toEqual({ value: ms });
  });
});

describe('products from a file', () => {
  it('in UTF-16 with tabs become skus, prices and rates', () => {
    const file = good(readProductsCsv(fixture('products-utf16le.csv'), plan(), undefined));
    expect(file.problems).toEqual([]);
    expect(file).toMatchObject({ added: ['TEA-TOWEL'], changed: ['MUG-BLUE'], unchanged: [] });
    expect(file.items.map((item) => item.sku)).toEqual(['MUG-BLUE', 'APRON', 'TEA-TOWEL']);
    expect(file.items[0]).toMatchObject({
      priceMinor: 1800,
      reserve: 40,
      lowAt: 5,
      taxRate: '0.23',
      flags: ['limited', 'hand made'],
    });
  });
  it('that are there already are unchanged', () => {
    const first = good(readProductsCsv(fixture('products-utf16le.csv'), plan(), undefined));
    expect(
      good(readProductsCsv(fixture('products-utf16le.csv'), { ...plan(), products: first.items }, undefined)),
    ).toMatchObject({ added: [], changed: [] });
  });
  it('with faults name row and column, judged by the rules of a plan', () => {
    const file = good(
      readProductsCsv(
        Buffer.from('sku,name,price,reserve\nA,Cup,18.005,1\nB,,2.00,1\nC,Cup,3.00,-1\n'),
        plan(),
        undefined,
      ),
    );
    expect(brief(file)).toEqual([
      '2 price: 18.005 has too many digits for EUR (2 decimals)',
      '4 reserve: "-1" is no whole number',
    ]);
    const next = good(readProductsCsv(Buffer.from('sku,name,price\nB,,2.00\n'), plan(), undefined));
    expect(brief(next)).toEqual(['2 name: must not be empty']);
  });
});

describe('cues from a file', () => {
  it('take their day from the show, and from the cue before', () => {
    const file = good(readCuesCsv(fixture('cues.csv'), plan(), [], undefined));
    expect(brief(file)).toEqual([]);
    expect(file.items.map((cue) => ('at' in cue.start ? cue.start.at : 'linked'))).toEqual([
      '2026-11-28T18:00:00.000Z',
      '2026-11-28T18:05:00.000Z',
      '2026-11-28T23:10:00.000Z',
      'linked',
    ]);
    expect(file.items[0]).toMatchObject({
      id: 'welcome',
      owners: ['ana'],
      durationMs: 300_000,
      points: [
        { text: 'Say hello', mustSay: true },
        { text: 'Show the tables', mustSay: false },
      ],
    });
    expect(file.items[1]).toMatchObject({ kind: 'drop', offer: 'drop-1', owners: ['ana', 'ben'] });
    expect(file.items[3]?.title).toBe('=1+1');
  });
  it('that are there already are unchanged', () => {
    const { items } = good(readCuesCsv(fixture('cues.csv'), plan(), [], undefined));
    expect(good(readCuesCsv(fixture('cues.csv'), plan(), items, undefined))).toMatchObject({
      added: [],
      changed: [],
      unchanged: ['welcome', 'drop-1', 'after-midnight', '1-1'],
    });
  });
  it('with three faults name all three and give nothing', () => {
    const file = good(
      readCuesCsv(
        Buffer.from('title,kind,duration,who,start\nA,talk,soon,Ana,19:00\nB,dorp,05:00,Ana,\nC,talk,05:00,Zoe,\n'),
        plan(),
        [],
        undefined,
      ),
    );
    expect(brief(file).map((problem) => problem.split(':')[0])).toEqual(['2 duration', '4 who', '3 kind']);
    expect(file.items).toEqual([]);
  });
  it('may come as JSON, as a plan or as a bare list', () => {
    const cues = [{ id: 'c1', title: 'Welcome', durationMs: 1000 }];
    for (const json of [cues, { format: 'dropdesk-plan', cues }])
      expect(good(readCuesCsv(Buffer.from(JSON.stringify(json)), plan(), [], undefined)).added).toEqual(['c1']);
    expect(readCuesCsv(Buffer.from('{"cues":7}'), plan(), [], undefined)).toMatchObject({
      refusal: { code: 'unreadable' },
    });
  });
});

it('sign-ups get an id from who they are, so that the same file twice adds nobody', () => {
  const read = (): { items: { id: string }[]; problems: unknown[] } =>
    good(
      readSignupsCsv(Buffer.from('Email,Phone,Channel\nAna@example.org,+351 912 345 678,stream\nnobody,,\n'), {
        timeZone: 'UTC',
        mapping: undefined,
        at: AT,
      }),
    );
  expect(read().items).toMatchObject([{ email: 'Ana@example.org', phone: '+351912345678', channel: 'stream', at: AT }]);
  expect(read().items[0]?.id).toBe(read().items[0]?.id);
  expect(read().problems).toHaveLength(1);
});

it('1,207 sign-ups of which 7 are repeats in other letter case are 1,200 people; the first time and the last word count', () => {
  const rows = Array.from({ length: 1200 }, (_, n) => `s-${n}@example.org,stream,2026-11-2${n % 8}T10:00:00Z,yes`);
  const repeats = Array.from({ length: 7 }, (_, n) => `S-${n}@Example.ORG,stream,2026-11-28T12:00:00Z,no`);
  const text = ['email,channel,at,consent', ...rows, ...repeats].join('\n');
  const read = good(readSignupsCsv(Buffer.from(text), { timeZone: 'UTC', mapping: undefined, at: AT }));
  expect(read.problems).toEqual([]);
  expect(read.items).toHaveLength(1200);
  expect(read.items[3]).toMatchObject({ email: 's-3@example.org', at: '2026-11-23T10:00:00.000Z', consent: 'no' });
  const dotted = good(
    readSignupsCsv(Buffer.from('email\na.b@gmail.com\nab@gmail.com\nab+x@gmail.com\n'), {
      timeZone: 'UTC',
      mapping: undefined,
      at: AT,
    }),
  );
  expect(dotted.items).toHaveLength(3);
});

describe('import-file', () => {
  const show = initialShow('show');
  show.plan = plan();
  const booked: OutsideOrder[] = [];
  const remembered: Record<string, Record<string, string>> = {};
  const doors: ImportDoors = {
    show: () => show,
    now: () => Date.parse(AT),
    readOrders: (task) => Promise.resolve(readOrdersHere(task)),
    bookOrders: (orders) => ({ added: booked.push(...orders) && orders.length, unchanged: 0 }),
    bookSnapshots: () => ({ added: 0, changed: 0, unchanged: 0 }),
    joinHalves: (orders) => [...orders],
    progress: () => true,
    savePeople: () => ({ added: 1, changed: 0, unchanged: 0, people: 1 }),
    remembered: () => remembered,
    remember: (hash, mapping) => void (remembered[hash] = mapping),
  };
  const run = (
    what: 'sales' | 'cues' | 'products' | 'signups',
    text: string,
    dryRun = false,
  ): ReturnType<typeof importFile> => importFile({ what, name: 'x.csv', text, dryRun }, 'desk', doors);

  it('books the good rows of sales and lists the bad ones; a dry run books nothing', async () => {
    const text = 'order,sku,qty,price\n1,MUG-BLUE,1,18.00\n2,APRON,none,24.00\n';
    expect(await run('sales', text, true)).toMatchObject({ ok: true, reply: { rows: 2, added: 1, unchanged: 0 } });
    expect(booked).toEqual([]);
    expect(await run('sales', text)).toMatchObject({
      ok: true,
      reply: { rows: 2, added: 1, problems: [{ row: 3, column: 'qty' }] },
    });
    expect(booked).toHaveLength(1);
  });
  it('takes a list of the plan whole or not at all', async () => {
    expect(await run('products', 'sku,name,price\nCUP,Cup,3.00\nJAR,Jar,x\n')).toMatchObject({
      ok: false,
      refusal: { code: 'unreadable', problems: [{ row: 3 }] },
    });
    expect(await run('products', 'sku,name,price\nCUP,Cup,3.00\n')).toMatchObject({
      ok: true,
      facts: [{ kind: 'plan.adopted' }],
      reply: { added: 1 },
    });
    expect(await run('cues', 'title,duration,start\nHello,05:00,19:00\n')).toMatchObject({
      ok: true,
      facts: [{ kind: 'cue.added', body: { before: null } }],
    });
  });
  it('says so when there is no show', async () => {
    expect(
      await importFile({ what: 'sales', name: 'x', text: '' }, 'desk', { ...doors, show: () => null }),
    ).toMatchObject({
      ok: false,
      refusal: { code: 'no-plan' },
    });
  });
});
