import { createHash } from 'node:crypto';
import type { OutsideOrder } from '../../domain/commands.ts';
import type { Iso, Minor } from '../../domain/units.ts';
import { SALE_CHANNELS, TENDER_KINDS } from '../../domain/words.ts';
import type { SaleChannel, TenderKind } from '../../domain/words.ts';
import type { Columns, SALES_FIELDS } from './csv-headings.ts';
import type { OrderFileOptions } from './csv-shop-rows.ts';
import type { CsvRow, CsvTable, Problem } from './csv-table.ts';
import { dateOrderIn, decimalMarkOf, readAmount, readCount, readInstant } from './csv-values.ts';
import type { Read } from './csv-values.ts';

/** One row of an order file → one line of an order, or problems that name row and column. */
export type SalesColumns = Columns<typeof SALES_FIELDS>;
export type SalesField = keyof typeof SALES_FIELDS;

export interface Line {
  orderKey: string;
  /** null: a row with a problem, so its whole order is left out */
  good: GoodLine | null;
}
export interface GoodLine {
  orderId: string | null;
  /** null: the row names no time */
  at: Iso | null;
  sku: string | null;
  name: string | null;
  quantity: number;
  unitPriceMinor: Minor | null;
  discountMinor: Minor;
  totalMinor: Minor | null;
  /** our own export says in a sale's row what came back of it */
  refundedUnits: number;
  channel: SaleChannel | null;
  tender: TenderKind;
  creatorCode: string | null;
  tipMinor: Minor;
}

export function rowReader(
  table: CsvTable,
  columns: SalesColumns,
  options: OrderFileOptions,
  type: OutsideOrder['type'],
): (row: CsvRow, problems: Problem[]) => Line {
  const column = (field: SalesField): string[] => table.rows.map((row) => cellOf(row, columns[field]));
  const mark = decimalMarkOf([...column('unitPrice'), ...column('discount'), ...column('total'), ...column('tip')]);
  const { order } = dateOrderIn(column('at'), options.mapping?.['dateOrder']);
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
      at: take<Iso | null>('at', (text) => readInstant(text, options.timeZone, order), null),
      sku: cellOf(row, columns.sku) || null,
      name: cellOf(row, columns.name) || null,
      quantity: take('quantity', readCount, type === 'sale' ? 0 : 1),
      unitPriceMinor: take<Minor | null>('unitPrice', amount, null),
      discountMinor: take('discount', amount, 0),
      totalMinor: take<Minor | null>('total', (text) => absolute(readAmount(text, mark, options.currency)), null),
      refundedUnits: take('refundedUnits', readCount, 0),
      channel: take<SaleChannel | null>('channel', readChannel, null),
      tender: take('tender', readTender, 'other'),
      creatorCode: cellOf(row, columns.creatorCode) || null,
      tipMinor: take('tip', amount, 0),
    };
    if (problems.length === before) checkLine(line, row, type, columns, table.headings, problems);
    const orderKey = orderId === null ? rowHash(row, ordinals) : `order ${orderId}`;
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
  if (columns.refundedUnits !== undefined && isReturned(line)) return;
  if (line.quantity === 0) problems.push({ row: row.row, column: at('quantity'), message: 'must be at least 1' });
  const gross = line.unitPriceMinor === null ? null : line.unitPriceMinor * line.quantity;
  if (gross !== null && line.discountMinor > gross)
    problems.push({ row: row.row, column: at('discount'), message: 'is more than the line costs' });
}

/** Something of the line came back, be it money alone. */
export function isReturned({ refundedUnits, totalMinor }: GoodLine): boolean {
  return refundedUnits > 0 || (totalMinor ?? 0) > 0;
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
