import { z } from 'zod';
import type { OrderSnapshot } from '../../domain/order-snapshot.ts';
import { type Iso, toIso } from '../../domain/units.ts';
import type { Shop, ShopPage, ShopPlace } from './shop.ts';
import { type ProductCache, STRIPE_EVENTS, StripeApi, type StripeOrder, wholeOrder } from './stripe-api.ts';
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
  const known: Known = new Map();
  return {
    kind: 'stripe',
    account,
    changedSince: async function* (since, signal) {
      yield* changedSince(new StripeApi(place, signal, products), account, { since, known });
    },
    ordersOf: async (body, signal) => {
      const about = aboutOf(parseJson(body.toString('utf8')));
      if (about === null) return [];
      const bad: string[] = [];
      const api = new StripeApi(place, signal, products);
      const order = await wholeOrder(api, about.kind, about.id);
      const orders = await snapshots(api, account, [{ about, order }], bad);
      if (bad.length > 0) throw unreadable('Stripe', bad);
      return orders;
    },
    letterAbout: (id) => {
      const isSession = id.startsWith('cs_');
      const object = isSession ? { id, object: 'checkout.session', mode: 'payment' } : { id, object: 'payment_intent' };
      const type = isSession ? 'checkout.session.completed' : 'payment_intent.succeeded';
      return JSON.stringify({ id: '', type, created: Math.floor(place.now() / 1000), data: { object } });
    },
  };
}

/**
 * What was read of the orders of the last run, with the events that were known then: an order without a new event has
 * not changed, and the overlap of two runs is not asked for again and again.
 */
type Known = Map<string, { told: ReadonlySet<string>; order: StripeOrder }>;

async function* changedSince(
  api: StripeApi,
  account: string,
  { since, known }: { since: Iso; known: Known },
): AsyncGenerator<ShopPage> {
  const bad: string[] = [];
  const told = toldOf(await api.events(since));
  for (const id of known.keys()) if (!told.has(id)) known.delete(id);
  const oldestFirst = [...told.values()].sort((a, b) => a.about.toldAt - b.about.toldAt);
  if (oldestFirst.length === 0) yield { orders: [], seenUntil: null, vendorAt: api.vendorAt };
  for (let i = 0; i < oldestFirst.length; i += PER_PAGE) {
    const some = oldestFirst.slice(i, i + PER_PAGE);
    const found = await sideBySide(some, WIDTH, async (one) => ({
      about: one.about,
      order: await knownOrder(api, one, known),
    }));
    const orders = await snapshots(api, account, found, bad);
    yield { orders, seenUntil: toIso((some.at(-1)?.about.toldAt ?? 0) * 1000), vendorAt: api.vendorAt };
  }
  if (bad.length > 0) throw unreadable('Stripe', bad);
}

type Found = Awaited<ReturnType<typeof wholeOrder>>;

async function knownOrder(api: StripeApi, { about, events }: Told, known: Known): Promise<Found> {
  const kept = known.get(about.id);
  if (kept !== undefined && events.every((id) => kept.told.has(id))) return kept.order;
  const order = await wholeOrder(api, about.kind, about.id);
  if (order !== null && order !== 'unreadable') known.set(about.id, { told: new Set(events), order });
  return order;
}

async function snapshots(
  api: StripeApi,
  account: string,
  found: readonly { about: About; order: Found }[],
  bad: string[],
): Promise<OrderSnapshot[]> {
  await api.learnSkus(found.flatMap(({ order }) => (order === null || order === 'unreadable' ? [] : order.lines)));
  return found.flatMap(({ about: { id, toldAt }, order }) => {
    if (order === 'unreadable') bad.push(id);
    if (order === null || order === 'unreadable') return [];
    return [stripeSnapshot({ ...order, account, skuOf: (line) => api.skuOf(line), toldAt, now: api.now() })];
  });
}

interface Told {
  /** by its newest event */
  about: About;
  /** ids of all its events */
  events: string[];
}

function toldOf(events: readonly unknown[]): Map<string, Told> {
  const told = new Map<string, Told>();
  for (const one of events) {
    const about = aboutOf(one);
    if (about === null) continue;
    const former = told.get(about.id);
    const isNewer = former === undefined || former.about.toldAt < about.toldAt;
    told.set(about.id, {
      about: isNewer ? about : former.about,
      events: [...(former?.events ?? []), about.eventId],
    });
  }
  return told;
}

interface About {
  kind: 'intent' | 'session';
  id: string;
  eventId: string;
  /** when the event was made, epoch s */
  toldAt: number;
}

const event = z.object({
  id: z.string(),
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
  const { id: eventId, created: toldAt, data } = read.data;
  const { id, object, payment_intent: of, mode } = data.object;
  if (object === 'payment_intent') return { kind: 'intent', id, eventId, toldAt };
  const intent = typeof of === 'object' && of !== null ? of.id : of;
  if (intent) return { kind: 'intent', id: intent, eventId, toldAt };
  return object === 'checkout.session' && mode === 'payment' ? { kind: 'session', id, eventId, toldAt } : null;
}
