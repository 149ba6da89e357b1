import { cueRunsOf } from './moments-of-record.ts';
import { countState, stockedSkus, unexplained } from './close-blockers.ts';
import type { Clip } from './clips.ts';
import type { EntryOf } from './ledger.ts';
import { isoOrNull, liveSales, type MoneyPage } from './report-money-tables.ts';
import { groupBy, sumOf } from './report-postings.ts';
import { fieldsOf, type Table, tableOf } from './report-table.ts';
import { goods } from './stock.ts';
import type { Channel } from './words.ts';

/** What is counted against what the ledger expects; a product nobody counted says so, never 0. */
export function stockTable({ record }: MoneyPage): Table {
  const { show, entries } = record;
  const sold = new Map<string, number>();
  for (const sale of liveSales(record)) {
    for (const line of sale.lines)
      for (const part of line.parts) add(sold, `${part.sku} ${sale.channel}`, part.quantity);
  }
  const voided = quantities(entries.of('sale.voided').flatMap(({ body }) => body.restocked));
  const back = groupBy(
    show.sales.refunds.flatMap(({ lines }) => lines.flatMap(({ restocked }) => restocked)),
    ({ pool }) => pool,
  );
  const toReserve = quantities([...back].flatMap(([pool, list]) => (pool === 'quarantine' ? [] : list)));
  const toQuarantine = quantities(back.get('quarantine') ?? []);
  const received = quantities(entries.of('stock.received').map(({ body }) => body));
  const givenBack = quantities(entries.of('stock.given-back').map(({ body }) => body));
  const writtenOff = quantities(entries.of('stock.written-off').map(({ body }) => body));
  const adjusted = groupBy(entries.of('stock.adjusted'), ({ body }) => body.sku);
  const counts = groupBy(
    entries.of('stock.counted').filter(({ seq }) => seq > (show.close.since ?? 0)),
    ({ body }) => body.sku,
  );
  const owed = quantities([...show.sales.shortfalls.values()]);
  const rows = stockedSkus(show).map((sku) => {
    const cell = goods(show.stock, sku);
    const count = counts.get(sku) ?? [];
    const after = (adjusted.get(sku) ?? []).filter(({ seq }) => seq > (count.at(-1)?.seq ?? Infinity));
    return { sku, cell, count, after };
  });
  type Row = (typeof rows)[number];
  const f = fieldsOf<Row>();
  const by =
    (channel: Channel) =>
    ({ sku }: Row) =>
      sold.get(`${sku} ${channel}`) ?? 0;
  const last = ({ count }: Row): EntryOf<'stock.counted'>['body'] | null => count.at(-1)?.body ?? null;
  return tableOf(rows, [
    f.text('sku', 'SKU', ({ sku }) => sku),
    f.text('name', 'Product', ({ sku }) => show.plan?.products.find((one) => one.sku === sku)?.name ?? sku),
    f.integer('opening', 'Opening', ({ sku }) => show.stock.planned.get(sku) ?? 0),
    f.integer('received', 'Received', ({ sku }) => received.get(sku) ?? 0),
    f.integer('givenBack', 'Given back', ({ sku }) => givenBack.get(sku) ?? 0),
    f.integer('soldInPerson', 'Sold in person', by('in-person')),
    f.integer('soldStream', 'Sold on stream', by('stream')),
    f.integer('soldSocial', 'Sold on social', by('social')),
    f.integer('soldUnattributed', 'Sold unattributed', by('unattributed')),
    f.integer('voidedBack', 'Voided back', ({ sku }) => voided.get(sku) ?? 0),
    f.integer('returnedReserve', 'Returned to reserve', ({ sku }) => toReserve.get(sku) ?? 0),
    f.integer('returnedQuarantine', 'Returned to quarantine', ({ sku }) => toQuarantine.get(sku) ?? 0),
    f.integer('writtenOff', 'Written off', ({ sku }) => writtenOff.get(sku) ?? 0),
    f.integer('expected', 'Expected', (row) => last(row)?.expected ?? row.cell.physical),
    f.integer('counted', 'Counted', ({ count }) => count[0]?.body.counted ?? null),
    f.integer(
      'secondCount',
      'Second count',
      ({ count }) => count.findLast(({ body }) => body.pass === 2)?.body.counted ?? null,
    ),
    f.integer('variance', 'Variance', (row) => last(row)?.variance ?? null),
    f.text('reason', 'Reason', (row) =>
      last(row) ? [...new Set(row.after.map(({ body }) => body.reason))].join(', ') : 'not counted',
    ),
    f.text('countedBy', 'Counted by', (row) => last(row)?.by ?? null),
    f.integer('notHandedOver', 'Not handed over', ({ cell }) => cell.committed),
    f.integer('shortfall', 'Shortfall', ({ sku }) => owed.get(sku) ?? 0),
  ]);
}

/** Products whose count is missing, stale or unexplained at the pin. */
export function openCounts({ record: { show } }: MoneyPage): { sku: string; state: string; units: number | null }[] {
  return stockedSkus(show)
    .map((sku) => ({ sku, state: countState(show, sku), units: unexplained(show, sku) }))
    .filter(({ state, sku }) => state !== 'counted' && (state !== 'uncounted' || show.close.moved.has(sku)));
}

export function offersTable(page: MoneyPage): Table {
  const { show, entries } = page.record;
  const opened = groupBy(entries.of('offer.opened'), ({ body }) => body.offer);
  const closed = groupBy(entries.of('offer.closed'), ({ body }) => body.offer);
  const holds = groupBy(entries.of('hold.placed'), ({ body }) => body.offer ?? '');
  const expired = new Set(entries.of('hold.expired').map(({ body }) => body.holdId));
  const postings = groupBy(page.postings, ({ offer }) => offer ?? '');
  const rows = (show.plan?.offers ?? []).map((offer) => ({
    offer,
    sum: sumOf(postings.get(offer.id) ?? []),
    held: holds.get(offer.id) ?? [],
  }));
  type Row = (typeof rows)[number];
  const f = fieldsOf<Row>();
  return tableOf(rows, [
    f.text('offer', 'Offer', ({ offer }) => offer.id),
    f.text('kind', 'Kind', ({ offer }) => offer.kind),
    f.text('sku', 'SKU', ({ offer }) => offer.sku),
    f.instant('openedUtc', 'Opened', ({ offer }) => isoOrNull(opened.get(offer.id)?.[0]?.at ?? null)),
    f.instant('closedUtc', 'Closed', ({ offer }) => isoOrNull(closed.get(offer.id)?.at(-1)?.at ?? null)),
    f.text('why', 'Closed by', ({ offer }) => closed.get(offer.id)?.at(-1)?.body.why ?? null),
    f.integer('cap', 'Cap', ({ offer }) => offer.cap),
    f.integer('sold', 'Sold', ({ sum }) => sum.units),
    f.money('net', 'Net', ({ sum }) => sum.netMinor),
    f.integer('holdsPlaced', 'Holds placed', ({ held }) => held.length),
    f.integer(
      'holdsExpired',
      'Holds expired',
      ({ held }) => held.filter(({ body }) => expired.has(body.holdId)).length,
    ),
    f.integer('missedUnits', 'Missed units', ({ offer }) => show.sales.missed.get(offer.sku) ?? 0),
    f.integer('issued', 'Codes issued', () => null),
    f.integer('redeemed', 'Codes redeemed', () => null),
    f.integer('expired', 'Codes expired', () => null),
    f.text('currency', 'Currency', () => page.currency),
  ]);
}

/** Confirmed credit only (a code, a link or an offer); nothing is guessed, and suggestions are never summed with it. */
export function creatorsTable(page: MoneyPage, clips: readonly Clip[]): Table {
  const runs = cueRunsOf(page.record);
  const byId = page.record.show.cues.byId;
  const postings = groupBy(page.postings, ({ creator }) => creator ?? '');
  const sales = groupBy(liveSales(page.record), ({ attribution }) => attribution.creator ?? '');
  const rows = (page.record.show.plan?.people ?? []).map((person) => ({
    person,
    mine: runs.filter(({ owners }) => owners.includes(person.id)),
    sum: sumOf(postings.get(person.id) ?? []),
    count: sales.get(person.id)?.length ?? 0,
  }));
  type Row = (typeof rows)[number];
  const f = fieldsOf<Row>();
  return tableOf(rows, [
    f.text('creator', 'Creator', ({ person }) => person.id),
    f.text('name', 'Name', ({ person }) => person.name),
    f.integer('drops', 'Drops', ({ mine }) => mine.filter(({ cue }) => byId.get(cue)?.cue.kind === 'drop').length),
    f.duration('onAirMs', 'On air', ({ mine }) => mine.reduce((total, run) => total + run.to - run.from, 0)),
    f.integer('salesConfirmed', 'Sales confirmed', ({ count }) => count),
    f.integer('unitsConfirmed', 'Units confirmed', ({ sum }) => sum.units),
    f.money('netConfirmed', 'Net confirmed', ({ sum }) => sum.netMinor),
    f.integer('unitsSuggested', 'Units suggested', () => null),
    f.money('netSuggested', 'Net suggested', () => null),
    f.integer('buyersNew', 'New buyers', () => null),
    f.money('fee', 'Fee', ({ person }) => person.feeMinor),
    f.money('costPerNewBuyer', 'Cost per new buyer', () => null),
    f.integer('clips', 'Clips', ({ person }) => clips.filter(({ creators }) => creators.includes(person.id)).length),
    f.text('currency', 'Currency', () => page.currency),
  ]);
}

function quantities(list: readonly { sku: string; quantity: number }[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of list) add(sums, sku, quantity);
  return sums;
}

function add(sums: Map<string, number>, key: string, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}
