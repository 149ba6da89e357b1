import { soldAt } from './sale-record.ts';
import { localTime } from './local-time.ts';
import { type Collected, collectedOf, collectedOfReturn, looseReturns } from './report-collected.ts';
import { collectedFields, type MoneyPage } from './report-money-tables.ts';
import { type Figures, groupBy, sumOf } from './report-postings.ts';
import { fieldsOf, type Table, tableOf } from './report-table.ts';
import { type Instant, toIso } from './units.ts';

interface SaleRow {
  id: string;
  seq: number;
  at: Instant;
  receipt: string | null;
  channel: string;
  rule: string;
  source: string;
  till: string | null;
  creator: string | null;
  offer: string | null;
  state: string;
  sum: Figures;
  money: Collected;
  tenders: string;
}

/** Every sale, voided ones with zeros; a return without a receipt has a row of its own, or the sum would not tie. */
export function salesTable(page: MoneyPage): Table {
  const rows = [...saleRows(page), ...looseRows(page)].sort((a, b) => a.at - b.at || a.seq - b.seq);
  const f = fieldsOf<SaleRow>();
  const local = ({ at }: SaleRow) => localTime(at, page.timeZone);
  return tableOf(rows, [
    f.text('sale', 'Sale', ({ id }) => id),
    f.instant('atUtc', 'At (UTC)', ({ at }) => toIso(at)),
    f.text('atLocal', 'At', (row) => `${local(row).date} ${local(row).time}`),
    f.text('zone', 'Zone', (row) => local(row).zone),
    f.text('receipt', 'Receipt', ({ receipt }) => receipt),
    f.text('channel', 'Channel', ({ channel }) => channel),
    f.text('rule', 'Channel by', ({ rule }) => rule),
    f.text('source', 'Rung at', ({ source }) => source),
    f.text('till', 'Till', ({ till }) => till),
    f.text('creator', 'Creator', ({ creator }) => creator),
    f.text('offer', 'Offer', ({ offer }) => offer),
    f.text('state', 'State', ({ state }) => state),
    f.integer('units', 'Units', ({ sum }) => sum.units),
    f.money('gross', 'Gross', ({ sum }) => sum.grossMinor),
    f.money('discounts', 'Discounts', ({ sum }) => sum.discountMinor),
    f.money('returns', 'Returns', ({ sum }) => sum.returnsMinor),
    f.money('net', 'Net', ({ sum }) => sum.netMinor),
    f.money('tax', 'Tax', ({ sum }) => sum.taxMinor),
    ...collectedFields<SaleRow>(({ money }) => money),
    f.text('tenders', 'Tenders', ({ tenders }) => tenders),
    f.text('currency', 'Currency', () => page.currency),
  ]);
}

function saleRows({ record, postings }: MoneyPage): SaleRow[] {
  const mine = groupBy(postings, ({ sale }) => sale);
  return [...record.show.sales.byId.values()].map((sale) => {
    const sum = sumOf(mine.get(sale.saleId) ?? []);
    const back = sale.lines.every((line, index) => (sale.refundedUnits[index] ?? 0) >= line.quantity);
    return {
      id: sale.saleId,
      seq: sale.seq,
      at: soldAt(sale),
      receipt: sale.receipt,
      channel: sale.channel,
      rule: sale.attribution.rule,
      source: sale.source,
      till: sale.till,
      creator: sale.attribution.creator,
      offer: sale.lines.find(({ offer }) => offer !== null)?.offer ?? null,
      state: sale.voided
        ? 'voided'
        : back
          ? 'refunded'
          : sum.returnsMinor > 0 || sum.refundedUnits > 0
            ? 'part-refunded'
            : 'sold',
      sum,
      money: collectedOf(sale),
      tenders: sale.tenders.map(({ kind }) => kind).join('+'),
    };
  });
}

function looseRows({ record, postings }: MoneyPage): SaleRow[] {
  return looseReturns(record).map((refund) => ({
    id: refund.refundId,
    seq: refund.seq,
    at: soldAt(refund),
    receipt: null,
    channel: refund.channel,
    rule: 'none',
    source: refund.source,
    till: null,
    creator: null,
    offer: null,
    state: 'return-without-receipt',
    sum: sumOf(postings.filter(({ sale }) => sale === refund.refundId)),
    money: collectedOfReturn(refund),
    tenders: refund.tenders.map(({ kind }) => kind).join('+'),
  }));
}

/** One row a line sold; what came back stands in its row, else in one of its own. */
export function linesTable(page: MoneyPage): Table {
  const bundles = new Set((page.record.show.plan?.bundles ?? []).map(({ sku }) => sku));
  const prices = new Map(
    [...page.record.show.sales.byId.values()].flatMap((sale) =>
      sale.lines.map((line): [string, typeof line] => [`${sale.saleId} ${line.line}`, line]),
    ),
  );
  const rows = [...groupBy(page.postings, ({ sale, line }) => `${sale} ${line ?? ''}`)].flatMap(([key, group]) => {
    const first = group[0];
    return first ? [{ first, sold: prices.get(key), sum: sumOf(group) }] : [];
  });
  rows.sort(
    (a, b) =>
      a.first.at - b.first.at ||
      numberOf(a.first.sale) - numberOf(b.first.sale) ||
      (a.first.line ?? 1e9) - (b.first.line ?? 1e9),
  );
  type Row = (typeof rows)[number];
  const f = fieldsOf<Row>();
  return tableOf(rows, [
    f.text('sale', 'Sale', ({ first }) => first.sale),
    f.integer('line', 'Line', ({ first }) => first.line),
    f.instant('atUtc', 'At (UTC)', ({ first }) => toIso(first.at)),
    f.text('sku', 'SKU', ({ first }) => first.sku),
    f.text('name', 'Product', ({ first }) => first.name),
    f.integer('quantity', 'Quantity', ({ sum }) => sum.units),
    f.money('unitPrice', 'Unit price', ({ sold }) => sold?.unitPriceMinor ?? null),
    f.money('listPrice', 'List price', ({ sold }) => sold?.listPriceMinor ?? null),
    f.money('gross', 'Gross', ({ sum }) => sum.grossMinor),
    f.money('discount', 'Discount', ({ sum }) => sum.discountMinor),
    f.money('net', 'Net', ({ sum }) => sum.netMinor),
    f.money('tax', 'Tax', ({ sum }) => sum.taxMinor),
    f.integer('refundedUnits', 'Refunded units', ({ sum }) => sum.refundedUnits),
    f.money('refunded', 'Refunded', ({ sum }) => sum.returnsMinor),
    f.flag('bundle', 'Bundle', ({ first }) => first.sku !== null && bundles.has(first.sku)),
    f.text('channel', 'Channel', ({ first }) => first.channel),
    f.text('currency', 'Currency', () => page.currency),
  ]);
}

/** `s123` → 123: ids are made from seqs, so this is the order of the ledger. */
function numberOf(id: string): number {
  return Number(id.replace(/^\D+/, '')) || 0;
}
