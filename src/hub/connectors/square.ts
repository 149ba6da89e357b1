import { z } from 'zod';
import type { OrderSnapshot } from '../../domain/order-snapshot.ts';
import type { Iso } from '../../domain/units.ts';
import { type Shop, ShopFault, type ShopPage, type ShopPlace } from './shop.ts';
import { type SkuCache, SquareApi } from './square-api.ts';
import { type SquareOrder, type SquarePayment, iso, sourcesOf, squareOrder, squareSnapshot } from './square-order.ts';
import { later, parseJson, unreadable } from './vendor-http.ts';

export { verifySquare } from './square-signature.ts';

/**
 * One Square location; the account is its location id. Reads the secret `square.token`.
 *
 * A return is an order of its own that names its source, and the source never lists its returns. So every order is given
 * together with all of its returns, whichever of them changed: those of the same page, and those that the refunds of its
 * payments lead to. Otherwise an order that changes after its return would look as if nothing had come back.
 */
export function makeSquare(place: ShopPlace, account: string): Shop {
  const skus: SkuCache = new Map();
  const start = (signal: AbortSignal): Location => {
    if (account === '')
      throw new ShopFault(
        'not-set-up',
        'Enter the id of the Square location in the settings (connectors.square.account).',
      );
    return new Location(new SquareApi(place, signal, skus), account);
  };
  return {
    kind: 'square',
    account,
    changedSince: async function* (since, signal) {
      yield* start(signal).changedSince(since);
    },
    ordersOf: async (body, signal) => start(signal).ordersOf(body),
    letterAbout: (id) => JSON.stringify({ data: { object: { order_updated: { order_id: id } } } }),
  };
}

class Location {
  readonly #api: SquareApi;
  readonly #id: string;
  readonly #bad: string[] = [];
  /** payments as they are now, by id, for this run only */
  readonly #payments = new Map<string, SquarePayment>();

  constructor(api: SquareApi, id: string) {
    this.#api = api;
    this.#id = id;
  }

  async *changedSince(since: Iso): AsyncGenerator<ShopPage> {
    const changed = await this.#api.paymentsSince(this.#id, since);
    for (const payment of changed) this.#payments.set(payment.id, payment);
    const given = new Set<string>();
    let seenUntil: Iso | null = null;
    let cursor: string | null = null;
    do {
      const page = await this.#api.search(this.#id, since, cursor);
      const orders = this.#read(page.orders);
      for (const { id } of orders) given.add(id);
      for (const at of page.orders.map(changedAt)) if (at !== '') seenUntil = later(seenUntil, at);
      yield { orders: await this.#snapshots(orders), seenUntil, vendorAt: page.vendorAt };
      cursor = page.cursor;
    } while (cursor !== null);
    // A payment that is let go or fails later need not touch its order.
    const rest = unique(changed.map((payment) => payment.order_id ?? '')).filter((id) => !given.has(id));
    if (rest.length > 0) yield { orders: await this.#snapshots(await this.#fetch(rest)), seenUntil, vendorAt: null };
    if (this.#bad.length > 0) throw unreadable('Square', this.#bad);
  }

  async ordersOf(body: Buffer): Promise<OrderSnapshot[]> {
    const orders = await this.#snapshots(await this.#fetch(toldOrders(body)));
    if (this.#bad.length > 0) throw unreadable('Square', this.#bad);
    return orders;
  }

  /** The orders themselves, and for returns the orders that they give back of; each once. */
  async #snapshots(changed: readonly SquareOrder[]): Promise<OrderSnapshot[]> {
    const known = new Map(changed.map((order) => [order.id, order]));
    const missing = unique(changed.flatMap(sourcesOf)).filter((id) => !known.has(id));
    for (const order of await this.#fetch(missing)) known.set(order.id, order);
    const sales = [...known.values()].filter((order) => order.line_items.length > 0 || order.returns.length === 0);
    await this.#learnPayments(sales, new Set(changed.flatMap(sourcesOf)));
    const returns = await this.#returnsOf(sales, [...known.values()]);
    const items = sales.flatMap((order) => order.line_items).map((line) => line.catalog_object_id ?? '');
    await this.#api.learnSkus(items.filter((id) => id !== ''));
    return sales.map((order) =>
      squareSnapshot({
        order,
        payments: this.#paymentsOf(order),
        returns: returns.filter((one) => sourcesOf(one).includes(order.id)),
        skuOf: (id) => this.#api.skuOf(id),
        now: this.#api.now(),
        isSandbox: this.#api.isSandbox,
        currency: this.#api.currency,
      }),
    );
  }

  /** @param refunded orders with a return in this page: their payments are asked again, they may be older than it */
  async #learnPayments(sales: readonly SquareOrder[], refunded: ReadonlySet<string>): Promise<void> {
    const wanted = sales.flatMap((order) =>
      paymentIds(order).filter((id) => refunded.has(order.id) || !this.#payments.has(id)),
    );
    for (const payment of await this.#api.paymentsById(unique(wanted))) this.#payments.set(payment.id, payment);
  }

  async #returnsOf(sales: readonly SquareOrder[], known: readonly SquareOrder[]): Promise<SquareOrder[]> {
    const returns = new Map(known.filter((one) => one.returns.length > 0).map((one) => [one.id, one]));
    const refunds = sales.flatMap((order) => this.#paymentsOf(order)).flatMap((payment) => payment.refund_ids);
    const ids = await this.#api.returnOrderIds(unique(refunds));
    for (const one of await this.#fetch(unique(ids).filter((id) => !returns.has(id)))) returns.set(one.id, one);
    return [...returns.values()];
  }

  #paymentsOf(order: SquareOrder): SquarePayment[] {
    return paymentIds(order).flatMap((id) => this.#payments.get(id) ?? []);
  }

  async #fetch(ids: readonly string[]): Promise<SquareOrder[]> {
    if (ids.length === 0) return [];
    return this.#read(await this.#api.ordersById(this.#id, ids));
  }

  /** Orders of other locations are none of ours. */
  #read(found: readonly unknown[]): SquareOrder[] {
    return found.flatMap((one) => {
      const read = squareOrder.safeParse(one);
      if (read.success) return read.data.location_id === this.#id ? [read.data] : [];
      this.#bad.push(z.object({ id: z.string() }).safeParse(one).data?.id ?? '');
      return [];
    });
  }
}

/** '' when it does not even say that. */
function changedAt(order: unknown): Iso {
  return iso(z.object({ updated_at: z.string() }).safeParse(order).data?.updated_at ?? '');
}

const told = z.object({
  data: z.object({
    object: z.object({
      order_created: z.object({ order_id: z.string() }).optional(),
      order_updated: z.object({ order_id: z.string() }).optional(),
      order_fulfillment_updated: z.object({ order_id: z.string() }).optional(),
      payment: z.object({ order_id: z.string().nullish() }).optional(),
      refund: z.object({ order_id: z.string().nullish() }).optional(),
    }),
  }),
});

function toldOrders(body: Buffer): string[] {
  const read = told.safeParse(parseJson(body.toString('utf8')));
  if (!read.success) return [];
  return unique(Object.values(read.data.data.object).map((about) => about?.order_id ?? ''));
}

function paymentIds(order: SquareOrder): string[] {
  return order.tenders.map((tender) => tender.payment_id ?? tender.id ?? '').filter((id) => id !== '');
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)].filter((id) => id !== '');
}
