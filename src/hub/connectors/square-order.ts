import { z } from 'zod';
import type {
  OrderSnapshot,
  SnapshotHints,
  SnapshotLine,
  SnapshotPerson,
  SnapshotTender,
} from '../../domain/order-snapshot.ts';
import { type Iso, type Minor, fromIso } from '../../domain/units.ts';
import { SALE_CHANNELS, type TenderKind } from '../../domain/words.ts';

/** What of Square's orders and payments is read; everything else is passed over. Money is in minor units already. */
const text = z.string().nullish();
const money = z.object({ amount: z.int(), currency: z.string() }).nullish();
const metadata = z.record(z.string(), z.string().nullable()).nullish();
const listOf = <T extends z.ZodType>(of: T) =>
  z
    .array(of)
    .nullish()
    .transform((list) => list ?? []);
const lineItem = z.object({
  uid: text,
  name: text,
  variation_name: text,
  quantity: z.string(),
  catalog_object_id: text,
  metadata,
  gross_sales_money: money,
  total_discount_money: money,
  total_tax_money: money,
  total_service_charge_money: money,
  total_money: money,
});
const returned = z.object({
  source_order_id: text,
  return_line_items: listOf(z.object({ source_line_item_uid: text, quantity: z.string() })),
  return_amounts: z.object({ total_money: money }).nullish(),
});
const recipient = z
  .object({ recipient: z.object({ display_name: text, email_address: text, phone_number: text }).nullish() })
  .nullish();

export const squareOrder = z.object({
  id: z.string(),
  location_id: z.string(),
  state: text,
  reference_id: text,
  created_at: z.string(),
  updated_at: z.string(),
  source: z.object({ name: text }).nullish(),
  metadata,
  taxes: listOf(z.object({ type: text })),
  discounts: listOf(z.object({ name: text })),
  service_charges: listOf(z.object({ type: text, total_money: money })),
  line_items: listOf(lineItem),
  returns: listOf(returned),
  tenders: listOf(z.object({ id: text, type: z.string(), payment_id: text, amount_money: money })),
  fulfillments: listOf(
    z.object({ pickup_details: recipient, shipment_details: recipient, delivery_details: recipient }),
  ),
  total_money: money,
  total_tip_money: money,
});
export type SquareOrder = z.output<typeof squareOrder>;

export const squarePayment = z.object({
  id: z.string(),
  order_id: text,
  updated_at: text,
  status: text,
  /** an approved payment is let go then, or taken, by `delay_action` */
  delayed_until: text,
  delay_action: text,
  is_offline_payment: z.boolean().nullish(),
  refunded_money: money,
  refund_ids: listOf(z.string()),
  receipt_number: text,
  buyer_email_address: text,
  application_details: z.object({ square_product: text }).nullish(),
  card_details: z.object({ entry_method: text }).nullish(),
});
export type SquarePayment = z.output<typeof squarePayment>;

export interface SquareSource {
  order: SquareOrder;
  /** payments of the order's tenders */
  payments: readonly SquarePayment[];
  /** orders whose returns name this one as their source */
  returns: readonly SquareOrder[];
  skuOf: (catalogObjectId: string) => string | null;
  /** hub's clock, epoch ms */
  now: number;
  isSandbox: boolean;
  /** of an order without a total */
  currency: string;
}

/**
 * The order with its returns folded in. It has no version: Square's own does not grow when a return, which is an order of
 * its own, or a payment changes, so the newest of their times decides.
 */
export function squareSnapshot(source: SquareSource): OrderSnapshot {
  const { order, payments, returns } = source;
  const open = new Set(
    payments.filter((one) => one.is_offline_payment && one.status !== 'COMPLETED').map(({ id }) => id),
  );
  const tenders = order.tenders
    .map(tenderOf)
    .filter(({ amountMinor }) => amountMinor !== 0)
    .map((tender) => (open.has(tender.ref ?? '') ? { ...tender, atRisk: true } : tender));
  const times = [order.updated_at, ...returns.map((one) => one.updated_at), ...payments.map((one) => one.updated_at)];
  return {
    source: 'square',
    account: order.location_id,
    orderId: order.id,
    name: nameOf(source),
    also: [...tenders.flatMap(({ ref }) => ref ?? []), ...returns.map(({ id }) => id)],
    version: null,
    createdAt: iso(order.created_at),
    updatedAt: times.reduce<Iso>((newest, time) => (time && iso(time) > newest ? iso(time) : newest), ''),
    currency: order.total_money?.currency ?? source.currency,
    test: source.isSandbox,
    cancelled: order.state === 'CANCELED',
    paid: isPaid(source, tenders),
    taxIncluded: isTaxIncluded(order),
    lines: order.line_items.filter(({ quantity }) => !isNothing(quantity)).map((line, i) => lineOf(line, i, source)),
    tenders,
    tipMinor: amount(order.total_tip_money) + chargesOf(order, true),
    shippingMinor: chargesOf(order, false),
    refundedMinor: refundedOf(source),
    hints: hintsOf(source),
    person: personOf(source),
  };
}

/** Orders that this one gives something back of. */
export function sourcesOf(order: SquareOrder): string[] {
  return order.returns.map(({ source_order_id: id }) => id ?? '').filter((id) => id !== '' && id !== order.id);
}

/** Square writes seconds or milliseconds; one form makes their texts comparable. */
export function iso(time: string): Iso {
  const at = fromIso(time);
  return Number.isNaN(at) ? '' : new Date(at).toISOString();
}

function lineOf(line: SquareOrder['line_items'][number], i: number, source: SquareSource): SnapshotLine {
  const whole = wholeUnits(line.quantity);
  const called = [line.name, line.variation_name].filter(Boolean).join(', ');
  const catalogued = line.catalog_object_id ? source.skuOf(line.catalog_object_id) : null;
  const lineId = line.uid ?? `line-${i + 1}`;
  const refunded = source.returns
    .flatMap(({ returns }) => returns)
    .filter(({ source_order_id: of }) => of === source.order.id)
    .flatMap((one) => one.return_line_items)
    .filter(({ source_line_item_uid: of }) => of === lineId)
    .reduce((sum, { quantity }) => sum + (wholeUnits(quantity) ?? (isNothing(quantity) ? 0 : 1)), 0);
  return {
    lineId,
    // 2.5 pounds are no units of a sku: the money counts and the line waits for a person.
    sku: whole === null ? null : (catalogued ?? (line.metadata?.['sku']?.trim() || null)),
    name: whole === null ? `${called} (${line.quantity}: not whole units)` : called,
    sold: whole ?? 1,
    refunded: Math.min(refunded, whole ?? 1),
    restocked: 0,
    grossMinor: grossOf(line, source.order),
    discountMinor: amount(line.total_discount_money),
    taxMinor: amount(line.total_tax_money),
  };
}

/**
 * Square takes inclusive tax out of gross sales in the US, Canada and Japan and leaves it in elsewhere. What the buyer
 * paid for the line is the same everywhere, so the gross is reckoned back from that: with its tax where all taxes are
 * within the prices, without where any goes on top.
 */
function grossOf(line: SquareOrder['line_items'][number], order: SquareOrder): Minor {
  if (!line.total_money) return amount(line.gross_sales_money);
  const goods = amount(line.total_money) + amount(line.total_discount_money) - amount(line.total_service_charge_money);
  return isTaxIncluded(order) ? goods : goods - amount(line.total_tax_money);
}

function isTaxIncluded({ taxes }: SquareOrder): boolean {
  return taxes.length > 0 && taxes.every(({ type }) => type === 'INCLUSIVE');
}

function chargesOf({ service_charges: charges }: SquareOrder, gratuity: boolean): Minor {
  return charges
    .filter(({ type }) => (type === 'AUTO_GRATUITY') === gratuity)
    .reduce((sum, { total_money: of }) => sum + amount(of), 0);
}

/** All of the total has come or is held for certain. An exchange is completed with less: the rest is what came back. */
function isPaid({ order, payments, now }: SquareSource, tenders: readonly SnapshotTender[]): boolean {
  const states = new Map(payments.map((payment) => [payment.id, isCertain(payment, now)]));
  const certain = tenders.filter(({ ref }) => states.get(ref ?? '') ?? true);
  if (order.state === 'COMPLETED') return certain.length === tenders.length;
  const sum = certain.reduce((all, tender) => all + tender.amountMinor, 0);
  return tenders.length > 0 && sum >= amount(order.total_money);
}

function isCertain({ status, delayed_until: until, delay_action: then }: SquarePayment, now: number): boolean {
  if (status === 'COMPLETED') return true;
  return status === 'APPROVED' && (then === 'COMPLETE' || !until || fromIso(until) > now);
}

/** Payments know what went back of them; cash that was returned is known by the returns alone. */
function refundedOf({ order, payments, returns }: SquareSource): Minor {
  const byPayment = payments.reduce((sum, { refunded_money: of }) => sum + amount(of), 0);
  const byReturn = returns
    .flatMap((one) => one.returns)
    .filter(({ source_order_id: of }) => of === order.id)
    .reduce((sum, { return_amounts: of }) => sum + amount(of?.total_money), 0);
  return Math.max(byPayment, byReturn);
}

function tenderOf(tender: SquareOrder['tenders'][number]): SnapshotTender {
  const kinds: Record<string, TenderKind> = { CARD: 'card', THIRD_PARTY_CARD: 'card', CASH: 'cash' };
  return {
    kind: kinds[tender.type] ?? 'other',
    amountMinor: amount(tender.amount_money),
    ref: tender.payment_id ?? tender.id ?? null,
  };
}

function nameOf({ order, payments }: SquareSource): string {
  const receipt = payments.find((payment) => payment.receipt_number)?.receipt_number;
  // Not the ticket's name: at a counter that is mostly the buyer's.
  const name = order.reference_id || (receipt ? `#${receipt}` : order.id);
  const isOffline = payments.some((one) => one.is_offline_payment && one.status !== 'COMPLETED');
  return isOffline ? `${name} (card taken offline, not certain yet)` : name;
}

const IN_PERSON = ['SQUARE_POS', 'RETAIL', 'RESTAURANTS', 'TERMINAL_API'];

function hintsOf({ order, payments }: SquareSource): SnapshotHints {
  const declared = order.metadata?.['channel']?.trim();
  const codes = [...order.discounts.map(({ name }) => name), order.metadata?.['creator']];
  return {
    channel: SALE_CHANNELS.find((channel) => channel === declared) ?? null,
    isPos:
      /point of sale/i.test(order.source?.name ?? '') ||
      payments.some(
        ({ application_details: app, card_details: card }) =>
          IN_PERSON.includes(app?.square_product ?? '') ||
          ['EMV', 'SWIPED', 'CONTACTLESS'].includes(card?.entry_method ?? ''),
      ),
    codes: codes.map((code) => code?.trim() ?? '').filter((code) => code !== ''),
    link: order.metadata?.['link']?.trim() || null,
    utm: ['utm_source', 'utm_medium', 'utm_campaign', 'utm_content']
      .map((key) => order.metadata?.[key]?.trim() ?? '')
      .filter((value) => value !== ''),
  };
}

function personOf({ order, payments }: SquareSource): SnapshotPerson | null {
  const who = order.fulfillments
    .map((one) => (one.pickup_details ?? one.shipment_details ?? one.delivery_details)?.recipient)
    .find((one) => one);
  const email = who?.email_address?.trim() || payments.find((one) => one.buyer_email_address)?.buyer_email_address;
  const phone = who?.phone_number?.trim() || null;
  if (!email && phone === null) return null;
  return { email: email || null, phone, name: who?.display_name?.trim() || null, consent: false };
}

/** Square writes quantities as decimal text, up to five digits after the point. */
function wholeUnits(quantity: string): number | null {
  const parts = /^(\d{1,6})(?:\.0*)?$/.exec(quantity.trim());
  return parts === null || Number(parts[1]) === 0 ? null : Number(parts[1]);
}

function isNothing(quantity: string): boolean {
  return /^0*(?:\.0*)?$/.test(quantity.trim());
}

function amount(of: z.output<typeof money>): Minor {
  return of?.amount ?? 0;
}
