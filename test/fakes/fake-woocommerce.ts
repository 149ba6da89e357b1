import { createHmac } from 'node:crypto';
import orderFixture from '../fixtures/vendors/woocommerce-order.json' with { type: 'json' };
import refundFixture from '../fixtures/vendors/woocommerce-refund.json' with { type: 'json' };
import { type VendorAnswer, type VendorAsk, VendorServer } from './vendor-server.ts';

export type WooOrderJson = Omit<typeof orderFixture, 'refunds' | 'date_paid_gmt' | 'fee_lines'> & {
  refunds: { id: number; reason: string; total: string }[];
  date_paid_gmt: string | null;
  fee_lines: { id: number; name: string; total: string; total_tax: string }[];
};
export type WooRefundJson = typeof refundFixture;

/** A WooCommerce shop: orders and refunds by REST v3 behind Basic authentication, and webhooks as its PHP signs them. */
export class FakeWooCommerce {
  readonly server = new VendorServer((ask) => this.#answer(ask));
  readonly orders = new Map<number, WooOrderJson>();
  readonly refunds = new Map<number, WooRefundJson[]>();
  key = 'ck_0123456789abcdef';
  secret = 'cs_fedcba9876543210';
  /** orderby=modified came with later versions; without it such a question is answered with 400 */
  knowsModified = true;
  /** called before each list is answered: what happens in the shop meanwhile */
  meanwhile: (page: number) => void = () => undefined;

  /** @param changedAt GMT without a zone, as the shop writes it */
  put(id: number, changedAt: string, more: Partial<WooOrderJson> = {}): WooOrderJson {
    const order: WooOrderJson = {
      ...structuredClone(orderFixture),
      refunds: [],
      id,
      number: String(id),
      date_created_gmt: changedAt,
      date_modified_gmt: changedAt,
      date_paid_gmt: changedAt,
      ...more,
    };
    this.orders.set(id, order);
    return order;
  }

  /** Gives one unit of the order's line back, at the refund's own amount. */
  refund(id: number, changedAt: string, more: Partial<WooRefundJson> = {}): void {
    const order = this.orders.get(id);
    if (order === undefined) throw new Error(`no order ${id}`);
    const refund = { ...structuredClone(refundFixture), id: id + 100_000, parent_id: id, ...more };
    this.refunds.set(id, [...(this.refunds.get(id) ?? []), refund]);
    order.refunds = [...order.refunds, { id: refund.id, reason: refund.reason, total: `-${refund.amount}` }];
    order.date_modified_gmt = changedAt;
  }

  /** A signed delivery: base64_encode( hash_hmac( 'sha256', $payload, $secret, true ) ) */
  delivery(id: number, secret: string): { body: Buffer; headers: Record<string, string> } {
    const body = Buffer.from(JSON.stringify(this.orders.get(id)));
    const signature = createHmac('sha256', secret).update(body).digest('base64');
    return { body, headers: { 'x-wc-webhook-topic': 'order.updated', 'x-wc-webhook-signature': signature } };
  }

  #answer({ path, query, headers }: VendorAsk): VendorAnswer {
    const basic = `Basic ${Buffer.from(`${this.key}:${this.secret}`).toString('base64')}`;
    if (headers.authorization !== basic) {
      return error(401, 'woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.');
    }
    const one = /^\/wp-json\/wc\/v3\/orders\/(\d+)(\/refunds)?$/.exec(path);
    if (one !== null) {
      const order = this.orders.get(Number(one[1]));
      if (order === undefined) return error(404, 'woocommerce_rest_shop_order_invalid_id', 'Invalid ID.');
      return { json: one[2] === undefined ? order : (this.refunds.get(order.id) ?? []) };
    }
    return path === '/wp-json/wc/v3/orders' ? this.#list(query) : error(404, 'rest_no_route', 'No route was found.');
  }

  #list(query: URLSearchParams): VendorAnswer {
    const orderBy = query.get('orderby') ?? 'date';
    if (orderBy === 'modified' && !this.knowsModified) {
      return error(400, 'rest_invalid_param', 'Invalid parameter(s): orderby');
    }
    const page = Number(query.get('page') ?? '1');
    this.meanwhile(page);
    const perPage = Math.min(100, Number(query.get('per_page') ?? '10'));
    const after = query.get('modified_after') ?? '';
    const key = orderBy === 'modified' ? 'date_modified_gmt' : 'date_created_gmt';
    const found = [...this.orders.values()]
      .filter((order) => order.date_modified_gmt > after)
      .sort((a, b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : a.id - b.id));
    const answer = query.get('order') === 'asc' ? found : found.reverse();
    return {
      json: answer.slice((page - 1) * perPage, page * perPage),
      headers: {
        'x-wp-total': String(found.length),
        'x-wp-totalpages': String(Math.ceil(found.length / perPage)),
      },
    };
  }
}

function error(status: number, code: string, message: string): VendorAnswer {
  return { status, json: { code, message, data: { status } } };
}
