import type { OrderSnapshot, SnapshotTender } from '../../domain/order-snapshot.ts';
import { fileOrder, groupedBy, ShopRows } from './csv-shop-rows.ts';
import type { FileOrder, OrderFileOptions, ShopOrders, ShopRow } from './csv-shop-rows.ts';
import { isPointOfSale, paymentIds, SQUARE_SOURCE, squareZone } from './csv-square-items.ts';
import type { CsvTable } from './csv-table.ts';

/**
 * Square's transactions (CSV-3), a row a payment: tenders, tips, fees, no items. Joined with the items by Transaction ID
 * when both are imported into the same show; alone its money counts and waits for its items.
 */
const KINDS = [
  ['Card', 'card'],
  ['Cash', 'cash'],
  ['Square Gift Card', 'other'],
  ['Other Tender', 'other'],
  ['Cash App', 'other'],
] as const;

export function readSquareTransactions(table: CsvTable, options: OrderFileOptions): ShopOrders {
  const file = new ShopRows(table, options, {
    amounts: ['Gross Sales', 'Net Sales', 'Tax', 'Tip', 'Total Collected', 'Card', 'Cash', 'Partial Refunds'],
    dates: ['Date'],
  });
  const orders: FileOrder[] = [];
  for (const [id, rows] of groupedBy(file.rows, (row) => row.text('Transaction ID'))) {
    if (id === '') rows.forEach((row) => row.fault('Transaction ID', 'is empty'));
    const order = orderOf(id, rows, file);
    if (order && !rows.some((row) => row.isBad)) orders.push(order);
  }
  return { orders, problems: file.problems, asksDateOrder: file.asksDateOrder };
}

function orderOf(id: string, rows: ShopRow[], { options }: ShopRows): FileOrder | null {
  const sum = (some: ShopRow[], heading: string): number => some.reduce((all, row) => all + row.amount(heading), 0);
  const isRefund = (row: ShopRow): boolean =>
    row.text('Event Type') === '' ? row.amount('Total Collected') < 0 : /refund/i.test(row.text('Event Type'));
  const [paid, back] = [rows.filter((row) => !isRefund(row)), rows.filter(isRefund)];
  const times = rows.map((row) => row.at('Date', { time: 'Time', timeZone: squareZone(row, options.timeZone) }));
  const at = times.find((time) => time !== null) ?? options.at;
  const tenders = paid.flatMap(tendersOf).sort((a, b) => ((a.ref ?? '') < (b.ref ?? '') ? -1 : 1));
  if (paid.length === 0)
    return {
      type: 'refund',
      source: SQUARE_SOURCE,
      sourceId: id,
      saleSourceId: id,
      at,
      channel: null,
      lines: [],
      amountMinor: Math.abs(sum(back, 'Total Collected')),
      tender: back.flatMap(tendersOf)[0]?.kind ?? 'other',
    };
  const refundedMinor = Math.abs(sum(back, 'Total Collected')) + Math.abs(sum(paid, 'Partial Refunds'));
  return {
    ...fileOrder(SQUARE_SOURCE, id, at),
    name: id,
    also: paymentIds(paid),
    version: refundedMinor * 8,
    updatedAt: times.reduce((newest: string, time) => (time !== null && time > newest ? time : newest), at),
    currency: options.currency,
    cancelled: paid.every((row) => /voided|canceled|cancelled|failed/i.test(row.text('Transaction Status'))),
    paid: true,
    // Money without lines, until the items come.
    lines: [],
    tenders,
    tipMinor: sum(paid, 'Tip'),
    refundedMinor,
    hints: {
      channel: null,
      isPos: paid.some((row) => isPointOfSale(row.text('Source'))),
      codes: [],
      link: null,
      utm: [],
    },
  } satisfies OrderSnapshot;
}

function tendersOf(row: ShopRow): SnapshotTender[] {
  const ref = row.text('Payment ID') || null;
  return KINDS.flatMap(([heading, kind]) => {
    const amountMinor = row.size(heading);
    return amountMinor === 0 ? [] : [{ kind, amountMinor, ref }];
  });
}
