import { times } from '../../domain/money.ts';
import type { OrderSnapshot, SnapshotLine } from '../../domain/order-snapshot.ts';
import { fileOrder, groupedBy, inLineOrder, isKnownCurrency, lineNamer, ShopRows, tenderOf } from './csv-shop-rows.ts';
import type { OrderFileOptions, ShopOrders, ShopRow } from './csv-shop-rows.ts';
import type { CsvTable } from './csv-table.ts';

/**
 * TikTok Shop's export of orders (CSV-4): a row an item, order columns on each; the row under the headings describes
 * them. Ids have 18 digits and stay text. What TikTok itself takes off a price it pays to the seller, so only the
 * seller's own discount lowers the sale.
 */
const AMOUNTS = ['SKU Unit Original Price', 'SKU Subtotal Before Discount', 'SKU Seller Discount', 'Order Amount'];
const STAMPS = ['Created Time', 'Paid Time', 'RTS Time', 'Shipped Time', 'Delivered Time', 'Cancelled Time'];

export const TIKTOK_SOURCE = 'csv:tiktok-orders';

export function readTikTokOrders(table: CsvTable, options: OrderFileOptions): ShopOrders {
  const rows = table.rows.filter((row, index) => index > 0 || !isDescription(row.cells));
  const file = new ShopRows({ ...table, rows }, options, { amounts: AMOUNTS, dates: STAMPS });
  const orders: OrderSnapshot[] = [];
  for (const [id, group] of groupedBy(file.rows, (row) => row.text('Order ID'))) {
    if (!/^\d{6,30}$/.test(id)) for (const row of group) row.fault('Order ID', faultyId(id));
    const order = orderOf(id, group, options);
    if (order) orders.push(order);
  }
  return { orders, problems: file.problems, asksDateOrder: file.asksDateOrder };
}

/** The second row says in words what each column is, so it has no number where an id or a quantity must be one. */
function isDescription(cells: readonly string[]): boolean {
  return !cells.some((cell) => /^\s*\d+\s*$/.test(cell));
}

function faultyId(id: string): string {
  return /^\d[.,]\d+E\+?\d+$/i.test(id)
    ? `a spreadsheet has rounded "${id}"; import the file as TikTok made it`
    : `"${id}" is no order id`;
}

function orderOf(id: string, rows: ShopRow[], options: OrderFileOptions): OrderSnapshot | null {
  const [head] = rows;
  if (!head) return null;
  const currency = currencyOf(head) ?? options.currency;
  const createdAt = head.at('Created Time') ?? options.at;
  const stamps = STAMPS.map((stamp) => head.at(stamp)).filter((stamp) => stamp !== null);
  const lines = linesOf(rows, currency);
  const refundedMinor = head.size('Order Refund Amount', currency);
  const returned = lines.reduce((sum, line) => sum + line.refunded, 0);
  const status = `${head.text('Order Status')} ${head.text('Order Substatus')}`;
  const cancelled = /cancel/i.test(status) || head.text('Cancelled Time') !== '';
  const amountMinor = head.size('Order Amount', currency);
  const order: OrderSnapshot = {
    ...fileOrder(TIKTOK_SOURCE, id, createdAt),
    name: id,
    // An export names no version, but an order only ever moves on: how far it has moved is one.
    version: (refundedMinor + returned) * 8 + stamps.length,
    updatedAt: stamps.reduce((newest, stamp) => (stamp > newest ? stamp : newest), createdAt),
    currency,
    cancelled,
    paid: head.text('Paid Time') !== '' && !/unpaid/i.test(status),
    lines,
    tenders: [{ kind: tenderOf(head.text('Payment Method')), amountMinor, ref: null }],
    tipMinor: 0,
    shippingMinor: head.size('Shipping Fee After Discount', currency),
    refundedMinor,
    hints: { channel: null, isPos: false, codes: [], link: null, utm: [] },
  };
  return rows.some((row) => row.isBad) ? null : order;
}

function linesOf(rows: ShopRow[], currency: string): SnapshotLine[] {
  const nameOf = lineNamer();
  const lines = rows.map((row) => {
    const [name, variation] = [row.text('Product Name'), row.text('Variation')];
    const sku = row.text('Seller SKU');
    const sold = row.count('Quantity');
    if (sold === 0 && !row.isBad) row.fault('Quantity', 'must be at least 1');
    const refunded = Math.min(sold, row.count('Sku Quantity of return'));
    const unit = row.size('SKU Unit Original Price', currency);
    const grossMinor =
      row.text('SKU Subtotal Before Discount') === ''
        ? times(unit, sold)
        : row.size('SKU Subtotal Before Discount', currency);
    return {
      lineId: nameOf(row.text('SKU ID'), sku),
      sku: sku || null,
      name: variation === '' || variation === 'Default' ? name : `${name}, ${variation}`,
      sold,
      refunded,
      restocked: 0,
      grossMinor,
      discountMinor: Math.min(grossMinor, row.size('SKU Seller Discount', currency)),
      taxMinor: 0,
    };
  });
  return inLineOrder(lines);
}

/** `IDR 150.000`: the amounts name their currency in most countries. */
function currencyOf(row: ShopRow): string | null {
  const named = /^([A-Z]{3})\s?[\d-]/.exec(row.text('Order Amount') || row.text('SKU Unit Original Price'))?.[1];
  return named !== undefined && isKnownCurrency(named) ? named : null;
}
