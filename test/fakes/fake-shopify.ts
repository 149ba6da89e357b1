import { createHmac } from 'node:crypto';
import { type VendorAnswer, type VendorAsk, VendorServer, deliver } from './vendor-server.ts';

export interface FakeLine {
  id: number;
  sku: string | null;
  name?: string;
  quantity: number;
  /** decimal text, one unit */
  price: string;
  discount?: string;
  tax?: string;
  currentQuantity?: number;
}

export interface FakeOrder {
  id: number;
  createdAt: string;
  updatedAt: string;
  lines: FakeLine[];
  currency?: string;
  cancelledAt?: string | null;
  test?: boolean;
  status?: string;
  sourceName?: string;
  taxesIncluded?: boolean;
  discountCodes?: string[];
  attributes?: Record<string, string>;
  landingPage?: string;
  utm?: Record<string, string | null>;
  email?: string | null;
  phone?: string | null;
  consent?: boolean;
  shipping?: string;
  tip?: string;
  refunded?: string;
  refunds?: { line: number; quantity: number; restockType: string }[];
  transactions?: { id: number; kind: string; status: string; gateway?: string; amount: string }[];
}

const gid = (kind: string, id: number): string => `gid://shopify/${kind}/${id}`;
const money = (amount = '0.00') => ({ shopMoney: { amount } });
const cents = (text = '0'): number => Math.round(Number(text) * 100);
const decimal = (minor: number): string => (minor / 100).toFixed(2);

/** A Shopify shop: orders by GraphQL behind an access token of 24 hours, and webhooks signed with the app's secret. */
export class FakeShopify {
  readonly server = new VendorServer((ask) => this.#answer(ask));
  readonly orders = new Map<number, FakeOrder>();
  clientId = 'app-0815';
  clientSecret = 'shpss_app-secret-0815';
  /** of an older app; with one, no exchange is needed */
  staticToken: string | null = null;
  #tokens = new Set<string>();
  tokensMade = 0;
  /** GraphQL answers that say "throttled" before the next good one */
  throttledNext = 0;
  /** most orders that one question may ask for; more costs too much */
  costLimit = Infinity;
  /** fields that this app has no right to: null beside an error */
  withholdsPeople = false;
  #webhooks = 0;

  put(order: Partial<FakeOrder> & { id: number; updatedAt: string }): FakeOrder {
    const before = this.orders.get(order.id);
    const next: FakeOrder = { createdAt: order.updatedAt, lines: [], ...before, ...order };
    this.orders.set(order.id, next);
    return next;
  }

  /** Ends every token, as when the rights of the app change. */
  endTokens(): void {
    this.#tokens.clear();
  }

  /** A webhook as Shopify sends it; the same `key` and `changedAt` are the same delivery told again. */
  delivery(
    id: number,
    { secret = this.clientSecret, topic = 'orders/updated', key = `wh-${(this.#webhooks += 1)}`, changedAt = '' } = {},
  ): {
    body: Buffer;
    headers: Record<string, string>;
  } {
    const order = this.orders.get(id);
    const text = {
      id,
      admin_graphql_api_id: gid('Order', id),
      updated_at: changedAt || order?.updatedAt,
      line_items: [],
    };
    const body = Buffer.from(JSON.stringify(text));
    const headers = {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': 'harbour.myshopify.com',
      'x-shopify-api-version': '2026-07',
      'x-shopify-webhook-id': key,
      'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
    };
    return { body, headers };
  }

  /** @returns the hub's status */
  tell(ingest: string, id: number, how: Parameters<FakeShopify['delivery']>[1] = {}): Promise<number> {
    const { body, headers } = this.delivery(id, how);
    return deliver(`${ingest}/ingest/shopify`, body, headers);
  }

  #answer(ask: VendorAsk): VendorAnswer {
    if (ask.path === '/admin/oauth/access_token') return this.#token(ask);
    if (ask.path !== '/admin/api/2026-07/graphql.json') return { status: 404, json: { errors: 'Not Found' } };
    const token = String(ask.headers['x-shopify-access-token'] ?? '');
    if (!this.#tokens.has(token) && token !== this.staticToken) {
      return { status: 401, json: { errors: '[API] Invalid API key or access token' } };
    }
    if (this.throttledNext > 0) {
      this.throttledNext -= 1;
      return { json: throttled() };
    }
    const { query, variables } = JSON.parse(ask.body.toString()) as { query: string; variables: Variables };
    if (query.includes('order(id:')) {
      const order = [...this.orders.values()].find(({ id }) => gid('Order', id) === variables.id);
      return { json: this.#reply({ order: order ? this.#node(order, variables.lines) : null }) };
    }
    if (variables.first > this.costLimit) {
      return { json: { errors: [{ message: 'Query cost is too high', extensions: { code: 'MAX_COST_EXCEEDED' } }] } };
    }
    return { json: this.#reply({ orders: this.#page(variables) }) };
  }

  #token({ body }: VendorAsk): VendorAnswer {
    const form = new URLSearchParams(body.toString());
    const fits =
      form.get('grant_type') === 'client_credentials' &&
      form.get('client_id') === this.clientId &&
      form.get('client_secret') === this.clientSecret;
    if (!fits) return { status: 401, json: { error: 'invalid_client' } };
    const token = `shpat_${(this.tokensMade += 1)}`;
    this.#tokens.add(token);
    return { json: { access_token: token, scope: 'read_orders', expires_in: 86_399 } };
  }

  #page({ first, after, changed, lines }: Variables): unknown {
    const since = /updated_at:>='([^']+)'/.exec(changed)?.[1] ?? '';
    const found = [...this.orders.values()]
      .filter(({ updatedAt }) => Date.parse(updatedAt) >= Date.parse(since))
      .sort((a, b) => Date.parse(a.updatedAt) - Date.parse(b.updatedAt) || a.id - b.id);
    const cursor = (order: FakeOrder): string => `${Date.parse(order.updatedAt)}.${order.id}`;
    const isAfter = (order: FakeOrder): boolean => {
      if (after === null) return true;
      const [time = 0, id = 0] = after.split('.').map(Number);
      return Date.parse(order.updatedAt) > time || (Date.parse(order.updatedAt) === time && order.id > id);
    };
    const rest = found.filter(isAfter);
    const page = rest.slice(0, first);
    const last = page.at(-1);
    return {
      pageInfo: { hasNextPage: rest.length > first, endCursor: last ? cursor(last) : null },
      nodes: page.map((order) => this.#node(order, lines)),
    };
  }

  #node(order: FakeOrder, first: number): unknown {
    const { lines, shipping, tip, status = 'PAID', taxesIncluded = true } = order;
    const total =
      lines.reduce(
        (sum, line) =>
          sum + cents(line.price) * line.quantity - cents(line.discount) + (taxesIncluded ? 0 : cents(line.tax)),
        0,
      ) +
      cents(shipping) +
      cents(tip);
    const sale = {
      id: order.id * 10,
      kind: 'SALE',
      status: 'SUCCESS',
      gateway: 'shopify_payments',
      amount: decimal(total),
    };
    const transactions = order.transactions ?? (status === 'PENDING' ? [] : [sale]);
    return {
      id: gid('Order', order.id),
      name: `#${order.id}`,
      createdAt: order.createdAt,
      updatedAt: order.updatedAt,
      cancelledAt: order.cancelledAt ?? null,
      test: order.test ?? false,
      currencyCode: order.currency ?? 'EUR',
      displayFinancialStatus: status,
      sourceName: order.sourceName ?? 'web',
      taxesIncluded,
      discountCodes: order.discountCodes ?? [],
      email: this.withholdsPeople ? null : (order.email ?? null),
      phone: this.withholdsPeople ? null : (order.phone ?? null),
      customerAcceptsMarketing: order.consent ?? false,
      customAttributes: Object.entries(order.attributes ?? {}).map(([key, value]) => ({ key, value })),
      customerJourneySummary:
        order.landingPage === undefined && order.utm === undefined
          ? null
          : { lastVisit: { landingPage: order.landingPage ?? null, utmParameters: order.utm ?? null } },
      totalPriceSet: money(decimal(total)),
      totalTipReceivedSet: money(tip),
      totalShippingPriceSet: money(shipping),
      totalRefundedSet: money(order.refunded),
      lineItems: {
        pageInfo: { hasNextPage: lines.length > first },
        nodes: lines.slice(0, first).map((line) => ({
          id: gid('LineItem', line.id),
          sku: line.sku,
          name: line.name ?? line.sku ?? 'Something',
          quantity: line.quantity,
          currentQuantity: line.currentQuantity ?? line.quantity - unitsBack(order, line),
          originalUnitPriceSet: money(line.price),
          discountAllocations: line.discount === undefined ? [] : [{ allocatedAmountSet: money(line.discount) }],
          taxLines: line.tax === undefined ? [] : [{ priceSet: money(line.tax) }],
        })),
      },
      refunds: (order.refunds ?? []).map(({ line, quantity, restockType }) => ({
        refundLineItems: {
          pageInfo: { hasNextPage: false },
          nodes: [{ quantity, restockType, lineItem: { id: gid('LineItem', line) } }],
        },
      })),
      transactions: transactions.map(({ id, kind, status: state, gateway, amount }) => ({
        id: gid('OrderTransaction', id),
        kind,
        status: state,
        gateway: gateway ?? 'shopify_payments',
        amountSet: money(amount),
      })),
    };
  }

  #reply(data: unknown): unknown {
    const withheld = { message: 'Access denied for email field.', extensions: { code: 'ACCESS_DENIED' } };
    return { data, ...(this.withholdsPeople && { errors: [withheld] }) };
  }
}

interface Variables {
  first: number;
  lines: number;
  after: string | null;
  changed: string;
  id: string;
}

function unitsBack(order: FakeOrder, line: FakeLine): number {
  const back = (order.refunds ?? []).filter((refund) => refund.line === line.id);
  return back.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** The bucket is short of 100 points and gains 50 a second. */
function throttled(): unknown {
  return {
    errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }],
    extensions: {
      cost: {
        requestedQueryCost: 152,
        throttleStatus: { maximumAvailable: 1000, currentlyAvailable: 52, restoreRate: 50 },
      },
    },
  };
}
