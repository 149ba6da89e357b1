import { Stripe } from 'stripe';
import eventFixture from '../fixtures/vendors/stripe-event.json' with { type: 'json' };
import intentFixture from '../fixtures/vendors/stripe-payment-intent.json' with { type: 'json' };
import sessionFixture from '../fixtures/vendors/stripe-checkout-session.json' with { type: 'json' };
import { type VendorAnswer, type VendorAsk, VendorServer } from './vendor-server.ts';

type Loose<T> = { [K in keyof T]: T[K] extends object ? Loose<T[K]> : T[K] };
export type StripeIntentJson = Omit<Loose<typeof intentFixture>, 'metadata' | 'canceled_at'> & {
  metadata: Record<string, string>;
  canceled_at: number | null;
};
export type StripeSessionJson = Omit<typeof sessionFixture, 'payment_intent'> & { payment_intent: string | null };
interface EventJson {
  id: string;
  type: string;
  created: number;
  data: { object: Record<string, unknown> };
}

/** A Stripe account: payments, checkouts, products, and the list of events that every change leaves behind. */
export class FakeStripe {
  readonly server = new VendorServer((ask) => this.#answer(ask));
  readonly intents = new Map<string, StripeIntentJson>();
  readonly sessions = new Map<string, StripeSessionJson>();
  readonly products = new Map<string, Record<string, string>>([['prod_Example01', { sku: 'MUG-BLUE' }]]);
  /** oldest first */
  readonly events: EventJson[] = [];
  key = 'rk_live_stripe_key';

  /** Paid by card; `checkout`: through Checkout, with its lines. @param at epoch s */
  pay(id: string, at: number, more: Partial<StripeIntentJson> = {}, checkout = true): StripeIntentJson {
    const intent: StripeIntentJson = { ...structuredClone(intentFixture), created: at, ...more, id };
    intent.latest_charge.payment_intent = id;
    intent.latest_charge.created = at;
    this.intents.set(id, intent);
    this.#tell('payment_intent.succeeded', at, { id, object: 'payment_intent' });
    if (checkout) this.#checkout(`cs_${id}`, at, { payment_intent: id });
    return intent;
  }

  /** A checkout that came to nothing after its discount: there is no payment. */
  checkoutForFree(id: string, at: number): void {
    this.#checkout(id, at, { payment_intent: null, amount_total: 0, payment_status: 'no_payment_required' });
  }

  /** @param metadata what the seller wrote on the refund */
  refund(id: string, amount: number, at: number, metadata: Record<string, string> = {}): void {
    const charge = this.intents.get(id)?.latest_charge;
    if (charge === undefined) throw new Error(`no payment ${id}`);
    charge.amount_refunded += amount;
    charge.refunded = charge.amount_refunded === charge.amount;
    const refund = { id: `re_${id}_${at}`, object: 'refund', amount, created: at, status: 'succeeded', metadata };
    (charge.refunds.data as unknown[]).push(refund);
    this.#tell('charge.refunded', at, { id: charge.id, object: 'charge', payment_intent: id });
    this.#tell('refund.created', at, { id: refund.id, object: 'refund', payment_intent: id });
  }

  /** The bank sends the last refund back: the money is the seller's again. */
  failRefund(id: string, at: number): void {
    const charge = this.intents.get(id)?.latest_charge;
    const refund = (charge?.refunds.data as { id: string; amount: number; status: string }[] | undefined)?.at(-1);
    if (charge === undefined || refund === undefined) throw new Error(`no refund of ${id}`);
    refund.status = 'failed';
    charge.amount_refunded -= refund.amount;
    charge.refunded = false;
    this.#tell('refund.failed', at, { id: refund.id, object: 'refund', payment_intent: id });
  }

  /** Signed by Stripe's own signer. @param at epoch s, the stamp */
  delivery(event: number, secret: string, at: number): { body: Buffer; headers: Record<string, string> } {
    const payload = JSON.stringify(this.events[event]);
    const header = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: at });
    return { body: Buffer.from(payload), headers: { 'stripe-signature': header } };
  }

  #checkout(id: string, at: number, more: Partial<StripeSessionJson>): void {
    this.sessions.set(id, { ...structuredClone(sessionFixture), created: at, ...more, id });
    const told = { id, object: 'checkout.session', mode: 'payment', payment_intent: more.payment_intent };
    this.#tell('checkout.session.completed', at, told);
  }

  #tell(type: string, created: number, object: Record<string, unknown>): void {
    const id = `evt_${String(this.events.length + 1).padStart(6, '0')}`;
    this.events.push({ ...structuredClone(eventFixture), id, type, created, data: { object } });
  }

  #answer({ path, query, headers }: VendorAsk): VendorAnswer {
    if (headers.authorization !== `Bearer ${this.key}`) {
      return error(401, `Invalid API Key provided: ${String(headers.authorization).slice(7)}`);
    }
    if (path === '/v1/events') return this.#listEvents(query);
    if (path === '/v1/checkout/sessions') {
      const found = [...this.sessions.values()].filter((one) => one.payment_intent === query.get('payment_intent'));
      return list(
        found.map((one) => this.#session(one)),
        false,
      );
    }
    const [, kind = '', id = '', rest] =
      /^\/v1\/(payment_intents|checkout\/sessions|products)\/([\w-]+)(\/line_items)?$/.exec(path) ?? [];
    const session = this.sessions.get(id);
    if (kind === 'checkout/sessions' && session !== undefined) {
      return rest === undefined ? { json: this.#session(session) } : this.#lines(session, query);
    }
    const intent = kind === 'payment_intents' ? this.intents.get(id) : undefined;
    if (intent !== undefined) return { json: intent };
    const metadata = kind === 'products' ? this.products.get(id) : undefined;
    if (metadata !== undefined) return { json: { id, object: 'product', active: true, name: 'Blue mug', metadata } };
    return error(404, `No such object: '${id}'`);
  }

  /** Newest first; what comes after an event in the list is older. */
  #listEvents(query: URLSearchParams): VendorAnswer {
    const types = [...query.entries()].filter(([name]) => name.startsWith('types[')).map(([, type]) => type);
    if (types.length > 20) return error(400, 'Invalid array: can only contain up to 20 values');
    const since = Number(query.get('created[gte]') ?? '0');
    const newestFirst = this.events.filter((one) => one.created >= since && types.includes(one.type)).reverse();
    const after = query.get('starting_after');
    const from = after === null ? 0 : newestFirst.findIndex(({ id }) => id === after) + 1;
    const limit = Math.min(100, Number(query.get('limit') ?? '10'));
    return list(newestFirst.slice(from, from + limit), from + limit < newestFirst.length);
  }

  /** Ten lines come along with a checkout, the rest are asked for. */
  #session(session: StripeSessionJson): unknown {
    const { data } = session.line_items;
    return { ...session, line_items: { ...session.line_items, data: data.slice(0, 10), has_more: data.length > 10 } };
  }

  #lines({ line_items: { data } }: StripeSessionJson, query: URLSearchParams): VendorAnswer {
    const after = query.get('starting_after');
    const from = after === null ? 0 : data.findIndex(({ id }) => id === after) + 1;
    const limit = Math.min(100, Number(query.get('limit') ?? '10'));
    return list(data.slice(from, from + limit), from + limit < data.length);
  }
}

function list(data: unknown[], hasMore: boolean): VendorAnswer {
  return { json: { object: 'list', data, has_more: hasMore, url: '/v1/list' } };
}

function error(status: number, message: string): VendorAnswer {
  return { status, json: { error: { type: 'invalid_request_error', message } } };
}
