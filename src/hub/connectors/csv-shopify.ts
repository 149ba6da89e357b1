import { allocate, times } from '../../domain/money.ts';
import type { OrderSnapshot, SnapshotLine, SnapshotPerson } from '../../domain/order-snapshot.ts';
import type { Iso } from '../../domain/units.ts';
import { fileOrder, groupedBy, inLineOrder, isKnownCurrency, lineNamer, ShopRows, tenderOf } from './csv-shop-rows.ts';
import type { OrderFileOptions, ShopOrders, ShopRow } from './csv-shop-rows.ts';
import type { CsvTable } from './csv-table.ts';

/**
 * Shopify's export of orders (CSV-1): one row a line item, the order's own columns only on its first row. Refunds are
 * known for the order alone, so they are money; what came back on the shelf is not guessed.
 */
const AMOUNTS = ['Subtotal', 'Shipping', 'Taxes', 'Total', 'Discount Amount', 'Lineitem price', 'Refunded Amount'];
const STAMPS = ['Created at', 'Paid at', 'Fulfilled at', 'Cancelled at', 'Canceled at'];
const PAID = new Set(['paid', 'partially_paid', 'partially_refunded', 'refunded', 'authorized']);

export const SHOPIFY_SOURCE = 'csv:shopify-orders';

export function readShopifyOrders(table: CsvTable, options: OrderFileOptions): ShopOrders {
  const file = new ShopRows(table, options, { amounts: AMOUNTS, dates: ['Created at'] });
  let name = '';
  const named = file.rows.map((row) => ({ row, name: (name = row.text('Name') || name) }));
  for (const { row, name } of named) if (name === '') row.fault('Name', 'is empty');
  const orders: OrderSnapshot[] = [];
  for (const [name, group] of groupedBy(named, (each) => each.name)) {
    const order = orderOf(
      name,
      group.map(({ row }) => row),
      options,
    );
    if (order) orders.push(order);
  }
  return { orders, problems: file.problems, asksDateOrder: file.asksDateOrder };
}

function orderOf(name: string, rows: ShopRow[], { currency, at }: OrderFileOptions): OrderSnapshot | null {
  const head = rows.find((row) => row.text('Financial Status') !== '' || row.text('Total') !== '') ?? rows[0];
  if (!head) return null;
  const money = head.text('Currency').toUpperCase() || currency;
  if (!isKnownCurrency(money)) head.fault('Currency', `"${money}" is no currency`);
  const createdAt = head.at('Created at') ?? at;
  const stamps = STAMPS.map((stamp) => head.at(stamp)).filter((stamp) => stamp !== null);
  const lines = linesOf(rows, head, money);
  const refundedMinor = head.size('Refunded Amount', money);
  const status = head.text('Financial Status').toLowerCase();
  const cancelled = head.text('Cancelled at', 'Canceled at') !== '';
  const tenders = [
    { kind: tenderOf(head.text('Payment Method')), amountMinor: head.size('Total', money), ref: refOf(head) },
  ];
  const order: OrderSnapshot = {
    ...fileOrder(SHOPIFY_SOURCE, head.text('Id') || name, createdAt),
    name,
    // An export names no version, but an order only ever moves on: how far it has moved is one.
    version: refundedMinor * 8 + stamps.length,
    updatedAt: latest(stamps, createdAt),
    currency: money,
    cancelled,
    paid: PAID.has(status) || (status === '' && head.text('Paid at') !== ''),
    lines,
    taxIncluded: isTaxIncluded(head, money),
    tenders,
    tipMinor: head.size('Tip', money),
    shippingMinor: head.size('Shipping', money),
    refundedMinor,
    hints: {
      channel: null,
      isPos: head.text('Source').toLowerCase() === 'pos',
      codes: head
        .text('Discount Code')
        .split(',')
        .map((code) => code.trim())
        .filter((code) => code !== ''),
      link: null,
      utm: [],
    },
    person: personOf(head),
  };
  return rows.some((row) => row.isBad) ? null : order;
}

/** The order's discount and tax are spread over its lines; `Subtotal` is what the lines cost after all discounts. */
function linesOf(rows: ShopRow[], head: ShopRow, currency: string): SnapshotLine[] {
  const nameOf = lineNamer();
  const unsorted = rows.flatMap((row): SnapshotLine[] => {
    const [name, sku] = [row.text('Lineitem name'), row.text('Lineitem sku', 'SKU')];
    if (name === '' && sku === '' && row.text('Lineitem quantity') === '') return [];
    const sold = row.count('Lineitem quantity');
    if (sold === 0 && !row.isBad) row.fault('Lineitem quantity', 'must be at least 1');
    const price = row.amount('Lineitem price', currency);
    if (price < 0) row.fault('Lineitem price', 'is negative');
    const grossMinor = times(Math.max(0, price), sold);
    const discountMinor = Math.min(grossMinor, row.size('Lineitem discount', currency));
    const lineId = nameOf(sku, name, String(price));
    return [
      { lineId, sku: sku || null, name, sold, refunded: 0, restocked: 0, grossMinor, discountMinor, taxMinor: 0 },
    ];
  });
  const lines = inLineOrder(unsorted);
  const net = lines.map((line) => line.grossMinor - line.discountMinor);
  const sum = net.reduce((all, each) => all + each, 0);
  const off =
    head.text('Subtotal') === '' ? head.size('Discount Amount', currency) : sum - head.size('Subtotal', currency);
  const discounts = allocate(Math.min(sum, Math.max(0, off)), net);
  const taxes = allocate(head.size('Taxes', currency), net);
  return lines.map((line, i) => ({
    ...line,
    discountMinor: line.discountMinor + (discounts[i] ?? 0),
    taxMinor: taxes[i] ?? 0,
  }));
}

/** Whoever left no address is nobody that can be written to. */
function personOf(head: ShopRow): SnapshotPerson | null {
  const [email, phone] = [head.text('Email') || null, head.text('Phone') || null];
  if (email === null && phone === null) return null;
  const consent = /^(yes|true)$/i.test(head.text('Accepts Marketing'));
  return { email, phone, name: head.text('Billing Name') || null, consent };
}

/** Prices that hold the tax already: it is not in the total a second time. */
function isTaxIncluded(head: ShopRow, currency: string): boolean {
  const [subtotal, shipping] = [head.size('Subtotal', currency), head.size('Shipping', currency)];
  return head.size('Taxes', currency) > 0 && head.size('Total', currency) <= subtotal + shipping;
}

function refOf(head: ShopRow): string | null {
  return head.text('Payment ID', 'Payment Reference') || null;
}

function latest(stamps: Iso[], otherwise: Iso): Iso {
  return stamps.reduce((newest, stamp) => (stamp > newest ? stamp : newest), otherwise);
}
