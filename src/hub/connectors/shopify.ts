import { z } from 'zod';
import type { OrderSnapshot } from '../../domain/order-snapshot.ts';
import { type Iso, fromIso, toIso } from '../../domain/units.ts';
import { type Shop, ShopFault, type ShopPage, type ShopPlace } from './shop.ts';
import { ShopifyApi, TooDear, type TokenCache } from './shopify-api.ts';
import { ORDER_FIELDS, type ShopifyOrder, isCut, shopifyOrder, shopifySnapshot } from './shopify-order.ts';
import { later, parseJson, unreadable } from './vendor-http.ts';

export { verifyShopify } from './shopify-signature.ts';

const ORDERS_PER_PAGE = 50;
const LINES_PER_ORDER = 20;
const ALL_LINES = 250;

const PAGE = `query Orders($first: Int!, $lines: Int!, $after: String, $changed: String!) {
  orders(first: $first, after: $after, sortKey: UPDATED_AT, query: $changed) {
    pageInfo { hasNextPage endCursor } nodes { ${ORDER_FIELDS} }
  }
}`;
const ONE = `query Order($id: ID!, $lines: Int!) { order(id: $id) { ${ORDER_FIELDS} } }`;

const page = z.object({
  orders: z.object({
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
    nodes: z.array(z.unknown()),
  }),
});

/**
 * One Shopify shop over its GraphQL Admin API; the account is its name (`harbour` or `harbour.myshopify.com`). Reads the
 * secrets `shopify.clientId` and `shopify.clientSecret`, or `shopify.token`.
 */
export function makeShopify(place: ShopPlace, account: string): Shop {
  const cache: TokenCache = { token: null };
  const api = (signal: AbortSignal): ShopifyApi => new ShopifyApi(place, account, cache, signal);
  return {
    kind: 'shopify',
    account,
    changedSince: (since, signal) => changedSince(() => api(signal), since, account),
    ordersOf: (body, signal) => ordersOf(() => api(signal), body, account),
    letterAbout: (id) => JSON.stringify({ admin_graphql_api_id: `gid://shopify/Order/${id}` }),
  };
}

async function* changedSince(connect: () => ShopifyApi, since: Iso, account: string): AsyncGenerator<ShopPage> {
  const api = connect();
  const bad: string[] = [];
  let first = ORDERS_PER_PAGE;
  let after: string | null = null;
  let seenUntil: Iso | null = null;
  for (;;) {
    const variables = { first, lines: LINES_PER_ORDER, after, changed: `updated_at:>='${since}'` };
    let answer: Awaited<ReturnType<ShopifyApi['ask']>>;
    try {
      answer = await api.ask(PAGE, variables);
    } catch (error) {
      if (!(error instanceof TooDear)) throw error;
      if (first === 1)
        throw new ShopFault('bad-answer', 'Shopify does not answer for even one order at a time.', { cause: error });
      first = Math.ceil(first / 3);
      continue;
    }
    const { orders } = read(page, answer.data);
    const snapshots: OrderSnapshot[] = [];
    for (const node of orders.nodes) {
      const found = await wholeOrder(api, node);
      const snapshot = found && shopifySnapshot(found, account);
      if (snapshot) {
        seenUntil = later(seenUntil, snapshot.updatedAt);
        snapshots.push(snapshot);
      } else {
        if (changedAt(node) !== '') seenUntil = later(seenUntil, changedAt(node));
        bad.push(idOf(node));
      }
    }
    yield { orders: snapshots, seenUntil, vendorAt: answer.vendorAt };
    if (!orders.pageInfo.hasNextPage || !orders.pageInfo.endCursor) break;
    after = orders.pageInfo.endCursor;
  }
  if (bad.length > 0) throw unreadable('Shopify', bad);
}

/** A delivery says which order changed; what it holds may be older than the order now is. */
async function ordersOf(connect: () => ShopifyApi, body: Buffer, account: string): Promise<OrderSnapshot[]> {
  const id = orderIdOf(body);
  if (id === null) return [];
  const api = connect();
  const { data } = await api.ask(ONE, { id, lines: LINES_PER_ORDER });
  if ((data['order'] ?? null) === null) return [];
  const order = await wholeOrder(api, data['order']);
  const snapshot = order && shopifySnapshot(order, account);
  if (!snapshot) throw unreadable('Shopify', [idOf(data['order'])]);
  return [snapshot];
}

const delivery = z.object({
  admin_graphql_api_id: z.string().nullish(),
  order_id: z.int().nullish(),
  line_items: z.array(z.unknown()).nullish(),
  id: z.int().nullish(),
});

/** Orders name themselves; refunds, payments and fulfilments name their order. */
function orderIdOf(body: Buffer): string | null {
  // 2^53 is beyond every id that Shopify gives, so numbers are read whole.
  const told = delivery.safeParse(parseJson(body.toString('utf8'))).data;
  if (!told) return null;
  const gid = told.admin_graphql_api_id ?? '';
  if (/^gid:\/\/shopify\/Order\/\d+$/.test(gid)) return gid;
  if (told.order_id) return `gid://shopify/Order/${told.order_id}`;
  return gid === '' && told.id && told.line_items ? `gid://shopify/Order/${told.id}` : null;
}

/** @returns null when it is no order that can be read */
async function wholeOrder(api: ShopifyApi, node: unknown): Promise<ShopifyOrder | null> {
  const order = shopifyOrder.safeParse(node).data;
  if (!order || !isCut(order)) return order ?? null;
  const { data } = await api.ask(ONE, { id: order.id, lines: ALL_LINES });
  return shopifyOrder.safeParse(data['order']).data ?? null;
}

/** '' when it does not even say that. */
function changedAt(node: unknown): Iso {
  const told = z.object({ updatedAt: z.iso.datetime({ offset: true }) }).safeParse(node).data?.updatedAt;
  return told === undefined ? '' : toIso(fromIso(told));
}

function idOf(node: unknown): string {
  const id = z.object({ id: z.string() }).safeParse(node).data?.id ?? '';
  return id.slice(id.lastIndexOf('/') + 1);
}

function read<S extends z.ZodType>(schema: S, data: unknown): z.output<S> {
  const found = schema.safeParse(data);
  if (found.success) return found.data;
  throw new ShopFault('bad-answer', 'Shopify sent an answer that cannot be read; it is asked again.');
}
