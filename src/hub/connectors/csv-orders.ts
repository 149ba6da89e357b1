import { createHash } from 'node:crypto';
import type { OutsideOrder, OutsideRefund, OutsideSale } from '../../domain/commands.ts';
import type { TaxMode } from '../../domain/money.ts';
import type { Iso, Minor } from '../../domain/units.ts';
import { columnsOf, mappingOf, SALES_FIELDS } from './csv-headings.ts';
import { isReturned, rowReader } from './csv-order-rows.ts';
import type { GoodLine, Line, SalesColumns, SalesField } from './csv-order-rows.ts';
import type { OrderFileOptions } from './csv-shop-rows.ts';
import type { CsvTable, Problem } from './csv-table.ts';

/**
 * Sales and returns whose columns are ours or were named by a person, one row a line of an order; rows with the same
 * order id are one order. An order with one bad row is left out whole, because half an order would be booked and the
 * rest never missed.
 */
export interface MappedOrders {
  orders: OutsideOrder[];
  problems: Problem[];
  /** field → heading, as used */
  mapping: Record<string, string>;
  /** fields without a column, without which nothing can be read */
  missing: SalesField[];
}

/** @param source who is said to have told these orders */
export function readMappedOrders(
  table: CsvTable,
  options: OrderFileOptions,
  { type, source }: { type: OutsideOrder['type']; source: string },
): MappedOrders {
  const columns = columnsOf(table.headings, SALES_FIELDS, options.mapping);
  const missing = missingFields(columns, type);
  const mapping = mappingOf(columns, table.headings);
  const problems: Problem[] = [];
  if (missing.length > 0) return { orders: [], problems, mapping, missing };
  const read = rowReader(table, columns, options, type);
  const lines = table.rows.map((row) => read(row, problems));
  const orders = grouped(lines).flatMap((group) =>
    orderOf(group, type, {
      source,
      readAt: options.at,
      tellsReturns: columns.refundedUnits !== undefined,
      taxMode: options.taxMode,
    }),
  );
  return { orders, problems, mapping, missing };
}

function missingFields(columns: SalesColumns, type: OutsideOrder['type']): SalesField[] {
  const has = (field: SalesField): boolean => columns[field] !== undefined;
  if (type === 'refund') return has('sku') || has('total') ? [] : ['total'];
  const missing: SalesField[] = has('quantity') ? [] : ['quantity'];
  return has('sku') || has('name') ? missing : [...missing, 'sku'];
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

interface Telling {
  source: string;
  readAt: Iso;
  /** our own export: a sale's rows say what came back of it */
  tellsReturns: boolean;
  taxMode: TaxMode;
}

function orderOf(group: Group, type: OutsideOrder['type'], telling: Telling): OutsideOrder[] {
  const lines = group.lines.filter((line) => line !== null);
  const [first] = lines;
  if (!first || lines.length < group.lines.length) return [];
  const origin = { source: telling.source, key: group.key, readAt: telling.readAt };
  if (type === 'refund') return [refundOf(first, lines, origin)];
  if (!telling.tellsReturns) return [saleOf(first, lines, origin)];
  const sold = lines.filter(({ quantity }) => quantity > 0);
  const back = lines.filter(isReturned);
  const sale = saleOf(first, sold, origin);
  return [
    ...(sold.length > 0 ? [sale] : []),
    ...(back.length > 0 ? [backOf(sale, back, { wasSold: sold.length > 0, taxMode: telling.taxMode })] : []),
  ];
}

/** What came back of a sale of our own export. Where tax stands on top, the export's money is without it. */
function backOf(
  sale: OutsideSale,
  back: GoodLine[],
  { wasSold, taxMode }: { wasSold: boolean; taxMode: TaxMode },
): OutsideRefund {
  const isCounted = back.every(({ refundedUnits }) => refundedUnits > 0);
  const amountMinor = back.reduce((sum, { totalMinor }) => sum + (totalMinor ?? 0), 0);
  return {
    type: 'refund',
    source: sale.source,
    sourceId: `${sale.sourceId} back`,
    saleSourceId: wasSold ? sale.sourceId : null,
    at: sale.at,
    channel: sale.channel,
    lines: back
      .filter(({ sku, refundedUnits }) => sku !== null && refundedUnits > 0)
      .map(({ sku, refundedUnits }) => ({ sku, quantity: refundedUnits })),
    amountMinor: taxMode === 'exclusive' && isCounted ? null : amountMinor,
    tender: sale.tender,
  };
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
