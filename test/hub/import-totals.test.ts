import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DESK } from '../../src/domain/actor.ts';
import { initialRecord, takeEntry } from '../../src/domain/close-record.ts';
import { DEFAULT_RULES } from '../../src/domain/decide/rules.ts';
import { bookOutside } from '../../src/domain/decide/sell.ts';
import { bookSnapshot } from '../../src/domain/decide/snapshot.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { postingsOf } from '../../src/domain/report-postings.ts';
import { linesTable } from '../../src/domain/report-sale-tables.ts';
import { given, liveShow, now, plan, product, run, type TestShow } from '../../src/domain/testing.ts';
import { tableCsv } from '../../src/hub/closing/report-csv.ts';
import { joinHalves } from '../../src/hub/connectors/csv-halves.ts';
import { readOrderFile } from '../../src/hub/connectors/csv-formats.ts';
import type { FileOrder } from '../../src/hub/connectors/csv-shop-rows.ts';
import { decoded } from '../../src/hub/connectors/csv-table.ts';
import { closeShow, playShow, readShowFile } from './closing-show.ts';

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../fixtures/csv', name));

/** Reads a file into a show as the hub does; what the hub keeps in its file is a map here. */
function importInto(show: TestShow, bytes: Buffer, halves = new Map<string, string>()): number {
  const setup = show.state.plan?.show ?? plan().show;
  const { currency, timeZone, taxMode } = setup;
  const options = { currency, timeZone, taxMode, at: new Date(show.at).toISOString() };
  const file = readOrderFile(bytes, { what: 'sales', options, remembered: {} });
  if ('refusal' in file) throw new Error(file.refusal.message);
  const store = {
    find: (id: string, half: string) => halves.get(`${id} ${half}`) ?? null,
    save: (id: string, half: string, body: string) => void halves.set(`${id} ${half}`, body),
  };
  const before = show.entries.length;
  for (const order of joinHalves(file.orders, store, true)) book(show, order);
  return show.entries.length - before;
}

function book(show: TestShow, order: FileOrder): void {
  const ask = {
    id: 'import',
    actor: DESK,
    now: now(show),
    seq: show.entries.length + 1,
    refOf: (contact: string) => contact.toLowerCase(),
    rules: DEFAULT_RULES,
  };
  given(show, ...('type' in order ? bookOutside(show.state, order, ask) : bookSnapshot(show.state, order, ask, null)));
}

function totals(show: TestShow): object {
  const { takings, parked } = show.state.sales;
  const { lastAt: _, byTender, ...rest } = takings;
  return { ...rest, byTender, parked: [...parked.values()].map(({ foreignSku }) => foreignSku).sort() };
}

const soldOf = (sku: string, show: TestShow): number => show.state.sales.takings.byPart.get(sku)?.sold ?? 0;

const dollars = (): Plan =>
  plan({
    show: { currency: 'USD', timeZone: 'America/New_York' },
    products: [product('MUG', { reserve: 1000 }), product('APRON', { reserve: 1000 })],
  });

describe('rows in any order', () => {
  it.each([
    ['shopify-orders.csv', 1],
    ['square-items-35.csv', 1],
    ['square-items-33.csv', 1],
    ['square-transactions.csv', 1],
    // The row under TikTok's headings describes them and stays there.
    ['tiktok-orders.csv', 2],
    ['dropdesk-sales.csv', 1],
  ])('of %s give the same totals', (name, fixed) => {
    const lines = (decoded(fixture(name)) ?? '')
      .replace(/^\ufeff/, '')
      .trimEnd()
      .split('\r\n');
    const [head, rows] = [lines.slice(0, fixed), lines.slice(fixed)];
    const whole = liveShow(dollars());
    importInto(whole, Buffer.from(lines.join('\r\n')));
    expect(whole.state.sales.takings.count).toBeGreaterThan(0);
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
        const show = liveShow(dollars());
        const bytes = Buffer.from([...head, ...shuffled].join('\r\n'));
        importInto(show, bytes);
        expect(totals(show)).toEqual(totals(whole));
        expect(importInto(show, Buffer.from(lines.join('\r\n')))).toBe(0);
      }),
      { numRuns: 40 },
    );
  });
});

it('the two halves of Square’s sales make the same whole, whichever comes first', () => {
  const [items, payments] = [fixture('square-items-21.csv'), fixture('square-transactions.csv')];
  const books = [
    [items, payments],
    [payments, items],
  ].map((files) => {
    const show = liveShow(dollars());
    const halves = new Map<string, string>();
    for (const file of files) importInto(show, file, halves);
    for (const file of files) expect(importInto(show, file, halves)).toBe(0);
    // A return is booked as the first file tells it: the items know the product, the transactions the tender.
    const { count, units, grossMinor, netMinor, refundedMinor, collectedMinor, tipMinor, byChannel } =
      show.state.sales.takings;
    const sold = [...show.state.sales.byId.values()].map(({ lines, tenders }) => ({ lines, tenders }));
    return {
      count,
      units,
      grossMinor,
      netMinor,
      refundedMinor,
      collectedMinor,
      tipMinor,
      byChannel,
      mugs: soldOf('MUG', show),
      tenders: sold.flatMap(({ tenders }) => tenders),
    };
  });
  expect(books[0]).toEqual(books[1]);
  // 63.70 + 19.49 + 26.00 were taken, 19.49 of it given back.
  expect(books[0]).toMatchObject({ collectedMinor: 8970, mugs: 3 });
  expect(books[0]?.tenders.map(({ kind, amountMinor }) => `${kind} ${amountMinor}`)).toEqual([
    'card 4370',
    'cash 2000',
    'cash 1949',
    'card 2600',
  ]);
});

describe('our own export', () => {
  const figures = (show: TestShow): object => {
    const { grossMinor, discountMinor, refundedMinor, netMinor, units, refundedUnits, taxMinor, byChannel } =
      show.state.sales.takings;
    const byProduct = Object.fromEntries(
      [...show.state.sales.takings.byProduct].sort(([a], [b]) => (a < b ? -1 : 1)).filter(([, { units }]) => units > 0),
    );
    return { grossMinor, discountMinor, refundedMinor, netMinor, units, refundedUnits, taxMinor, byChannel, byProduct };
  };

  it.each(['inclusive', 'exclusive'] as const)('is read back without a difference, tax %s', (taxMode) => {
    const show = playShow(readShowFile('standard-9001'), (file) => ({
      ...file,
      show: { ...(file['show'] as object), taxMode },
      products: (file['products'] as object[]).map((each) => ({ ...each, taxRate: '0.0825' })),
    }));
    const sales = [...show.state.sales.byId.values()].filter(({ voided }) => !voided);
    for (const sale of sales.slice(0, 20)) {
      const sku = sale.lines[0]?.sku ?? '';
      const back = { saleId: sale.saleId, lines: [{ sku, quantity: 1 }], reason: 'changed-mind' };
      expect(run(show, { kind: 'refund-sale', ...back, restock: 'reserve' }).ok).toBe(true);
    }
    closeShow(show);
    const record = initialRecord('test-show');
    for (const entry of show.entries) takeEntry(record, entry);
    const { currency, timeZone } = show.state.plan?.show ?? plan().show;
    const page = { record, postings: postingsOf(record), currency, timeZone, exclusive: taxMode === 'exclusive' };
    const csv = Buffer.from(tableCsv(linesTable(page), currency));

    const again = liveShow(show.state.plan ?? plan());
    again.at = show.at;
    importInto(again, csv);
    expect(figures(again)).toEqual(figures(show));
    expect(importInto(again, csv)).toBe(0);
  });
});
