import { z } from 'zod';
import type { OrderSnapshot } from '../../domain/order-snapshot.ts';
import { type Iso, toIso } from '../../domain/units.ts';
import type { Shop, ShopPage, ShopPlace } from './shop.ts';
import { type ProductCache, STRIPE_EVENTS, StripeApi, wholeOrder } from './stripe-api.ts';
import { stripeSnapshot } from './stripe-order.ts';
import { parseJson, sideBySide, unreadable } from './vendor-http.ts';

export { stripeClockTrouble, verifyStripe } from './stripe-signature.ts';

const PER_PAGE = 50;
const WIDTH = 6;

/**
 * One Stripe account. Reads the secret `stripe.key`.
 *
 * Stripe has no list of changed payments, but one of events, newest first. They say which orders to look at and when
 * they changed; what they hold is not used, because it is of its time and their order is not promised.
 */
export function makeStripe(place: ShopPlace, account: string): Shop {
  const products: ProductCache = new Map();
  return {
    kind: 'stripe',
    account,
    changedSince: async function* (since, signal) {
      yield* changedSince(new StripeApi(place, signal, products), account, since);
    },
    ordersOf: async (body, signal) => {
      const about = aboutOf(parseJson(body.toString('utf8')));
      if (about === null) return [];
      const bad: string[] = [];
      const orders = await snapshots(new StripeApi(place, signal, products), account, [about], bad);
      if (bad.length > 0) throw unreadable('Stripe', bad);
      return orders;
    },
  };
}

async function* changedSince(api: StripeApi, account: string, since: Iso): AsyncGenerator<ShopPage> {
  const bad: string[] = [];
  const all = (await api.events(since)).map(aboutOf).filter((about) => about !== null);
  const newest = new Map<string, About>();
  for (const about of all) {
    const known = newest.get(about.id);
    if (known === undefined || known.toldAt < about.toldAt) newest.set(about.id, about);
  }
  const oldestFirst = [...newest.values()].sort((a, b) => a.toldAt - b.toldAt);
  if (oldestFirst.length === 0) yield { orders: [], seenUntil: null, vendorAt: api.vendorAt };
  for (let i = 0; i < oldestFirst.length; i += PER_PAGE) {
    const some = oldestFirst.slice(i, i + PER_PAGE);
    const orders = await snapshots(api, account, some, bad);
    yield { orders, seenUntil: toIso((some.at(-1)?.toldAt ?? 0) * 1000), vendorAt: api.vendorAt };
  }
  if (bad.length > 0) throw unreadable('Stripe', bad);
}

async function snapshots(
  api: StripeApi,
  account: string,
  about: readonly About[],
  bad: string[],
): Promise<OrderSnapshot[]> {
  const found = await sideBySide(about, WIDTH, async (one) => ({
    one,
    order: await wholeOrder(api, one.kind, one.id),
  }));
  await api.learnSkus(found.flatMap(({ order }) => (order === null || order === 'unreadable' ? [] : order.lines)));
  return found.flatMap(({ one, order }) => {
    if (order === 'unreadable') bad.push(one.id);
    if (order === null || order === 'unreadable') return [];
    const { toldAt } = one;
    return [stripeSnapshot({ ...order, account, skuOf: (line) => api.skuOf(line), toldAt, now: api.now() })];
  });
}

interface About {
  kind: 'intent' | 'session';
  id: string;
  /** when the event was made, epoch s */
  toldAt: number;
}

const event = z.object({
  type: z.string(),
  created: z.int(),
  data: z.object({
    object: z.object({
      id: z.string(),
      object: z.string(),
      payment_intent: z.union([z.string(), z.object({ id: z.string() })]).nullish(),
      mode: z.string().nullish(),
    }),
  }),
});

/** Which order an event is about; null when about none. A checkout without a payment cost nothing and stands for itself. */
function aboutOf(told: unknown): About | null {
  const read = event.safeParse(told);
  if (!read.success || !STRIPE_EVENTS.includes(read.data.type)) return null;
  const { created: toldAt, data } = read.data;
  const { id, object, payment_intent: of, mode } = data.object;
  if (object === 'payment_intent') return { kind: 'intent', id, toldAt };
  const intent = typeof of === 'object' && of !== null ? of.id : of;
  if (intent) return { kind: 'intent', id: intent, toldAt };
  return object === 'checkout.session' && mode === 'payment' ? { kind: 'session', id, toldAt } : null;
}
