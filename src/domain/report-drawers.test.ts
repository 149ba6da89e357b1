import { describe, expect, it } from 'vitest';
import { initialRecord, takeEntry } from './close-record.ts';
import { drawersByTill } from './report-drawers.ts';
import { type MoneyPage, tendersTable } from './report-money-tables.ts';
import { type TestShow, liveShow, plan, product, run, till } from './testing.ts';

const shop = () => liveShow(plan({ products: [product('FORTY', { priceMinor: 4000, reserve: 100 })], bundles: [] }));
const actor = { actor: till() };

function sell(show: TestShow, unitPriceMinor: number): string {
  const lines = [{ sku: 'FORTY', quantity: 1, unitPriceMinor }];
  return String(run(show, { kind: 'record-sale', channel: 'in-person', tender: 'cash', lines })['saleId']);
}

/** Example A's drawer at the desk, and one at a till in two sessions. */
function day(): TestShow {
  const show = shop();
  run(show, { kind: 'open-drawer', floatMinor: 10_000 });
  const [, saleId = ''] = [4000, 2436, 5000].map((price) => sell(show, price));
  const lines = [{ sku: 'FORTY', quantity: 1 }];
  run(show, { kind: 'refund-sale', saleId, lines, amountMinor: 1218, reason: 'late', restock: 'no' });
  run(show, { kind: 'pay-in', amountMinor: 2000, reason: 'change' });
  run(show, { kind: 'pay-out', amountMinor: 1500, reason: 'bank' });
  run(show, { kind: 'count-drawer', countedMinor: 20_500, reason: 'counted twice' });
  run(show, { kind: 'open-drawer', floatMinor: 500 }, actor);
  run(show, { kind: 'count-drawer', countedMinor: 505 }, actor);
  run(show, { kind: 'open-drawer', floatMinor: 700 }, actor);
  return show;
}

function cashRows(show: TestShow): Record<string, unknown>[] {
  const record = initialRecord('test-show');
  for (const entry of show.entries) takeEntry(record, entry);
  const { columns, rows } = tendersTable({ record, currency: 'EUR' } as MoneyPage);
  return rows
    .map((row) => Object.fromEntries(columns.map(({ key }, i) => [key, row[i]])))
    .filter(({ tender }) => tender === 'cash');
}

describe('drawers in the report', () => {
  it('are summed by till, and counted only when every session was', () => {
    const show = day();
    const desk = { floatMinor: 10_000, inMinor: 2000, outMinor: 1500, expectedMinor: 20_718, countedMinor: 20_500 };
    expect(drawersByTill(show.state.drawers).get('')).toEqual({ ...desk, varianceMinor: -218 });
    const two = { floatMinor: 1200, inMinor: 0, outMinor: 0, expectedMinor: 1200 };
    expect(drawersByTill(show.state.drawers).get('till-1')).toEqual({
      ...two,
      countedMinor: null,
      varianceMinor: null,
    });
  });

  it('stand in the cash rows of the tenders, also of a till that took no cash', () => {
    const show = day();
    const desk = { float: 10_000, paidIn: 2000, paidOut: 1500, expected: 20_718, counted: 20_500, overShort: -218 };
    expect(cashRows(show)).toMatchObject([
      { till: '', amount: 11_436, refunded: 1218, ...desk },
      { till: 'till-1', amount: 0, float: 1200, expected: 1200, counted: null, overShort: null },
    ]);
    expect(cashRows(shop())).toMatchObject([{ till: '', float: null, expected: 0, counted: null }]);
  });
});
