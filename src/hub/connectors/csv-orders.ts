import { createHash } from 'node:crypto';
import type { OutsideOrder, OutsideRefund, OutsideSale } from '../../domain/commands.ts';
import type { Iso, Minor } from '../../domain/units.ts';
import { columnsOf, mappingOf, SALES_FIELDS } from './csv-headings.ts';
import { rowReader } from './csv-order-rows.ts';
import type { GoodLine, Line, OrderFileOptions, SalesField } from './csv-order-rows.ts';
import { ORDER_LIMITS, readTable, refused } from './csv-table.ts';
import type { Problem, Unreadable } from './csv-table.ts';

/**
 * Sales and returns from a CSV file, one row a line of an order; rows with the same order id are one order.
 *
 * `dropdesk-sales` is our own form: `sale,line,atUtc,channel,sku,name,quantity,unitPrice,discount,tender,creatorCode,tip`
 * (a report's `csv/lines.csv` is read as it too). `mapped` is any other file: columns are guessed by heading or chosen.
 * An order with one bad row is left out whole, because half an order would be booked and the rest never missed.
 */
export interface OrderFile {
  orders: OutsideOrder[];
  problems: Problem[];
  /** rows under the headings */
  rows: number;
  format: 'dropdesk-sales' | 'mapped';
  /** field → heading, as used */
  mapping: Record<string, string>;
  headings: string[];
}

export function readSalesCsv(bytes: Buffer, options: OrderFileOptions): OrderFile | Unreadable {
  return readOrders(bytes, options, 'sale', ['quantity']);
}

/** Returns: the order each gives back, what, how many, and the money (`total`); without a sku it is money only. */
export function readReturnsCsv(bytes: Buffer, options: OrderFileOptions): OrderFile | Unreadable {
  return readOrders(bytes, options, 'refund', []);
}

function readOrders(
  bytes: Buffer,
  options: OrderFileOptions,
  type: OutsideOrder['type'],
  needed: SalesField[],
): OrderFile | Unreadable {
  const table = readTable(bytes, ORDER_LIMITS);
  if ('refusal' in table) return table;
  const columns = columnsOf(table.headings, SALES_FIELDS, options.mapping);
  const missing = [
    ...needed,
    columns.sku === undefined && columns.name === undefined && type === 'sale' ? ('sku' as const) : null,
  ].filter((field) => field !== null && columns[field] === undefined);
  if (type === 'refund' && columns.sku === undefined && columns.total === undefined) missing.push('total');
  if (missing.length > 0)
    return refused(
      'unreadable',
      `No column is known to hold ${missing.join(' or ')}. The headings are: ${table.headings.join(', ')}.`,
    );
  const format = ['sale', 'atUtc', 'sku', 'unitPrice'].every((heading) => table.headings.includes(heading))
    ? 'dropdesk-sales'
    : 'mapped';
  const read = rowReader(table, columns, options, type);
  const problems: Problem[] = [];
  const lines = table.rows.map((row) => read(row, problems));
  const source = sourceOf(format, table.headings);
  const orders = grouped(lines).flatMap((group) => orderOf(group, type, source, options.at));
  return {
    orders,
    problems,
    rows: table.rows.length,
    format,
    mapping: mappingOf(columns, table.headings),
    headings: table.headings,
  };
}

function grouped(lines: Line[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { orderKey, good } of lines) {
    const group = groups.get(orderKey) ?? { key: orderKey, lines: [] };
    if (group.lines.length === 0) groups.set(orderKey, group);
    group.lines.push(good);
  }
  return [...groups.values()];
}

function orderOf(group: Group, type: OutsideOrder['type'], source: string, readAt: Iso): OutsideOrder[] {
  const lines = group.lines.filter((line) => line !== null);
  const [first] = lines;
  if (!first || lines.length < group.lines.length) return [];
  return [
    type === 'sale'
      ? saleOf(first, lines, { source, key: group.key, readAt })
      : refundOf(first, lines, { source, key: group.key, readAt }),
  ];
}

interface Group {
  key: string;
  lines: (GoodLine | null)[];
}
interface Origin {
  source: string;
  /** stands in for an order id */
  key: string;
  readAt: Iso;
}

function saleOf(first: GoodLine, lines: GoodLine[], { source, key, readAt }: Origin): OutsideSale {
  const id = first.orderId ?? key;
  return {
    type: 'sale',
    source,
    // Our own ids begin anew with every show, so the time belongs to the name.
    sourceId: source === OWN_SOURCE && first.at !== null ? `${id} ${first.at}` : id,
    at: first.at ?? readAt,
    channel: lines.find((line) => line.channel !== null)?.channel ?? null,
    lines: lines.map(({ sku, name, quantity, unitPriceMinor, discountMinor }) => ({
      sku,
      name,
      quantity,
      unitPriceMinor,
      discountMinor,
    })),
    creatorCode: lines.find((line) => line.creatorCode !== null)?.creatorCode ?? null,
    tender: first.tender,
    // An order's tip is written on each of its rows or on the first; it was given once.
    tipMinor: first.tipMinor,
    personRef: null,
  };
}

function refundOf(first: GoodLine, lines: GoodLine[], { source, key, readAt }: Origin): OutsideRefund {
  const amounts = lines.map((line) => line.totalMinor);
  // An order may be given back in parts; the same part read twice has the same content.
  const content = createHash('sha256').update(JSON.stringify(lines)).digest('hex').slice(0, 12);
  return {
    type: 'refund',
    source,
    sourceId: `${first.orderId ?? key}~${content}`,
    saleSourceId: first.orderId,
    at: first.at ?? readAt,
    channel: first.channel,
    lines: lines.filter((line) => line.sku !== null).map(({ sku, quantity }) => ({ sku, quantity })),
    amountMinor: amounts.some((amount) => amount === null)
      ? null
      : amounts.reduce<Minor>((sum, amount) => sum + (amount ?? 0), 0),
    tender: first.tender,
  };
}

export const OWN_SOURCE = 'csv:dropdesk-sales';

/** Two shops may count their orders alike; files with the same headings come from the same one. */
function sourceOf(format: OrderFile['format'], headings: string[]): string {
  return format === 'dropdesk-sales'
    ? OWN_SOURCE
    : `csv:mapped-${createHash('sha256').update(headings.join('\n')).digest('hex').slice(0, 8)}`;
}
