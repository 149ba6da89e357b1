import { giveBackList } from './give-back-list.ts';
import { promises } from './promises.ts';
import type { MoneyPage } from './report-money-tables.ts';
import { fieldsOf, type Table, tableOf } from './report-table.ts';
import { toIso } from './units.ts';

/** What is owed when the show is over: goods to their sources, promises to buyers, and what the show itself has cost. */

/** Units to give back, by product and the place they came from (R1). */
export function giveBackTable({ record: { show } }: MoneyPage): Table {
  const rows = giveBackList(show);
  const f = fieldsOf<(typeof rows)[number]>();
  return tableOf(rows, [
    f.text('sku', 'SKU', ({ sku }) => sku),
    f.text('name', 'Product', ({ name }) => name),
    f.text('location', 'Came from', ({ location }) => location),
    f.integer('units', 'Units to give back', ({ units }) => units),
  ]);
}

/** Preorders that stand: to be kept, or undone one by one when the show is called off (OFR-4). */
export function promisesTable(page: MoneyPage): Table {
  const rows = promises(page.record.show);
  const f = fieldsOf<(typeof rows)[number]>();
  return tableOf(rows, [
    f.text('sale', 'Sale', ({ saleId }) => saleId),
    f.instant('atUtc', 'At (UTC)', ({ at }) => at),
    f.text('buyer', 'Buyer', ({ ref }) => ref),
    f.text('offer', 'Offer', ({ offer }) => offer),
    f.text('sku', 'SKU', ({ sku }) => sku),
    f.text('name', 'Product', ({ name }) => name),
    f.integer('quantity', 'Quantity', ({ quantity }) => quantity),
    f.money('paid', 'Paid', ({ paidMinor }) => paidMinor),
    f.money('due', 'Due', ({ dueMinor }) => dueMinor),
    f.text('currency', 'Currency', () => page.currency),
  ]);
}

/** What was noted as cost (R29); a creator's agreed fee stands in the table of creators. */
export function costsTable(page: MoneyPage): Table {
  const f = fieldsOf<(typeof page.record.show.routine.costs)[number]>();
  return tableOf(page.record.show.routine.costs, [
    f.text('cost', 'Cost', ({ id }) => id),
    f.instant('atUtc', 'At (UTC)', ({ at }) => toIso(at)),
    f.text('kind', 'Kind', ({ costKind }) => costKind),
    f.text('label', 'What for', ({ label }) => label),
    f.money('amount', 'Amount', ({ amountMinor }) => amountMinor),
    f.text('creator', 'Creator', ({ creator }) => creator),
    f.text('partner', 'Partner', ({ partner }) => partner),
    f.text('currency', 'Currency', () => page.currency),
  ]);
}
