import { z } from 'zod';
import { parseMinor, times } from '../../domain/money.ts';
import type { OrderSnapshot, SnapshotHints, SnapshotLine, SnapshotTender } from '../../domain/order-snapshot.ts';
import { fromIso, type Minor, toIso } from '../../domain/units.ts';
import { SALE_CHANNELS, type SaleChannel } from '../../domain/words.ts';

/** What is asked of an order; sizes keep one page below what Shopify lets a question cost. */
export const ORDER_FIELDS = `
  id name createdAt updatedAt cancelledAt test currencyCode displayFinancialStatus sourceName taxesIncluded
  discountCodes email phone customerAcceptsMarketing
  customAttributes { key value }
  customerJourneySummary { lastVisit { landingPage utmParameters { source medium campaign content term } } }
  totalPriceSet { shopMoney { amount } } totalTipReceivedSet { shopMoney { amount } }
  totalShippingPriceSet { shopMoney { amount } } totalRefundedSet { shopMoney { amount } }
  lineItems(first: $lines) { pageInfo { hasNextPage } nodes {
    id sku name quantity currentQuantity originalUnitPriceSet { shopMoney { amount } }
    discountAllocations { allocatedAmountSet { shopMoney { amount } } } taxLines { priceSet { shopMoney { amount } } }
  } }
  refunds { refundLineItems(first: $lines) { pageInfo { hasNextPage } nodes { quantity restockType lineItem { id } } } }
  transactions { id kind status gateway amountSet { shopMoney { amount } } }
`;

const money = z.object({ shopMoney: z.object({ amount: z.string() }) });
const list = <T extends z.ZodType>(item: T) =>
  z
    .object({ pageInfo: z.object({ hasNextPage: z.boolean() }).nullish(), nodes: z.array(item) })
    .nullish()
    .transform((connection) => connection ?? { nodes: [], pageInfo: null });
const text = z.string().nullish();

/** Fields that Shopify withholds without the right to them (people, mostly) come as null or not at all. */
export const shopifyOrder = z.object({
  id: z.string(),
  name: text,
  createdAt: z.iso.datetime({ offset: true }),
  updatedAt: z.iso.datetime({ offset: true }),
  cancelledAt: text,
  test: z.boolean().nullish(),
  currencyCode: z.string(),
  displayFinancialStatus: text,
  sourceName: text,
  taxesIncluded: z.boolean().nullish(),
  discountCodes: z.array(z.string()).nullish(),
  email: text,
  phone: text,
  customerAcceptsMarketing: z.boolean().nullish(),
  customAttributes: z.array(z.object({ key: z.string(), value: text })).nullish(),
  customerJourneySummary: z
    .object({
      lastVisit: z
        .object({ landingPage: text, utmParameters: z.record(z.string(), z.string().nullish()).nullish() })
        .nullish(),
    })
    .nullish(),
  totalPriceSet: money.nullish(),
  totalTipReceivedSet: money.nullish(),
  totalShippingPriceSet: money.nullish(),
  totalRefundedSet: money.nullish(),
  lineItems: list(
    z.object({
      id: z.string(),
      sku: text,
      name: text,
      quantity: z.int().min(0),
      currentQuantity: z.int().min(0).nullish(),
      originalUnitPriceSet: money,
      discountAllocations: z.array(z.object({ allocatedAmountSet: money })).nullish(),
      taxLines: z.array(z.object({ priceSet: money })).nullish(),
    }),
  ),
  refunds: z
    .array(
      z.object({
        refundLineItems: list(
          z.object({
            quantity: z.int().min(0),
            restockType: text,
            lineItem: z.object({ id: z.string() }).nullish(),
          }),
        ),
      }),
    )
    .nullish(),
  transactions: z
    .array(
      z.object({ id: z.string(), kind: z.string(), status: z.string(), gateway: text, amountSet: money.nullish() }),
    )
    .nullish(),
});
export type ShopifyOrder = z.output<typeof shopifyOrder>;

/** Whether a list was longer than what was asked for, so that the order has to be asked for by itself. */
export function isCut({ lineItems, refunds }: ShopifyOrder): boolean {
  return [lineItems, ...(refunds ?? []).map((refund) => refund.refundLineItems)].some(
    ({ pageInfo }) => pageInfo?.hasNextPage === true,
  );
}

/** @returns null when an amount of it cannot be an amount of its currency */
export function shopifySnapshot(order: ShopifyOrder, account: string): OrderSnapshot | null {
  try {
    return snapshotOf(order, account);
  } catch (error) {
    // More money than a safe integer holds is a RangeError of the domain's.
    if (error instanceof NoAmount || error instanceof RangeError) return null;
    throw error;
  }
}

class NoAmount extends Error {}

const PAID = new Set(['PAID', 'PARTIALLY_PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'AUTHORIZED']);

function snapshotOf(order: ShopifyOrder, account: string): OrderSnapshot {
  const amount = (set: z.output<typeof money> | null | undefined): Minor => amountOf(set, order.currencyCode);
  const lines = order.lineItems.nodes.map((line) => lineOf(order, line));
  const tipMinor = amount(order.totalTipReceivedSet);
  const goods = lines.reduce(
    (sum, line) => sum + line.grossMinor - line.discountMinor + (order.taxesIncluded === true ? 0 : line.taxMinor),
    0,
  );
  const { tenders, isVoided } = paymentsOf(order);
  return {
    source: 'shopify',
    account,
    orderId: lastPart(order.id),
    name: order.name ?? '',
    also: order.name ? [order.name] : [],
    version: null,
    createdAt: toIso(fromIso(order.createdAt)),
    updatedAt: toIso(fromIso(order.updatedAt)),
    currency: order.currencyCode,
    test: order.test ?? false,
    cancelled: (order.cancelledAt ?? null) !== null || isVoided,
    paid: tenders.length > 0 || PAID.has(order.displayFinancialStatus ?? ''),
    taxIncluded: order.taxesIncluded ?? false,
    lines,
    tenders,
    tipMinor,
    // All that is neither goods nor tip: sending, its tax, duties.
    shippingMinor: order.totalPriceSet
      ? Math.max(0, amount(order.totalPriceSet) - goods - tipMinor)
      : amount(order.totalShippingPriceSet),
    refundedMinor: order.totalRefundedSet ? amount(order.totalRefundedSet) : null,
    hints: hintsOf(order),
    person: personOf(order),
  };
}

/** Returned to the shelf, or never sent: Shopify has put it on sale again. */
const RESTOCKED = new Set(['RETURN', 'CANCEL', 'LEGACY_RESTOCK']);

function lineOf(order: ShopifyOrder, line: ShopifyOrder['lineItems']['nodes'][number]): SnapshotLine {
  const amount = (set: z.output<typeof money>): Minor => amountOf(set, order.currencyCode);
  const back = (order.refunds ?? []).flatMap(({ refundLineItems }) =>
    refundLineItems.nodes.filter((each) => each.lineItem?.id === line.id),
  );
  const units = (of: typeof back): number => of.reduce((sum, { quantity }) => sum + quantity, 0);
  const told = units(back);
  // An edit of the order takes units off without a refund of theirs: they were never sent.
  const removed = Math.max(0, line.quantity - (line.currentQuantity ?? line.quantity) - told);
  return {
    lineId: lastPart(line.id),
    sku: line.sku?.trim() || null,
    name: line.name ?? '',
    sold: line.quantity,
    refunded: told + removed,
    restocked: units(back.filter(({ restockType }) => RESTOCKED.has(restockType ?? ''))) + removed,
    grossMinor: times(amount(line.originalUnitPriceSet), line.quantity),
    discountMinor: (line.discountAllocations ?? []).reduce((sum, each) => sum + amount(each.allocatedAmountSet), 0),
    taxMinor: (line.taxLines ?? []).reduce((sum, each) => sum + amount(each.priceSet), 0),
  };
}

/** What was paid, refunds not subtracted; an authorisation stands for its money until it is captured. */
function paymentsOf(order: ShopifyOrder): { tenders: SnapshotTender[]; isVoided: boolean } {
  const done = (order.transactions ?? []).filter(({ status }) => status === 'SUCCESS');
  const of = (...kinds: string[]) => done.filter(({ kind }) => kinds.includes(kind));
  const captured = of('SALE', 'CAPTURE');
  const counted = captured.length > 0 ? captured : of('AUTHORIZATION', 'EMV_AUTHORIZATION');
  const tenders = counted.map(({ id, gateway, amountSet }): SnapshotTender => ({
    kind: gateway === 'cash' ? 'cash' : gateway === 'manual' || gateway === 'gift_card' ? 'other' : 'card',
    amountMinor: amountOf(amountSet, order.currencyCode),
    ref: lastPart(id),
  }));
  return { tenders, isVoided: captured.length === 0 && counted.length > 0 && of('VOID').length > 0 };
}

function hintsOf(order: ShopifyOrder): SnapshotHints {
  const attributes = (order.customAttributes ?? []).map(
    ({ key, value }) => [key.trim().toLowerCase(), value ?? ''] as const,
  );
  const valuesOf = (...keys: string[]): string[] =>
    attributes.flatMap(([key, value]) => (keys.includes(key) && value.trim() !== '' ? [value.trim()] : []));
  const channel = valuesOf('channel')[0]?.toLowerCase();
  const visit = order.customerJourneySummary?.lastVisit;
  const utm = Object.values(visit?.utmParameters ?? {}).filter((value) => typeof value === 'string' && value !== '');
  return {
    channel: SALE_CHANNELS.find((one): one is SaleChannel => one === channel) ?? null,
    isPos: order.sourceName === 'pos',
    codes: [...(order.discountCodes ?? []), ...valuesOf('creator', 'creator_code', 'code', 'ref')],
    link: visit?.landingPage ?? valuesOf('landing_page', 'link')[0] ?? null,
    utm: [
      ...attributes.flatMap(([key, value]) => (key.startsWith('utm_') && value !== '' ? [value] : [])),
      ...(utm as string[]),
    ],
  };
}

function personOf({ email, phone, customerAcceptsMarketing }: ShopifyOrder): OrderSnapshot['person'] {
  if (!email && !phone) return null;
  return { email: email || null, phone: phone || null, name: null, consent: customerAcceptsMarketing ?? false };
}

function amountOf(set: z.output<typeof money> | null | undefined, currency: string): Minor {
  const minor = set ? parseMinor(set.shopMoney.amount, currency) : 0;
  if (minor === null) throw new NoAmount();
  return minor;
}

/** `gid://shopify/Order/450789469` → `450789469` */
function lastPart(gid: string): string {
  return gid.slice(gid.lastIndexOf('/') + 1).split('?', 1)[0] ?? gid;
}
