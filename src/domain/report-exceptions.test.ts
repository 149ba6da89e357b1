import { expect, it } from 'vitest';
import { initialRecord, takeEntry } from './close-record.ts';
import { exceptionsTable } from './report-exceptions.ts';
import type { MoneyPage } from './report-money-tables.ts';
import { type TestShow, liveShow, run } from './testing.ts';

function shortfallsIn(show: TestShow) {
  const record = initialRecord('test-show');
  for (const entry of show.entries) takeEntry(record, entry);
  const { columns, rows } = exceptionsTable({ record, currency: 'EUR' } as MoneyPage);
  const at = (key: string) => columns.findIndex((column) => column.key === key);
  return rows
    .filter((row) => row[at('kind')] === 'shortfall')
    .map((row) => [row[at('what')], row[at('decision')], row[at('severity')]]);
}

it('a shortfall that is settled in part says what is still owed', () => {
  const show = liveShow();
  const lines = [{ sku: 'MUG', quantity: 25 }];
  const { saleId } = run(show, { kind: 'record-sale', channel: 'social', tender: 'card', lines, paid: true });
  const what = `15 × MUG sold beyond stock by desk, sale ${String(saleId)}`;
  expect(shortfallsIn(show)).toEqual([[what, null, 1]]);
  const [shortfall = ''] = show.state.sales.shortfalls.keys();
  run(show, { kind: 'resolve-shortfall', shortfall, how: 'substituted', sku: 'APRON' });
  expect(shortfallsIn(show)).toEqual([[what, 'substituted, 5 still owed', 1]]);
  run(show, { kind: 'resolve-shortfall', shortfall, how: 'refunded' });
  expect(shortfallsIn(show)).toEqual([[what, 'refunded', 3]]);
});
