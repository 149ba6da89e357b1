import { z } from 'zod';
import type { OrderSnapshot, SnapshotHints, SnapshotLine, SnapshotPerson } from '../../domain/order-snapshot.ts';
import { type Iso, type Minor, toIso } from '../../domain/units.ts';
import { SALE_CHANNELS } from '../../domain/words.ts';
import { stripeMinor } from './stripe-money.ts';

/** What of Stripe's objects is read; everything else is passed over. Times are epoch seconds. */
const text = z.string().nullish();
const metadata = z
  .record(z.string(), z.string())
  .nullish()
  .transform((of) => of ?? {});
const seconds = z.int().nullish();
const contact = z.object({ email: text, name: text, phone: text }).nullish();
const cardPresent = z
  .object({ offline: z.object({ stored_at: seconds }).nullish(), capture_before: seconds })
  .nullish();

const charge = z.object({
  id: z.string(),
  created: z.int(),
  amount_refunded: z.int().default(0),
  receipt_number: text,
  billing_details: contact,
  payment_method_details: z
    .object({
      type: z.string(),
      card: z.object({ capture_before: seconds }).nullish(),
      card_present: cardPresent,
      interac_present: z.object({}).nullish(),
    })
    .nullish(),
  refunds: z.object({ data: z.array(z.object({ created: z.int(), status: text, metadata })) }).nullish(),
});

export const stripeIntent = z.object({
  id: z.string(),
  created: z.int(),
  livemode: z.boolean(),
  status: z.string(),
  currency: z.string(),
  amount: z.int(),
  amount_received: z.int().default(0),
  amount_capturable: z.int().default(0),
  amount_details: z.object({ tip: z.object({ amount: z.int().nullish() }).nullish() }).nullish(),
  canceled_at: seconds,
  receipt_email: text,
  metadata,
  latest_charge: charge.nullish(),
});
export type StripeIntent = z.output<typeof stripeIntent>;

const promotion = z.object({ promotion_code: z.union([z.string(), z.object({ code: z.string() })]).nullish() });
export const stripeLines = z.array(
  z.object({
    id: z.string(),
    description: text,
    quantity: z.int().nullish(),
    amount_subtotal: z.int(),
    amount_discount: z.int().default(0),
    amount_tax: z.int().default(0),
    amount_total: z.int(),
    metadata,
    price: z.object({ lookup_key: text, metadata, product: z.string().nullish() }).nullish(),
  }),
);
export type StripeLine = z.output<typeof stripeLines>[number];

export const stripeSession = z.object({
  id: z.string(),
  created: z.int(),
  livemode: z.boolean(),
  mode: text,
  status: text,
  currency: text,
  amount_total: z.int().nullish(),
  customer_details: contact,
  consent: z.object({ promotions: text }).nullish(),
  metadata,
  discounts: z
    .array(promotion)
    .nullish()
    .transform((list) => list ?? []),
  shipping_cost: z.object({ amount_total: z.int() }).nullish(),
  line_items: z.object({ data: stripeLines, has_more: z.boolean().default(false) }).nullish(),
});
export type StripeSession = z.output<typeof stripeSession>;

export interface StripeSource {
  account: string;
  /** null: a checkout that cost nothing has no payment */
  intent: StripeIntent | null;
  /** null: paid without Checkout */
  session: StripeSession | null;
  lines: readonly StripeLine[];
  skuOf: (line: StripeLine) => string | null;
  /** newest event that is known of it, epoch s; a payment has no time of change of its own */
  toldAt: number;
  /** hub's clock, epoch ms */
  now: number;
}

/** Either of intent and session must be there. */
export function stripeSnapshot(source: StripeSource): OrderSnapshot {
  const { intent, session } = source;
  const whole = intent ?? session;
  if (whole === null) throw new Error('snapshot of a Stripe order without payment and checkout');
  const currency = (intent?.currency ?? session?.currency ?? '').toUpperCase();
  const minor = (amount: number): Minor => stripeMinor(amount, currency);
  const taken = intent === null ? 0 : intent.amount_received || intent.amount_capturable;
  const tip = intent?.amount_details?.tip?.amount ?? 0;
  return {
    source: 'stripe',
    account: source.account,
    orderId: whole.id,
    name: nameOf(source),
    version: null,
    createdAt: at(cardOf(source)?.offline?.stored_at ?? whole.created),
    updatedAt: at(newestOf(source)),
    currency,
    test: !whole.livemode,
    cancelled: intent?.status === 'canceled',
    paid: isPaid(source),
    taxIncluded: isTaxIncluded(source.lines),
    lines: linesOf(source, minor),
    tenders:
      taken === 0
        ? []
        : [
            {
              kind: tenderKind(source),
              amountMinor: minor(taken),
              ref: whole.id,
              ...(isUncertain(source) && { atRisk: true }),
            },
          ],
    tipMinor: minor(tip),
    shippingMinor: minor(session?.shipping_cost?.amount_total ?? 0),
    refundedMinor: minor(intent?.latest_charge?.amount_refunded ?? 0),
    hints: hintsOf(source),
    person: personOf(source),
  };
}

/** Checkout's lines; else what the metadata says; else none, and the money counts as unlined. */
function linesOf(source: StripeSource, minor: (amount: number) => Minor): SnapshotLine[] {
  const { intent, lines } = source;
  if (lines.length === 0) return intent === null ? [] : metadataLine(source, intent, minor);
  const isIncluded = isTaxIncluded(lines);
  return lines.map((line) => {
    const sku = source.skuOf(line);
    const sold = line.quantity ?? 1;
    return {
      lineId: line.id,
      sku,
      name: line.description ?? '',
      sold,
      refunded: refundedUnits(source, sku, sold),
      restocked: 0,
      grossMinor: minor(line.amount_total + line.amount_discount - (isIncluded ? 0 : line.amount_tax)),
      discountMinor: minor(line.amount_discount),
      taxMinor: minor(line.amount_tax),
    };
  });
}

/** Every price says for itself whether its tax is within; where any goes on top, all are given without. */
function isTaxIncluded(lines: readonly StripeLine[]): boolean {
  return lines.every(
    (line) => line.amount_tax === 0 || line.amount_total === line.amount_subtotal - line.amount_discount,
  );
}

function metadataLine(source: StripeSource, intent: StripeIntent, minor: (amount: number) => Minor): SnapshotLine[] {
  const sku = intent.metadata['sku']?.trim();
  if (!sku) return [];
  const text = intent.metadata['qty']?.trim() ?? intent.metadata['quantity']?.trim() ?? '1';
  const quantity = unitsOf(text);
  const tip = intent.amount_details?.tip?.amount ?? 0;
  const gross = (intent.amount_received || intent.amount_capturable || intent.amount) - tip;
  const sold = quantity ?? 1;
  return [
    {
      lineId: 'metadata',
      sku: quantity === null ? null : sku,
      name: quantity === null ? `${sku} (${text}: not whole units)` : sku,
      sold,
      refunded: refundedUnits(source, sku, sold),
      restocked: 0,
      grossMinor: minor(gross),
      discountMinor: 0,
      taxMinor: 0,
    },
  ];
}

/** A refund has money only; which units came back is known when all did, or when its metadata says so. */
function refundedUnits({ intent }: StripeSource, sku: string | null, sold: number): number {
  const refunded = intent?.latest_charge?.amount_refunded ?? 0;
  if (intent !== null && refunded > 0 && refunded >= intent.amount_received) return sold;
  const named = (intent?.latest_charge?.refunds?.data ?? [])
    .filter(({ status, metadata: of }) => status !== 'failed' && status !== 'canceled' && of['sku']?.trim() === sku)
    .reduce((sum, { metadata: of }) => sum + (unitsOf(of['qty']?.trim() ?? '1') ?? 0), 0);
  return Math.min(named, sold);
}

function isPaid({ intent, session, now }: StripeSource): boolean {
  if (intent === null) return session?.status === 'complete';
  if (intent.status === 'succeeded') return true;
  if (intent.status !== 'requires_capture') return false;
  const details = intent.latest_charge?.payment_method_details;
  const until = details?.card?.capture_before ?? details?.card_present?.capture_before ?? null;
  return until === null || until * 1000 > now;
}

function newestOf({ intent, session, toldAt }: StripeSource): number {
  const charge = intent?.latest_charge;
  const refunds = charge?.refunds?.data.map(({ created }) => created) ?? [];
  const times = [toldAt, intent?.created, intent?.canceled_at, session?.created, charge?.created, ...refunds];
  return Math.max(...times.map((time) => time ?? 0));
}

function tenderKind({ intent }: StripeSource): 'card' | 'other' {
  const type = intent?.latest_charge?.payment_method_details?.type ?? '';
  return ['card', 'card_present', 'interac_present'].includes(type) ? 'card' : 'other';
}

function cardOf({ intent }: StripeSource): z.output<typeof cardPresent> {
  return intent?.latest_charge?.payment_method_details?.card_present;
}

/** Accepted by a reader that was offline, and not certain until it is captured. */
function isUncertain(source: StripeSource): boolean {
  return Boolean(cardOf(source)?.offline?.stored_at) && source.intent?.status !== 'succeeded';
}

/** Never the description: it is mostly written by a person and may name one. */
function nameOf(source: StripeSource): string {
  const { intent, session } = source;
  const receipt = intent?.latest_charge?.receipt_number;
  const name = intent?.metadata['order'] || (receipt ? `#${receipt}` : (intent ?? session)?.id) || '';
  if (!cardOf(source)?.offline?.stored_at) return name;
  return `${name} (card taken offline${intent?.status === 'succeeded' ? '' : ', not certain yet'})`;
}

function hintsOf({ intent, session }: StripeSource): SnapshotHints {
  const of = (key: string): string => (intent?.metadata[key] ?? session?.metadata[key] ?? '').trim();
  const promotions = (session?.discounts ?? []).map(({ promotion_code: code }) =>
    typeof code === 'object' && code !== null ? code.code : '',
  );
  const type = intent?.latest_charge?.payment_method_details?.type ?? '';
  return {
    channel: SALE_CHANNELS.find((channel) => channel === of('channel')) ?? null,
    isPos: type === 'card_present' || type === 'interac_present',
    codes: [...promotions, of('creator'), of('code')].filter((code) => code !== ''),
    link: of('link') || null,
    utm: ['utm_source', 'utm_medium', 'utm_campaign', 'utm_content'].map(of).filter((value) => value !== ''),
  };
}

function personOf({ intent, session }: StripeSource): SnapshotPerson | null {
  const from = [session?.customer_details, intent?.latest_charge?.billing_details];
  const first = (key: 'email' | 'name' | 'phone'): string | null =>
    from.map((who) => who?.[key]?.trim()).find((value) => value) ?? null;
  const email = first('email') ?? (intent?.receipt_email?.trim() || null);
  const phone = first('phone');
  if (email === null && phone === null) return null;
  return { email, phone, name: first('name'), consent: session?.consent?.promotions === 'opt_in' };
}

function unitsOf(quantity: string): number | null {
  return /^[1-9]\d{0,5}$/.test(quantity) ? Number(quantity) : null;
}

function at(second: number): Iso {
  return toIso(second * 1000);
}
