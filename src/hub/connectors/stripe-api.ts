import { Stripe } from 'stripe';
import { z } from 'zod';
import { type Iso, MINUTE, fromIso } from '../../domain/units.ts';
import { ShopFault, type ShopPlace } from './shop.ts';
import {
  type StripeIntent,
  type StripeLine,
  type StripeSession,
  stripeIntent,
  stripeLines,
  stripeSession,
} from './stripe-order.ts';
import { DEADLINE_MS, askVendor, sideBySide, vendorAddress, vendorSecret } from './vendor-http.ts';

/** The kinds of event after which an order may stand differently; Stripe takes 20 at most. */
export const STRIPE_EVENTS = [
  'payment_intent.succeeded',
  'payment_intent.amount_capturable_updated',
  'payment_intent.canceled',
  'charge.succeeded',
  'charge.captured',
  'charge.updated',
  'charge.expired',
  'charge.refunded',
  'charge.refund.updated',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
];
const KEY_ADVICE =
  'Make a restricted key that may read Charges, PaymentIntents, Checkout Sessions, Products, Prices, Promotion codes and Events, and enter it in the settings.';
const OWN_ADDRESS = 'https://api.stripe.com';
const WIDTH = 6;
/** a product without a sku may be given one during the show */
const ASK_AGAIN_MS = 2 * MINUTE;

/** What a product's sku was found to be: kept as long as the shop's wire lives. */
export type ProductCache = Map<string, { sku: string | null; until: number }>;

const product = z.object({ metadata: z.record(z.string(), z.string()).default({}) });

/** Stripe's calls that are used, over its own client and our one way of asking. All throw ShopFault. */
export class StripeApi {
  /** Stripe's clock at its last answer, epoch ms */
  vendorAt: number | null = null;
  readonly #place: ShopPlace;
  readonly #products: ProductCache;
  readonly #client: Stripe;
  #fault: ShopFault | null = null;

  constructor(place: ShopPlace, signal: AbortSignal, products: ProductCache) {
    this.#place = place;
    this.#products = products;
    const key = vendorSecret(place, 'stripe.key', 'The Stripe key');
    if (key.startsWith('pk_')) {
      throw new ShopFault('not-set-up', `That is Stripe's publishable key. ${KEY_ADVICE}`);
    }
    const address = vendorAddress(place, OWN_ADDRESS, 'Stripe');
    this.#client = new Stripe(key, {
      host: address.hostname,
      port: address.port || (address.protocol === 'http:' ? '80' : '443'),
      protocol: address.protocol === 'http:' ? 'http' : 'https',
      httpClient: Stripe.createFetchHttpClient((url: unknown, init: unknown) => this.#fetch(url, init, signal)),
      maxNetworkRetries: 0,
      timeout: DEADLINE_MS,
      telemetry: false,
    });
  }

  now(): number {
    return this.#place.now();
  }

  /** Every event from that time on, newest first as Stripe gives them; it keeps 30 days. */
  async events(since: Iso): Promise<unknown[]> {
    const found: unknown[] = [];
    await this.#ask(async () => {
      const created = { gte: Math.floor(fromIso(since) / 1000) };
      for await (const event of this.#client.events.list({ types: STRIPE_EVENTS, created, limit: 100 })) {
        found.push(event);
      }
    });
    return found;
  }

  /** null: there is no such payment here */
  async intent(id: string): Promise<unknown> {
    return this.#ask(() => this.#client.paymentIntents.retrieve(id, { expand: ['latest_charge.refunds'] }));
  }

  /** The checkout that led to a payment; null when there was none. */
  async sessionOf(intent: string): Promise<unknown> {
    const expand = ['data.line_items', 'data.discounts.promotion_code'];
    const list = await this.#ask(() =>
      this.#client.checkout.sessions.list({ payment_intent: intent, limit: 1, expand }),
    );
    return list?.data[0] ?? null;
  }

  async session(id: string): Promise<unknown> {
    const expand = ['line_items', 'discounts.promotion_code'];
    return this.#ask(() => this.#client.checkout.sessions.retrieve(id, { expand }));
  }

  /** All lines of a checkout; the session itself lists ten. */
  async linesOf(session: StripeSession | null): Promise<StripeLine[]> {
    if (!session?.line_items?.has_more) return session?.line_items?.data ?? [];
    const found: unknown[] = [];
    await this.#ask(async () => {
      for await (const line of this.#client.checkout.sessions.listLineItems(session.id, { limit: 100 })) {
        found.push(line);
      }
    });
    const read = stripeLines.safeParse(found);
    if (!read.success) throw new ShopFault('bad-answer', 'Stripe sent lines of a checkout that cannot be read.');
    return read.data;
  }

  /** Looks up the products of lines that do not name a sku themselves; `skuOf` answers from it afterwards. */
  async learnSkus(lines: readonly StripeLine[]): Promise<void> {
    const now = this.now();
    const wanted = lines.filter((line) => ownSku(line) === null).map((line) => line.price?.product ?? '');
    const unknown = [...new Set(wanted)].filter((id) => id !== '' && (this.#products.get(id)?.until ?? 0) <= now);
    await sideBySide(unknown, WIDTH, async (id) => {
      const found = product.safeParse(await this.#ask(() => this.#client.products.retrieve(id)));
      const sku = found.data?.metadata['sku']?.trim() || null;
      this.#products.set(id, { sku, until: sku === null ? now + ASK_AGAIN_MS : Infinity });
    });
  }

  /** `metadata.sku` of the line, its price or its product; else the price's look-up key. */
  skuOf(line: StripeLine): string | null {
    const known = this.#products.get(line.price?.product ?? '')?.sku ?? null;
    return ownSku(line) ?? known ?? (line.price?.lookup_key?.trim() || null);
  }

  /** @returns null when Stripe has no such object */
  async #ask<T>(call: () => Promise<T>): Promise<T | null> {
    try {
      return await call();
    } catch (cause) {
      if (cause instanceof Stripe.errors.StripeInvalidRequestError && cause.statusCode === 404) return null;
      throw this.#fault ?? new ShopFault('bad-answer', 'Stripe sent an answer that cannot be read; it is asked again.');
    }
  }

  /** What goes wrong is kept here, in our words: the client wraps it in its own. */
  async #fetch(url: unknown, init: unknown, signal: AbortSignal): Promise<Response> {
    try {
      const { method, headers } = new Request(String(url), init as RequestInit);
      const reply = await askVendor(this.#place, {
        vendor: 'Stripe',
        url: new URL(String(url)),
        method: method === 'POST' ? 'POST' : 'GET',
        headers: Object.fromEntries(headers),
        signal,
        keyAdvice: KEY_ADVICE,
        understood: [404],
      });
      this.vendorAt = reply.vendorAt ?? this.vendorAt;
      // The client would print a notice among the vendor's headers as it comes; so they stay here.
      return new Response(reply.text, { status: reply.status, headers: { 'content-type': 'application/json' } });
    } catch (cause) {
      if (cause instanceof ShopFault) this.#fault ??= cause;
      throw cause;
    }
  }
}

export interface StripeOrder {
  intent: StripeIntent | null;
  session: StripeSession | null;
  lines: StripeLine[];
}

/**
 * Everything about one order as it now stands.
 *
 * @returns null when there is no such order here; 'unreadable' when it is not what the shapes say
 */
export async function wholeOrder(
  api: StripeApi,
  kind: 'intent' | 'session',
  id: string,
): Promise<StripeOrder | 'unreadable' | null> {
  const found = kind === 'intent' ? await api.intent(id) : null;
  const intent = found === null ? null : stripeIntent.safeParse(found);
  if (kind === 'intent' && intent === null) return null;
  if (intent?.success === false) return 'unreadable';
  const type = intent?.data.latest_charge?.payment_method_details?.type ?? '';
  // A card that was held to a reader did not come through Checkout.
  const opened = type.endsWith('_present') ? null : await (kind === 'intent' ? api.sessionOf(id) : api.session(id));
  const session = opened === null ? null : stripeSession.safeParse(opened);
  if (session?.success === false) return 'unreadable';
  if (intent === null && session === null) return null;
  const lines = await api.linesOf(session?.data ?? null);
  return { intent: intent?.data ?? null, session: session?.data ?? null, lines };
}

function ownSku(line: StripeLine): string | null {
  return line.metadata['sku']?.trim() || line.price?.metadata['sku']?.trim() || null;
}
