import { createHmac } from 'node:crypto';
import eventFixture from '../fixtures/vendors/square-event.json' with { type: 'json' };
import orderFixture from '../fixtures/vendors/square-order.json' with { type: 'json' };
import paymentFixture from '../fixtures/vendors/square-payment.json' with { type: 'json' };
import returnFixture from '../fixtures/vendors/square-return-order.json' with { type: 'json' };
import { type VendorAnswer, type VendorAsk, VendorServer } from './vendor-server.ts';

export type SquareOrderJson = typeof orderFixture;
export type SquarePaymentJson = typeof paymentFixture & {
  refunded_money?: { amount: number; currency: string };
  refund_ids?: string[];
  is_offline_payment?: boolean;
};
type ReturnJson = typeof returnFixture;
type AnyOrder = SquareOrderJson | ReturnJson;

export const SQUARE_LOCATION = orderFixture.location_id;
export const SQUARE_ITEM = 'BEMYCSMIJL46OCDV4KYIKXIB';

/** Square: one seller with orders, payments, refunds and a catalogue; returns are orders of their own. */
export class FakeSquare {
  readonly server = new VendorServer((ask) => this.#answer(ask));
  readonly orders = new Map<string, AnyOrder>();
  readonly payments = new Map<string, SquarePaymentJson>();
  readonly refunds = new Map<string, { id: string; order_id: string; payment_id: string; status: string }>();
  readonly skus = new Map<string, string | null>([[SQUARE_ITEM, 'MUG-BLUE']]);
  token = 'EAAAl-square-token';
  /** Square allows 500 orders a page; fewer make more pages */
  pageSize = 500;

  /** A paid order of two mugs. @param changedAt ISO */
  sell(id: string, changedAt: string, more: Partial<SquareOrderJson> = {}): SquareOrderJson {
    const order: SquareOrderJson = {
      ...structuredClone(orderFixture),
      id,
      created_at: changedAt,
      updated_at: changedAt,
      tenders: orderFixture.tenders.map((tender) => ({ ...tender, transaction_id: id, payment_id: `pay-${id}` })),
      ...more,
    };
    this.orders.set(id, order);
    for (const { payment_id: paid } of order.tenders) {
      this.payments.set(paid, {
        ...structuredClone(paymentFixture),
        id: paid,
        order_id: id,
        created_at: changedAt,
        updated_at: changedAt,
      });
    }
    return order;
  }

  /** One mug comes back: an order of its own, a refund, and the payment says how much; the sold order is not touched. */
  giveBack(id: string, changedAt: string, nth = ''): string {
    const returnId = `return-${id}${nth}`;
    const order: ReturnJson = { ...structuredClone(returnFixture), id: returnId, updated_at: changedAt };
    for (const one of order.returns) one.source_order_id = id;
    this.orders.set(returnId, order);
    const payment = this.payments.get(`pay-${id}`);
    if (payment === undefined) throw new Error(`no payment of ${id}`);
    const refund = { id: `refund-${id}${nth}`, order_id: returnId, payment_id: payment.id, status: 'COMPLETED' };
    this.refunds.set(refund.id, refund);
    payment.refunded_money = { amount: (payment.refunded_money?.amount ?? 0) + 1917, currency: 'USD' };
    payment.refund_ids = [...(payment.refund_ids ?? []), refund.id];
    payment.updated_at = changedAt;
    return returnId;
  }

  /** base64 HMAC-SHA256 of notification URL + body, as its documentation has it. */
  delivery(id: string, key: string, url: string): { body: Buffer; headers: Record<string, string> } {
    const event = structuredClone(eventFixture);
    event.event_id = `event-${id}`;
    event.data.id = event.data.object.order_updated.order_id = id;
    const body = Buffer.from(JSON.stringify(event));
    const signature = createHmac('sha256', key)
      .update(`${url}${body.toString('utf8')}`)
      .digest('base64');
    return { body, headers: { 'x-square-hmacsha256-signature': signature } };
  }

  #answer(ask: VendorAsk): VendorAnswer {
    const { method, path, query, headers } = ask;
    if (headers.authorization !== `Bearer ${this.token}`) return error(401, 'AUTHENTICATION_ERROR', 'UNAUTHORIZED');
    if (!/^\d{4}-\d\d-\d\d$/.test(String(headers['square-version']))) {
      return error(400, 'INVALID_REQUEST_ERROR', 'INVALID_SQUARE_VERSION_FORMAT');
    }
    const body: unknown = method === 'POST' ? JSON.parse(ask.body.toString('utf8')) : {};
    switch (`${method} ${path}`) {
      case 'POST /v2/orders/search':
        return this.#search(body as SearchBody);
      case 'POST /v2/orders/batch-retrieve':
        return this.#batch((body as { order_ids: string[] }).order_ids);
      case 'POST /v2/catalog/batch-retrieve':
        return this.#catalogue((body as { object_ids: string[] }).object_ids);
      case 'GET /v2/payments':
        return this.#listPayments(query);
      default:
        return this.#one(path);
    }
  }

  #search({ location_ids: locations, query, limit, cursor }: SearchBody): VendorAnswer {
    // Square refuses a filter by one time with an order by another.
    if (query.sort.sort_field !== 'UPDATED_AT') return error(400, 'INVALID_REQUEST_ERROR', 'BAD_REQUEST');
    if (limit > 500 || locations.length === 0 || locations.length > 10) {
      return error(400, 'INVALID_REQUEST_ERROR', 'BAD_REQUEST');
    }
    const { start_at: start } = query.filter.date_time_filter.updated_at;
    const found = [...this.orders.values()]
      .filter((order) => locations.includes(order.location_id) && order.updated_at >= start)
      .sort((a, b) => (a.updated_at < b.updated_at ? -1 : 1));
    return pageOf('orders', found, Math.min(limit, this.pageSize), cursor ?? null);
  }

  #batch(ids: string[]): VendorAnswer {
    if (ids.length > 100) return error(400, 'INVALID_REQUEST_ERROR', 'ARRAY_LENGTH_TOO_LONG');
    return { json: { orders: ids.flatMap((id) => this.orders.get(id) ?? []) } };
  }

  #catalogue(ids: string[]): VendorAnswer {
    if (ids.length > 1000) return error(400, 'INVALID_REQUEST_ERROR', 'ARRAY_LENGTH_TOO_LONG');
    const objects = ids
      .filter((id) => this.skus.has(id))
      .map((id) => ({
        type: 'ITEM_VARIATION',
        id,
        version: 1564596061000,
        item_variation_data: { item_id: 'ITEM', name: 'Blue', sku: this.skus.get(id) ?? undefined },
      }));
    return { json: { objects } };
  }

  #listPayments(query: URLSearchParams): VendorAnswer {
    const since = query.get('updated_at_begin_time') ?? '';
    const found = [...this.payments.values()]
      .filter((one) => one.location_id === query.get('location_id') && one.updated_at >= since)
      .sort((a, b) => (a.updated_at < b.updated_at ? -1 : 1));
    return pageOf('payments', found, Math.min(100, Number(query.get('limit') ?? '100')), query.get('cursor'));
  }

  #one(path: string): VendorAnswer {
    const [, kind, id = ''] = /^\/v2\/(payments|refunds)\/([\w-]+)$/.exec(path) ?? [];
    const payment = kind === 'payments' ? this.payments.get(id) : undefined;
    const refund = kind === 'refunds' ? this.refunds.get(id) : undefined;
    if (payment !== undefined) return { json: { payment } };
    if (refund !== undefined) return { json: { refund } };
    return error(404, 'INVALID_REQUEST_ERROR', 'NOT_FOUND');
  }
}

interface SearchBody {
  location_ids: string[];
  query: {
    filter: { date_time_filter: { updated_at: { start_at: string } } };
    sort: { sort_field: string; sort_order: string };
  };
  limit: number;
  cursor?: string;
}

function pageOf(name: string, found: unknown[], size: number, cursor: string | null): VendorAnswer {
  const from = cursor === null ? 0 : Number(Buffer.from(cursor, 'base64url').toString('utf8'));
  const end = from + size;
  const next = end < found.length ? Buffer.from(String(end)).toString('base64url') : undefined;
  // An empty list is left out, as Square does.
  return { json: { ...(found.length > 0 && { [name]: found.slice(from, end) }), ...(next && { cursor: next }) } };
}

function error(status: number, category: string, code: string): VendorAnswer {
  return { status, json: { errors: [{ category, code, detail: 'This request could not be authorized.' }] } };
}
