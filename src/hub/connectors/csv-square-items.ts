import type { OutsideRefund } from '../../domain/commands.ts';
import type { OrderSnapshot, SnapshotLine } from '../../domain/order-snapshot.ts';
import type { Iso } from '../../domain/units.ts';
import { fileOrder, groupedBy, inLineOrder, lineNamer, ShopRows } from './csv-shop-rows.ts';
import type { FileOrder, OrderFileOptions, ShopOrders, ShopRow } from './csv-shop-rows.ts';
import type { CsvTable } from './csv-table.ts';
import { zoneOf } from './csv-zone-names.ts';

/**
 * Square's items detail (CSV-2), a row an item of a sale, in 21, 33 or 35 columns. It says what was sold; how it was
 * paid stands in the transactions (csv-square-transactions.ts), and the two halves meet by Transaction ID.
 *
 * A return has a Transaction ID of its own as a rule, so it is a return without its sale; one under the sale's id is
 * part of that sale.
 */
export const SQUARE_SOURCE = 'csv:square';

export function readSquareItems(table: CsvTable, options: OrderFileOptions): ShopOrders {
  const file = new ShopRows(table, options, {
    amounts: ['Gross Sales', 'Discounts', 'Net Sales', 'Tax'],
    dates: ['Date'],
  });
  const orders: FileOrder[] = [];
  for (const [id, rows] of groupedBy(file.rows, (row) => row.text('Transaction ID'))) {
    if (id === '') rows.forEach((row) => row.fault('Transaction ID', 'is empty'));
    const order = orderOf(id, rows, file);
    if (order) orders.push(order);
  }
  return { orders, problems: file.problems, asksDateOrder: file.asksDateOrder };
}

function orderOf(id: string, rows: ShopRow[], file: ShopRows): FileOrder | null {
  const items = rows.map((row) => itemOf(row, file.options.timeZone));
  if (rows.some((row) => row.isBad)) return null;
  const first = items.reduce((a, b) => ((b.at ?? '') < (a.at ?? '') ? b : a), items[0] as Item);
  const at = first.at ?? file.options.at;
  const returned = items.filter((item) => item.isRefund);
  if (returned.length === items.length) return refundOf(id, at, returned);
  const refundedMinor = returned.reduce((sum, item) => sum + item.netMinor + item.taxMinor, 0);
  return {
    ...fileOrder(SQUARE_SOURCE, id, at),
    name: id,
    also: paymentIds(rows),
    version: refundedMinor * 8,
    updatedAt: items.reduce((newest, item) => ((item.at ?? at) > newest ? (item.at ?? at) : newest), at),
    currency: file.options.currency,
    cancelled: false,
    paid: true,
    lines: linesOf(items),
    // Square's sales are before tax, whether or not the shelf price holds it.
    taxIncluded: false,
    tenders: [],
    tipMinor: 0,
    refundedMinor,
    hints: {
      channel: null,
      // The older variants name no channel, but sales of Square's web shop have no device.
      isPos: rows.some((row) => isPointOfSale(row.text('Channel')) || row.text('Device Name') !== ''),
      codes: [],
      link: null,
      utm: [],
    },
  } satisfies OrderSnapshot;
}

export function isPointOfSale(text: string): boolean {
  return /point of sale|in.?person|register|\bpos\b/i.test(text);
}

interface Item {
  at: Iso | null;
  isRefund: boolean;
  name: string;
  pricePoint: string;
  sku: string;
  quantity: number;
  grossMinor: number;
  discountMinor: number;
  netMinor: number;
  taxMinor: number;
}

function itemOf(row: ShopRow, showZone: string): Item {
  const sign = row.text('Event Type');
  const gross = row.amount('Gross Sales');
  const isRefund = sign === '' ? gross < 0 || row.text('Qty').startsWith('-') : /refund|return/i.test(sign);
  const whole = wholeUnits(row.text('Qty'));
  if (whole === null) row.fault('Qty', `"${row.text('Qty')}" is no quantity`);
  const item = [row.text('Item'), row.text('Price Point Name')].filter((word) => word !== '' && word !== 'Regular');
  const name = item.join(', ') || 'Custom amount';
  return {
    at: row.at('Date', { time: 'Time', timeZone: squareZone(row, showZone) }),
    isRefund,
    // Half a metre is no unit that stock can count: its money counts, and a person says what it was.
    name: whole === 'part' ? `${name} × ${row.text('Qty')}` : name,
    sku: whole === 'part' ? '' : row.text('SKU'),
    pricePoint: row.text('Price Point Name'),
    quantity: typeof whole === 'number' ? whole : 1,
    grossMinor: Math.abs(gross),
    discountMinor: Math.min(Math.abs(gross), row.size('Discounts')),
    netMinor: Math.abs(gross) - Math.min(Math.abs(gross), row.size('Discounts')),
    taxMinor: row.size('Tax'),
  };
}

/** Square counts in decimals: `2.0` is two, `0.5` is none that a shelf knows. */
function wholeUnits(text: string): number | 'part' | null {
  const figure = /^-?(\d{1,6})(?:[.,](\d+))?$/.exec(text);
  if (!figure) return null;
  const units = Number(figure[1]);
  return /[1-9]/.test(figure[2] ?? '') || units === 0 ? 'part' : units;
}

/** Square's connector knows a sale by them where the file's Transaction ID is not the order's. */
export function paymentIds(rows: readonly ShopRow[]): string[] {
  return [...new Set(rows.map((row) => row.text('Payment ID')))].filter((id) => id !== '');
}

/** The zone that the row names; a name that nobody knows is a fault of the row. */
export function squareZone(row: ShopRow, showZone: string): string {
  const name = row.text('Time Zone');
  const zone = name === '' ? showZone : zoneOf(name);
  if (zone === null) row.fault('Time Zone', `"${name}" is no time zone that Dropdesk knows; write America/New_York`);
  return zone ?? showZone;
}

function linesOf(items: Item[]): SnapshotLine[] {
  const [sold, back] = [lineNamer(), lineNamer()];
  const lines = new Map<string, SnapshotLine>();
  for (const item of items) {
    if (item.isRefund) continue;
    const { name, sku, pricePoint, quantity, grossMinor, discountMinor, taxMinor } = item;
    const lineId = sold(name, pricePoint, sku);
    const line = { sku: sku || null, name, sold: quantity, grossMinor, discountMinor, taxMinor };
    lines.set(lineId, { lineId, ...line, refunded: 0, restocked: 0 });
  }
  for (const item of items) {
    const line = item.isRefund ? lines.get(back(item.name, item.pricePoint, item.sku)) : undefined;
    if (line) line.refunded = Math.min(line.sold, line.refunded + item.quantity);
  }
  return inLineOrder([...lines.values()]);
}

/** Under the one id the same return may come from either file, and the second changes nothing. */
function refundOf(id: string, at: Iso, items: Item[]): OutsideRefund {
  return {
    type: 'refund',
    source: SQUARE_SOURCE,
    sourceId: id,
    saleSourceId: id,
    at,
    channel: null,
    lines: items.filter(({ sku }) => sku !== '').map(({ sku, quantity }) => ({ sku, quantity })),
    amountMinor: items.reduce((sum, item) => sum + item.netMinor + item.taxMinor, 0),
    tender: 'other',
  };
}
