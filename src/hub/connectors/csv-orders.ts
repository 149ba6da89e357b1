import { createHash } from 'node:crypto';
import type { OutsideOrder, OutsideRefund, OutsideSale } from '../../domain/commands.ts';
import type { Iso, Minor } from '../../domain/units.ts';
import { SALE_CHANNELS, TENDER_KINDS } from '../../domain/words.ts';
import type { SaleChannel, TenderKind } from '../../domain/words.ts';
import { columnsOf, mappingOf, SALES_FIELDS } from './csv-headings.ts';
import type { Columns } from './csv-headings.ts';
import { ORDER_LIMITS, readTable, refused } from './csv-table.ts';
import type { CsvRow, CsvTable, Problem, Unreadable } from './csv-table.ts';
import { dateOrderOf, decimalMarkOf, readAmount, readCount, readInstant } from './csv-values.ts';
import type { Read } from './csv-values.ts';

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

export interface OrderFileOptions {
  currency: string;
  timeZone: string;
  mapping?: Record<string, string>;
  /** when the file is read: the time of rows that name none */
  at: Iso;
}

export function readSalesCsv(bytes: Buffer, options: OrderFileOptions): OrderFile | Unreadable {
  return readOrders(bytes, options, 'sale', ['quantity']);
}

/** Returns: the order each gives back, what, how many, and the money (`total`); without a sku it is money only. */
export function readReturnsCsv(bytes: Buffer, options: OrderFileOptions): OrderFile | Unreadable {
  return readOrders(bytes, options, 'refund', []);
}

type SalesColumns = Columns<typeof SALES_FIELDS>;
type SalesField = keyof typeof SALES_FIELDS;

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
  const orders = grouped(lines).flatMap((group) => orderOf(group, type, source));
  return {
    orders,
    problems,
    rows: table.rows.length,
    format,
    mapping: mappingOf(columns, table.headings),
    headings: table.headings,
  };
}

interface Line {
  orderKey: string;
  /** null: a row with a problem, so its whole order is left out */
  good: GoodLine | null;
}
interface GoodLine {
  orderId: string | null;
  at: Iso;
  sku: string | null;
  name: string | null;
  quantity: number;
  unitPriceMinor: Minor | null;
  discountMinor: Minor;
  totalMinor: Minor | null;
  channel: SaleChannel | null;
  tender: TenderKind;
  creatorCode: string | null;
  tipMinor: Minor;
}

function rowReader(
  table: CsvTable,
  columns: SalesColumns,
  options: OrderFileOptions,
  type: OutsideOrder['type'],
): (row: CsvRow, problems: Problem[]) => Line {
  const column = (field: SalesField): string[] => table.rows.map((row) => cellOf(row, columns[field]));
  const mark = decimalMarkOf([...column('unitPrice'), ...column('discount'), ...column('total'), ...column('tip')]);
  const order = dateOrderOf(column('at'));
  const ordinals = new Map<string, number>();

  return (row, problems) => {
    const before = problems.length;
    const take = <T>(field: SalesField, read: (text: string) => Read<T>, whenEmpty: T): T => {
      const text = cellOf(row, columns[field]);
      if (text === '') return whenEmpty;
      const result = read(text);
      if ('value' in result) return result.value;
      problems.push({ row: row.row, column: table.headings[columns[field] ?? 0] ?? field, message: result.problem });
      return whenEmpty;
    };
    const amount = (text: string): Read<Minor> => notNegative(readAmount(text, mark, options.currency));
    if (row.cells.length > table.headings.length)
      problems.push({
        row: row.row,
        column: '',
        message: `has ${row.cells.length} cells under ${table.headings.length} headings`,
      });
    const orderId = take<string | null>('orderId', readId, null);
    const line: GoodLine = {
      orderId,
      at: take('at', (text) => readInstant(text, options.timeZone, order), options.at),
      sku: cellOf(row, columns.sku) || null,
      name: cellOf(row, columns.name) || null,
      quantity: take('quantity', readCount, type === 'sale' ? 0 : 1),
      unitPriceMinor: take<Minor | null>('unitPrice', amount, null),
      discountMinor: take('discount', amount, 0),
      totalMinor: take<Minor | null>('total', (text) => absolute(readAmount(text, mark, options.currency)), null),
      channel: take<SaleChannel | null>('channel', readChannel, null),
      tender: take('tender', readTender, 'other'),
      creatorCode: cellOf(row, columns.creatorCode) || null,
      tipMinor: take('tip', amount, 0),
    };
    if (problems.length === before) checkLine(line, row, type, columns, table.headings, problems);
    const orderKey = orderId === null ? `row ${rowHash(row, ordinals)}` : `order ${orderId}`;
    return { orderKey, good: problems.length === before ? line : null };
  };
}

function checkLine(
  line: GoodLine,
  row: CsvRow,
  type: OutsideOrder['type'],
  columns: SalesColumns,
  headings: string[],
  problems: Problem[],
): void {
  const at = (field: SalesField): string => headings[columns[field] ?? -1] ?? '';
  if (type === 'refund') {
    if (line.sku === null && line.totalMinor === null)
      problems.push({ row: row.row, column: at('sku'), message: 'names neither a sku nor an amount' });
    return;
  }
  if (line.sku === null && line.name === null) problems.push({ row: row.row, column: at('sku'), message: 'is empty' });
  if (line.quantity === 0) problems.push({ row: row.row, column: at('quantity'), message: 'must be at least 1' });
  const gross = line.unitPriceMinor === null ? null : line.unitPriceMinor * line.quantity;
  if (gross !== null && line.discountMinor > gross)
    problems.push({ row: row.row, column: at('discount'), message: 'is more than the line costs' });
}

function grouped(lines: Line[]): { key: string; lines: (GoodLine | null)[] }[] {
  const groups = new Map<string, { key: string; lines: (GoodLine | null)[] }>();
  for (const { orderKey, good } of lines) {
    const group = groups.get(orderKey) ?? { key: orderKey, lines: [] };
    if (group.lines.length === 0) groups.set(orderKey, group);
    group.lines.push(good);
  }
  return [...groups.values()];
}

function orderOf(
  group: { key: string; lines: (GoodLine | null)[] },
  type: OutsideOrder['type'],
  source: string,
): OutsideOrder[] {
  const lines = group.lines.filter((line) => line !== null);
  const [first] = lines;
  if (!first || lines.length < group.lines.length) return [];
  // Our own ids begin anew with every show, so the time belongs to the name.
  const sourceId =
    first.orderId === null
      ? group.key.slice(4)
      : source === OWN_SOURCE
        ? `${first.orderId} ${first.at}`
        : first.orderId;
  return [type === 'sale' ? saleOf(first, lines, source, sourceId) : refundOf(first, lines, source, sourceId)];
}

function saleOf(first: GoodLine, lines: GoodLine[], source: string, sourceId: string): OutsideSale {
  return {
    type: 'sale',
    source,
    sourceId,
    at: first.at,
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

function refundOf(first: GoodLine, lines: GoodLine[], source: string, sourceId: string): OutsideRefund {
  const amounts = lines.map((line) => line.totalMinor);
  const content = createHash('sha256').update(JSON.stringify(lines)).digest('hex').slice(0, 12);
  return {
    type: 'refund',
    source,
    sourceId: `${sourceId}~${content}`,
    saleSourceId: first.orderId === null ? null : sourceId,
    at: first.at,
    channel: first.channel,
    lines: lines.filter((line) => line.sku !== null).map(({ sku, quantity }) => ({ sku, quantity })),
    amountMinor: amounts.some((amount) => amount === null)
      ? null
      : amounts.reduce<Minor>((sum, amount) => sum + (amount ?? 0), 0),
    tender: first.tender,
  };
}

const OWN_SOURCE = 'csv:dropdesk-sales';

/** Two shops may count their orders alike; files with the same headings come from the same one. */
function sourceOf(format: OrderFile['format'], headings: string[]): string {
  return format === 'dropdesk-sales'
    ? OWN_SOURCE
    : `csv:mapped-${createHash('sha256').update(headings.join('\n')).digest('hex').slice(0, 8)}`;
}

/** A row without an order id is known by what it holds, and by which of its equals it is. */
function rowHash(row: CsvRow, ordinals: Map<string, number>): string {
  const hash = createHash('sha256').update(JSON.stringify(row.cells)).digest('hex').slice(0, 16);
  const ordinal = (ordinals.get(hash) ?? 0) + 1;
  ordinals.set(hash, ordinal);
  return `${hash}-${ordinal}`;
}

function cellOf(row: CsvRow, column: number | undefined): string {
  return column === undefined ? '' : (row.cells[column] ?? '').trim();
}
function readId(text: string): Read<string> {
  return /^[^@\p{Cc}]{1,128}$/u.test(text) ? { value: text } : { problem: 'must be at most 128 characters without @' };
}
function readChannel(text: string): Read<SaleChannel | null> {
  const word = text.toLowerCase().replaceAll(/[\s_]+/g, '-');
  if (word === 'unattributed') return { value: null };
  const channel = SALE_CHANNELS.find((one) => one === word);
  return channel ? { value: channel } : { problem: `"${text}" is no channel; write ${SALE_CHANNELS.join(', ')}` };
}
/** A way of paying that we do not know is money all the same. */
function readTender(text: string): Read<TenderKind> {
  const word = text.toLowerCase();
  return { value: TENDER_KINDS.find((kind) => word.includes(kind)) ?? 'other' };
}
function notNegative(read: Read<Minor>): Read<Minor> {
  return 'value' in read && read.value < 0 ? { problem: 'is negative; bring returns in as returns' } : read;
}
function absolute(read: Read<Minor>): Read<Minor> {
  return 'value' in read ? { value: Math.abs(read.value) } : read;
}
