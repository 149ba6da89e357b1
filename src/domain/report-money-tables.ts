import type { CloseRecord } from './close-record.ts';
import { localTime } from './local-time.ts';
import { compareText } from './moments-model.ts';
import { type Collected, collectedOf, collectedOfReturn, looseReturns, sumCollected } from './report-collected.ts';
import { drawersByTill } from './report-drawers.ts';
import { type Figures, groupBy, type Posting, sumOf } from './report-postings.ts';
import { fieldsOf, ratio, type Table, tableOf } from './report-table.ts';
import { type SaleRecord, soldAt } from './sale-record.ts';
import { type Instant, type Minor, MINUTE, toIso } from './units.ts';
import { CHANNELS, type Channel, TENDER_KINDS } from './words.ts';

/** What every money table is made from. */
export interface MoneyPage {
  record: CloseRecord;
  postings: readonly Posting[];
  currency: string;
  timeZone: string;
  exclusive: boolean;
}

const QUARTER = 15 * MINUTE;

export function liveSales({ show }: CloseRecord): SaleRecord[] {
  return [...show.sales.byId.values()].filter((sale) => !sale.voided);
}

/** What the buyer paid for a group of postings, tips apart. */
export function chargedOf(sum: Figures, exclusive: boolean): Minor {
  return sum.netMinor + (exclusive ? sum.taxMinor : 0);
}

export function channelsTable(page: MoneyPage): Table {
  const sales = groupBy(liveSales(page.record), ({ channel }) => channel);
  const all = sumOf(page.postings).netMinor;
  const row = (channel: Channel | 'total') => {
    const mine = channel === 'total' ? liveSales(page.record) : (sales.get(channel) ?? []);
    const sum = sumOf(
      channel === 'total' ? page.postings : page.postings.filter((posting) => posting.channel === channel),
    );
    const loose = looseReturns(page.record).filter((one) => channel === 'total' || one.channel === channel);
    const money = sumCollected([...mine.map(collectedOf), ...loose.map(collectedOfReturn)]);
    const buyers = new Set(mine.flatMap(({ personRef }) => (personRef === null ? [] : [personRef]))).size;
    return { channel, sum, money, count: mine.length, buyers };
  };
  type Row = ReturnType<typeof row>;
  const f = fieldsOf<Row>();
  return tableOf([...CHANNELS, 'total' as const].map(row), [
    f.text('channel', 'Channel', ({ channel }) => channel),
    f.integer('sales', 'Sales', ({ count }) => count),
    ...figureFields<Row>(({ sum }) => sum),
    ...collectedFields<Row>(({ money }) => money),
    f.money('aov', 'Average order', ({ sum, count }) => (count === 0 ? null : Math.round(sum.netMinor / count))),
    f.ratio('unitsPerSale', 'Units per sale', ({ sum, count }) => ratio(sum.units, count)),
    f.ratio('shareOfNet', 'Share of net', ({ sum }) => ratio(sum.netMinor, all)),
    f.integer('buyersKnown', 'Buyers known', ({ buyers }) => buyers),
    f.integer('buyersNew', 'New buyers', () => null),
    f.integer('buyersReturning', 'Returning buyers', () => null),
    f.text('currency', 'Currency', () => page.currency),
  ]);
}

/** Tips, shipping, rounding, what is still due, and the money that is there. */
export function collectedFields<Row>(of: (row: Row) => Collected) {
  const f = fieldsOf<Row>();
  return [
    f.money('tips', 'Tips', (row) => of(row).tipMinor),
    f.money('shipping', 'Shipping', (row) => of(row).shippingMinor),
    f.money('rounding', 'Rounding', (row) => of(row).roundingMinor),
    f.money('due', 'Due', (row) => of(row).dueMinor),
    f.money('totalCollected', 'Total collected', (row) => of(row).collectedMinor),
  ];
}

function figureFields<Row>(of: (row: Row) => Figures) {
  const f = fieldsOf<Row>();
  return [
    f.integer('units', 'Units', (row) => of(row).units),
    f.money('gross', 'Gross', (row) => of(row).grossMinor),
    f.money('discounts', 'Discounts', (row) => of(row).discountMinor),
    f.money('returns', 'Returns', (row) => of(row).returnsMinor),
    f.money('net', 'Net', (row) => of(row).netMinor),
    f.money('tax', 'Tax', (row) => of(row).taxMinor),
  ];
}

/** One row for every article of the plan and for whatever else was sold; unknown lines last, under no sku. */
export function productsTable(page: MoneyPage): Table {
  const { show, stockOuts } = page.record;
  const articles = [...(show.plan?.products ?? []), ...(show.plan?.bundles ?? [])];
  const groups = groupBy(page.postings, ({ sku }) => sku ?? '');
  const others = [...groups.keys()]
    .filter((sku) => !articles.some((article) => article.sku === sku))
    .sort((a, b) => (a === '' ? 1 : b === '' ? -1 : compareText(a, b)));
  const opened = show.openedAt;
  const rows = [...articles.map(({ sku }) => sku), ...others].map((sku) => {
    const postings = groups.get(sku) ?? [];
    const product = show.plan?.products.find((one) => one.sku === sku) ?? null;
    const times = postings.filter(({ kind }) => kind === 'sale').map(({ at }) => at);
    const out = stockOuts.findLast((one) => one.sku === sku)?.at ?? null;
    const parts = show.sales.takings.byPart.get(sku) ?? { sold: 0, refunded: 0 };
    const received = page.record.entries
      .of('stock.received')
      .filter(({ body }) => body.sku === sku)
      .reduce((total, { body }) => total + body.quantity, 0);
    const name = articles.find((article) => article.sku === sku)?.name ?? postings[0]?.name ?? sku;
    return {
      sku,
      name: sku === '' ? 'Unknown products' : name,
      product,
      sum: sumOf(postings),
      times,
      out,
      parts,
      stocked: (product?.reserve ?? 0) + received,
    };
  });
  type Row = (typeof rows)[number];
  const f = fieldsOf<Row>();
  return tableOf(rows, [
    f.text('sku', 'SKU', ({ sku }) => sku),
    f.text('name', 'Product', ({ name }) => name),
    f.integer('reserve', 'Reserve', ({ product }) => product?.reserve ?? null),
    f.integer('unitsSold', 'Units sold', ({ sum }) => sum.units),
    f.integer('unitsRefunded', 'Units refunded', ({ sum }) => sum.refundedUnits),
    f.money('gross', 'Gross', ({ sum }) => sum.grossMinor),
    f.money('discounts', 'Discounts', ({ sum }) => sum.discountMinor),
    f.money('returns', 'Returns', ({ sum }) => sum.returnsMinor),
    f.money('net', 'Net', ({ sum }) => sum.netMinor),
    f.ratio('sellThrough', 'Sell-through', ({ product, parts, stocked }) =>
      product ? ratio(parts.sold - parts.refunded, stocked) : null,
    ),
    f.instant('firstSaleUtc', 'First sale', ({ times }) => isoOrNull(least(times))),
    f.instant('lastSaleUtc', 'Last sale', ({ times }) => isoOrNull(most(times))),
    f.instant('soldOutUtc', 'Sold out', ({ out }) => isoOrNull(out)),
    f.integer('minutesToSellOut', 'Minutes to sell out', ({ out }) =>
      out === null || opened === null ? null : Math.round((out - opened) / MINUTE),
    ),
    f.integer('missedUnits', 'Missed units', ({ sku }) => show.sales.missed.get(sku) ?? 0),
    f.ratio('refundRate', 'Refund rate', ({ sum }) => ratio(sum.refundedUnits, sum.units)),
    f.text('currency', 'Currency', () => page.currency),
  ]);
}

/** 15-minute buckets from the show's local quarter hour; a repeated hour has two rows, told apart by their offset. */
export function quarterHoursTable(page: MoneyPage, context: QuarterContext): Table {
  const sales = liveSales(page.record).map((sale) => ({
    channel: sale.channel,
    from: quarterOf(soldAt(sale), page.timeZone),
  }));
  const counts = groupBy(sales, ({ channel, from }) => `${from} ${channel}`);
  const groups = groupBy(page.postings, ({ channel, at }) => `${quarterOf(at, page.timeZone)} ${channel}`);
  const keys = new Set([...groups.keys(), ...counts.keys()]);
  const rows = [...keys].map((key) => {
    const [from = '0', channel = ''] = key.split(' ');
    return { from: Number(from), channel, sum: sumOf(groups.get(key) ?? []), count: counts.get(key)?.length ?? 0 };
  });
  rows.sort((a, b) => a.from - b.from || compareText(a.channel, b.channel));
  type Row = (typeof rows)[number];
  const f = fieldsOf<Row>();
  const local = (at: Instant) => localTime(at, page.timeZone);
  return tableOf(rows, [
    f.instant('fromUtc', 'From (UTC)', ({ from }) => toIso(from)),
    f.text('fromLocal', 'From', ({ from }) => `${local(from).date} ${local(from).time}`),
    f.text('zone', 'Zone', ({ from }) => local(from).zone),
    f.text('channel', 'Channel', ({ channel }) => channel),
    f.integer('sales', 'Sales', ({ count }) => count),
    f.integer('units', 'Units', ({ sum }) => sum.units),
    f.money('net', 'Net', ({ sum }) => sum.netMinor),
    f.integer('viewersMean', 'Viewers (mean)', ({ from }) => context.viewersMean(from, from + QUARTER)),
    f.text('cue', 'On air', ({ from }) => context.cueIn(from, from + QUARTER)),
    f.text('streamLevel', 'Stream', ({ from }) => context.streamLevel(from, from + QUARTER)),
    f.text('currency', 'Currency', () => page.currency),
  ]);
}

export interface QuarterContext {
  viewersMean(from: Instant, to: Instant): number | null;
  /** title of the cue that was longest on air */
  cueIn(from: Instant, to: Instant): string | null;
  streamLevel(from: Instant, to: Instant): string;
}

export function quarterOf(at: Instant, timeZone: string): Instant {
  const shift = localTime(at, timeZone).offsetMinutes * MINUTE;
  return Math.floor((at + shift) / QUARTER) * QUARTER - shift;
}

export function tendersTable(page: MoneyPage): Table {
  const { show } = page.record;
  const tills = [
    '',
    ...new Set([
      ...(show.plan?.tills ?? []).map(({ id }) => id),
      ...liveSales(page.record).flatMap(({ till }) => (till === null ? [] : [till])),
    ]),
  ];
  const paid = liveSales(page.record).flatMap((sale) =>
    sale.tenders.map((tender) => ({
      ...tender,
      till: sale.till ?? '',
      atRisk: sale.extra?.atRisk === true && tender.kind === 'card' ? tender.amountMinor : 0,
    })),
  );
  const back = show.sales.refunds.flatMap((refund) => {
    const sale = refund.saleId === null ? undefined : show.sales.byId.get(refund.saleId);
    return refund.tenders.map((tender) => ({ ...tender, till: sale?.till ?? '' }));
  });
  const drawers = drawersByTill(show.drawers);
  const rows = TENDER_KINDS.flatMap((tender) =>
    tills.map((till) => {
      const ins = paid.filter((one) => one.kind === tender && one.till === till);
      const outs = back.filter((one) => one.kind === tender && one.till === till);
      const total = (list: { amountMinor: Minor }[]): Minor => list.reduce((sum, one) => sum + one.amountMinor, 0);
      return {
        tender,
        till,
        payments: ins.length,
        amount: total(ins),
        refunded: total(outs),
        atRisk: ins.reduce((sum, { atRisk }) => sum + atRisk, 0),
        drawer: tender === 'cash' ? drawers.get(till) : undefined,
        any: ins.length + outs.length > 0,
      };
    }),
  ).filter(({ any, till, drawer }) => any || till === '' || drawer !== undefined);
  type Row = (typeof rows)[number];
  const f = fieldsOf<Row>();
  return tableOf(rows, [
    f.text('tender', 'Tender', ({ tender }) => tender),
    f.text('till', 'Till', ({ till }) => till),
    f.integer('payments', 'Payments', ({ payments }) => payments),
    f.money('amount', 'Amount', ({ amount }) => amount),
    f.money('refunded', 'Refunded', ({ refunded }) => refunded),
    f.money('float', 'Float', ({ drawer }) => drawer?.floatMinor ?? null),
    f.money('paidIn', 'Paid in', ({ drawer }) => drawer?.inMinor ?? null),
    f.money('paidOut', 'Paid out', ({ drawer }) => drawer?.outMinor ?? null),
    f.money('expected', 'Expected', ({ amount, refunded, drawer }) => drawer?.expectedMinor ?? amount - refunded),
    f.money('counted', 'Counted', ({ drawer }) => drawer?.countedMinor ?? null),
    f.money('overShort', 'Over/short', ({ drawer }) => drawer?.varianceMinor ?? null),
    f.money('atRisk', 'At risk', ({ atRisk }) => (atRisk === 0 ? null : atRisk)),
    f.text('currency', 'Currency', () => page.currency),
  ]);
}

export function least(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((a, b) => Math.min(a, b));
}
export function most(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((a, b) => Math.max(a, b));
}
export function isoOrNull(at: Instant | null): string | null {
  return at === null ? null : toIso(at);
}
