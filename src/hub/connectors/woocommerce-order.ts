import { z } from 'zod';
import { allocate, parseMinor } from '../../domain/money.ts';
import type {
  OrderSnapshot,
  SnapshotHints,
  SnapshotLine,
  SnapshotPerson,
  SnapshotTender,
} from '../../domain/order-snapshot.ts';
import type { Iso, Minor } from '../../domain/units.ts';
import { SALE_CHANNELS, type TenderKind } from '../../domain/words.ts';

/** What of a WooCommerce order (REST v3) is read; everything else is passed over. */
const decimal = z.union([z.string(), z.int().transform(String)]);
const meta = z.array(z.object({ key: z.string(), value: z.unknown() })).default([]);
const text = z.string().nullish();
const lineItem = z.object({
  id: z.int(),
  name: z.string().default(''),
  sku: text,
  quantity: z.int().min(0),
  subtotal: decimal,
  subtotal_tax: decimal.default('0'),
  total: decimal,
  total_tax: decimal.default('0'),
  meta_data: meta,
});
const charge = z.object({ name: text, total: decimal, total_tax: decimal.default('0') });
const billing = z.object({ first_name: text, last_name: text, email: text, phone: text });

export const wooOrder = z.object({
  id: z.int(),
  number: z.string().nullish(),
  status: z.string(),
  currency: z.string(),
  created_via: text,
  date_created_gmt: z.string(),
  date_modified_gmt: z.string(),
  date_paid_gmt: text,
  prices_include_tax: z.boolean().default(false),
  total: decimal,
  shipping_total: decimal.default('0'),
  shipping_tax: decimal.default('0'),
  payment_method: text,
  transaction_id: text,
  billing: billing.nullish(),
  line_items: z.array(lineItem),
  fee_lines: z.array(charge).default([]),
  coupon_lines: z.array(z.object({ code: z.string() })).default([]),
  refunds: z.array(z.object({ id: z.int() })).default([]),
  meta_data: meta,
});
export type WooOrder = z.output<typeof wooOrder>;

export const wooRefunds = z.array(
  z.object({
    id: z.int(),
    amount: decimal,
    /** quantities are negative here, and the line has an id of its own: the order's line is named in its meta data */
    line_items: z.array(z.object({ quantity: z.int(), meta_data: meta })).default([]),
  }),
);
export type WooRefund = z.output<typeof wooRefunds>[number];

/** An amount that is no amount in this currency. */
export class UnreadableAmount extends Error {}

/** @throws UnreadableAmount */
export function wooSnapshot(order: WooOrder, refunds: readonly WooRefund[], account: string): OrderSnapshot {
  const minor = (amount: string): Minor => minorOf(amount, order.currency);
  const total = minor(order.total);
  const { tipMinor, chargesMinor, rebateMinor } = feesOf(order, minor);
  const paidAt = order.date_paid_gmt ?? '';
  return {
    source: 'woocommerce',
    account,
    orderId: String(order.id),
    name: `#${order.number ?? order.id}`,
    version: null,
    createdAt: gmt(order.date_created_gmt),
    updatedAt: gmt(order.date_modified_gmt),
    currency: order.currency,
    test: metaText(order.meta_data, '_wcpay_mode') === 'test',
    cancelled: ['cancelled', 'failed', 'trash'].includes(order.status),
    // Cash on delivery is "processing" without a date of payment: the money has not come.
    paid: paidAt !== '' || ['completed', 'refunded'].includes(order.status),
    taxIncluded: order.prices_include_tax,
    lines: withRebate(
      order.line_items.filter(({ quantity }) => quantity > 0).map((line) => lineOf(line, order, refunds, minor)),
      rebateMinor,
    ),
    tenders: tendersOf(order, total),
    tipMinor,
    shippingMinor: minor(order.shipping_total) + minor(order.shipping_tax) + chargesMinor,
    refundedMinor: refunds.reduce((sum, refund) => sum + minor(refund.amount), 0),
    hints: hintsOf(order),
    person: personOf(order),
  };
}

/** WooCommerce writes GMT times without a zone. */
export function gmt(time: string): Iso {
  return `${time.slice(0, 19)}.000Z`;
}

/** Prices that include tax are given split: the line's gross is what the buyer saw, so the tax goes back in. */
function lineOf(
  line: WooOrder['line_items'][number],
  order: WooOrder,
  refunds: readonly WooRefund[],
  minor: (amount: string) => Minor,
): SnapshotLine {
  const tax = minor(line.total_tax);
  const gross = minor(line.subtotal) + (order.prices_include_tax ? minor(line.subtotal_tax) : 0);
  const net = minor(line.total) + (order.prices_include_tax ? tax : 0);
  const refunded = refunds
    .flatMap((refund) => refund.line_items)
    .filter(({ meta_data: of }) => metaText(of, '_refunded_item_id') === String(line.id))
    .reduce((sum, { quantity }) => sum + Math.abs(quantity), 0);
  // The shop keeps its own tally of units that it put back on its shelf.
  const tally = metaText(line.meta_data, '_restock_refunded_items') ?? '';
  return {
    lineId: String(line.id),
    sku: line.sku?.trim() || null,
    name: line.name,
    sold: line.quantity,
    refunded,
    restocked: Math.min(refunded, /^\d{1,6}$/.test(tally) ? Number(tally) : 0),
    grossMinor: gross,
    discountMinor: gross - net,
    taxMinor: tax,
  };
}

/** A fee line is a tip by its name, a rebate when it is negative, and else a charge like postage. */
function feesOf(
  order: WooOrder,
  minor: (amount: string) => Minor,
): { tipMinor: Minor; chargesMinor: Minor; rebateMinor: Minor } {
  const fees = { tipMinor: 0, chargesMinor: 0, rebateMinor: 0 };
  for (const { name, total, total_tax } of order.fee_lines) {
    const amount = minor(total) + minor(total_tax);
    if (amount < 0) fees.rebateMinor -= amount;
    else if (/\b(tip|gratuity)\b/i.test(name ?? '')) fees.tipMinor += amount;
    else fees.chargesMinor += amount;
  }
  return fees;
}

function withRebate(lines: SnapshotLine[], rebate: Minor): SnapshotLine[] {
  if (rebate === 0) return lines;
  const weights = lines.map((line) => Math.max(0, line.grossMinor - line.discountMinor));
  const shares = allocate(rebate, weights);
  return lines.map((line, i) => ({ ...line, discountMinor: line.discountMinor + (shares[i] ?? 0) }));
}

function tendersOf(order: WooOrder, total: Minor): SnapshotTender[] {
  if (total === 0) return [];
  return [{ kind: tenderKind(order.payment_method ?? ''), amountMinor: total, ref: order.transaction_id || null }];
}

function tenderKind(method: string): TenderKind {
  if (/^(cod|cash|pos_cash)$/.test(method)) return 'cash';
  return /card|stripe|woocommerce_payments/.test(method) ? 'card' : 'other';
}

function hintsOf(order: WooOrder): SnapshotHints {
  const of = (key: string): string | null => metaText(order.meta_data, key);
  const attribution = (key: string): string | null => of(`_wc_order_attribution_${key}`);
  const creator = of('creator');
  const declared = of('dropdesk_channel') ?? of('channel');
  return {
    channel: SALE_CHANNELS.find((channel) => channel === declared) ?? null,
    isPos: ['pos-rest-api', 'woocommerce-pos'].includes(order.created_via ?? ''),
    codes: [...order.coupon_lines.map(({ code }) => code), ...(creator === null ? [] : [creator])],
    link: attribution('session_entry') ?? attribution('referrer'),
    utm: ['utm_source', 'utm_medium', 'utm_campaign', 'utm_content'].map(attribution).filter((value) => value !== null),
  };
}

function personOf({ billing: who }: WooOrder): SnapshotPerson | null {
  const email = who?.email?.trim() || null;
  const phone = who?.phone?.trim() || null;
  const name =
    [who?.first_name, who?.last_name]
      .map((part) => part?.trim())
      .filter(Boolean)
      .join(' ') || null;
  return email === null && phone === null ? null : { email, phone, name, consent: false };
}

function metaText(entries: WooOrder['meta_data'], key: string): string | null {
  const value = entries.find((entry) => entry.key === key)?.value;
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function minorOf(amount: string, currency: string): Minor {
  const minor = parseMinor(amount.trim(), currency);
  if (minor === null) throw new UnreadableAmount('an amount of a WooCommerce order is no amount in its currency');
  return minor;
}
