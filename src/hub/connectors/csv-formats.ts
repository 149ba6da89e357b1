import { createHash } from 'node:crypto';
import { columnsOf, foldHeading, SALES_FIELDS } from './csv-headings.ts';
import { OWN_SOURCE, readMappedOrders } from './csv-orders.ts';
import { readShopifyOrders } from './csv-shopify.ts';
import type { FileOrder, OrderFileOptions, ShopOrders } from './csv-shop-rows.ts';
import { readSquareItems } from './csv-square-items.ts';
import { readSquareTransactions } from './csv-square-transactions.ts';
import { ORDER_LIMITS, readTable } from './csv-table.ts';
import type { CsvTable, Problem, Unreadable } from './csv-table.ts';
import { readTikTokOrders } from './csv-tiktok.ts';
import { dateOrderIn } from './csv-values.ts';

/** The six formats of order files (CSV-1 … CSV-6), told apart by the names of their headings, never by their order. */
export const ORDER_FORMATS = [
  'shopify-orders',
  'square-items',
  'square-transactions',
  'tiktok-orders',
  'dropdesk-sales',
  'mapped',
] as const;
export type OrderFormat = (typeof ORDER_FORMATS)[number];

export interface OrderFile extends OrderFileHead {
  orders: FileOrder[];
}

/** What a file is and what is wrong with it; the orders come beside it. */
export interface OrderFileHead {
  format: OrderFormat;
  headings: string[];
  /** rows under the headings */
  rows: number;
  problems: Problem[];
  /** field → heading, as used; of a known format: empty */
  mapping: Record<string, string>;
  /** fields without a column that a person has to name, before anything can be read */
  missing: string[];
  /** `03/04/2026` may be April or March, and a person has to say which (mapping `dateOrder`) */
  asksDateOrder: boolean;
  /** names the headings, so that what a person chose for them is offered again */
  headingsHash: string;
}

export interface OrderTask {
  what: 'sales' | 'returns';
  options: OrderFileOptions;
  /** headings' hash → what a person chose for a file with these headings before */
  remembered: Readonly<Record<string, Record<string, string>>>;
}

const MARKS: Record<Exclude<OrderFormat, 'mapped'>, readonly string[]> = {
  'dropdesk-sales': ['sale', 'atUtc', 'sku', 'unitPrice'],
  'shopify-orders': ['Name', 'Created at', 'Lineitem quantity', 'Lineitem name', 'Lineitem price'],
  'square-items': ['Item', 'Qty', 'Gross Sales', 'Net Sales', 'Transaction ID'],
  'square-transactions': ['Net Sales', 'Total Collected', 'Card', 'Cash', 'Transaction ID'],
  'tiktok-orders': ['Order ID', 'Seller SKU', 'SKU Unit Original Price', 'Created Time'],
};

const READERS = {
  'shopify-orders': readShopifyOrders,
  'square-items': readSquareItems,
  'square-transactions': readSquareTransactions,
  'tiktok-orders': readTikTokOrders,
} as const;

export function formatOf(headings: readonly string[]): OrderFormat {
  const folded = new Set(headings.map(foldHeading));
  const fits = (marks: readonly string[]): boolean => marks.every((mark) => folded.has(foldHeading(mark)));
  return ORDER_FORMATS.find((format) => format !== 'mapped' && fits(MARKS[format])) ?? 'mapped';
}

/** Reads sales or returns, whatever wrote the file. Bad rows are listed and the good ones go on. */
export function readOrderFile(bytes: Buffer, { what, options, remembered }: OrderTask): OrderFile | Unreadable {
  const table = readTable(bytes, ORDER_LIMITS);
  if ('refusal' in table) return table;
  const headingsHash = hashOf(table.headings);
  const chosen = options.mapping ?? remembered[headingsHash];
  const reading = { ...options, ...(chosen && { mapping: chosen }) };
  const format = what === 'returns' ? 'mapped' : formatOf(table.headings);
  return {
    format,
    headings: table.headings,
    rows: table.rows.length,
    headingsHash,
    ...(format === 'mapped' || format === 'dropdesk-sales'
      ? mapped(table, reading, { what, format, headingsHash })
      : known(READERS[format](table, reading))),
  };
}

type Read = Pick<OrderFile, 'orders' | 'problems' | 'mapping' | 'missing' | 'asksDateOrder'>;

function known({ orders, problems, asksDateOrder }: ShopOrders): Read {
  return { orders, problems: byRow(problems), mapping: {}, missing: [], asksDateOrder };
}

function mapped(
  table: CsvTable,
  options: OrderFileOptions,
  { what, format, headingsHash }: { what: OrderTask['what']; format: OrderFormat; headingsHash: string },
): Read {
  const type = what === 'sales' ? 'sale' : 'refund';
  // Two shops may count their orders alike; files with the same headings come from the same one.
  const source = format === 'dropdesk-sales' ? OWN_SOURCE : `csv:mapped-${headingsHash}`;
  const read = readMappedOrders(table, options, { type, source });
  const { at } = columnsOf(table.headings, SALES_FIELDS, options.mapping);
  const dates = at === undefined ? [] : table.rows.map(({ cells }) => cells[at] ?? '');
  return { ...read, asksDateOrder: dateOrderIn(dates, options.mapping?.['dateOrder']).asks };
}

function byRow(problems: Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.row - b.row);
}

function hashOf(headings: readonly string[]): string {
  return createHash('sha256').update(headings.join('\n')).digest('hex').slice(0, 8);
}
