import { z } from 'zod';
import { type Iso, MINUTE } from '../../domain/units.ts';
import { type ShopPlace } from './shop.ts';
import { type SquarePayment, squarePayment } from './square-order.ts';
import { type VendorReply, askVendor, readReply, sideBySide, vendorAddress, vendorSecret } from './vendor-http.ts';

/** The version of Square's API that the shapes here were written for. */
const SQUARE_VERSION = '2026-09-16';
const OWN_ADDRESS = 'https://connect.squareup.com';
const KEY_ADVICE =
  'Copy the access token again from the Square developer console; it needs ORDERS_READ, PAYMENTS_READ and ITEMS_READ.';
const SEARCH_LIMIT = 500;
const ORDERS_PER_ASK = 100;
const OBJECTS_PER_ASK = 1000;
const WIDTH = 4;
/** an item without a sku may be given one during the show */
const ASK_AGAIN_MS = 2 * MINUTE;

const orders = z.object({ orders: z.array(z.unknown()).default([]), cursor: z.string().nullish() });
const payments = z.object({ payments: z.array(squarePayment).default([]), cursor: z.string().nullish() });
const payment = z.object({ payment: squarePayment });
const refund = z.object({ refund: z.object({ order_id: z.string().nullish() }) });
const objects = z.object({
  objects: z
    .array(z.object({ id: z.string(), item_variation_data: z.object({ sku: z.string().nullish() }).nullish() }))
    .default([]),
});

/** What was looked up in the catalogue: kept as long as the shop's wire lives. */
export type SkuCache = Map<string, { sku: string | null; until: number }>;

/** Square's calls that are used, one method each. All throw ShopFault. */
export class SquareApi {
  readonly #place: ShopPlace;
  readonly #signal: AbortSignal;
  readonly #skus: SkuCache;

  constructor(place: ShopPlace, signal: AbortSignal, skus: SkuCache) {
    this.#place = place;
    this.#signal = signal;
    this.#skus = skus;
  }

  get isSandbox(): boolean {
    return this.#address().hostname.endsWith('squareupsandbox.com');
  }

  get currency(): string {
    return this.#place.currency;
  }

  now(): number {
    return this.#place.now();
  }

  /** One page of the location's orders in order of change; `start_at` includes its own instant. */
  async search(
    location: string,
    since: Iso,
    cursor: string | null,
  ): Promise<{ orders: unknown[]; cursor: string | null; vendorAt: number | null }> {
    const reply = await this.#post('v2/orders/search', {
      location_ids: [location],
      query: {
        filter: { date_time_filter: { updated_at: { start_at: since } } },
        sort: { sort_field: 'UPDATED_AT', sort_order: 'ASC' },
      },
      limit: SEARCH_LIMIT,
      ...(cursor !== null && { cursor }),
    });
    const page = readReply(reply, orders, 'Square');
    return { orders: page.orders, cursor: page.cursor || null, vendorAt: reply.vendorAt };
  }

  async ordersById(location: string, ids: readonly string[]): Promise<unknown[]> {
    const found = await sideBySide(chunksOf(ids, ORDERS_PER_ASK), WIDTH, async (some) => {
      const body = { location_id: location, order_ids: some };
      return readReply(await this.#post('v2/orders/batch-retrieve', body), orders, 'Square').orders;
    });
    return found.flat();
  }

  async paymentsSince(location: string, since: Iso): Promise<SquarePayment[]> {
    const found: SquarePayment[] = [];
    let cursor: string | null = null;
    do {
      const reply = await this.#get('v2/payments', {
        location_id: location,
        updated_at_begin_time: since,
        sort_field: 'UPDATED_AT',
        sort_order: 'ASC',
        limit: '100',
        ...(cursor !== null && { cursor }),
      });
      const page: z.output<typeof payments> = readReply(reply, payments, 'Square');
      found.push(...page.payments);
      cursor = page.cursor || null;
    } while (cursor !== null);
    return found;
  }

  /** Payments that Square does not know (tenders of old orders) are left out. */
  async paymentsById(ids: readonly string[]): Promise<SquarePayment[]> {
    const found = await sideBySide(ids, WIDTH, async (id) => {
      const reply = await this.#get(`v2/payments/${encodeURIComponent(id)}`, {}, [404]);
      return reply.status === 404 ? null : readReply(reply, payment, 'Square').payment;
    });
    return found.filter((one) => one !== null);
  }

  /** The orders that refunds were booked on: Square makes one for each. */
  async returnOrderIds(refundIds: readonly string[]): Promise<string[]> {
    const found = await sideBySide(refundIds, WIDTH, async (id) => {
      const reply = await this.#get(`v2/refunds/${encodeURIComponent(id)}`, {}, [404]);
      return reply.status === 404 ? '' : (readReply(reply, refund, 'Square').refund.order_id ?? '');
    });
    return found.filter((id) => id !== '');
  }

  /** Looks up what is not known yet; `skuOf` answers from it afterwards. */
  async learnSkus(ids: readonly string[]): Promise<void> {
    const now = this.now();
    const unknown = [...new Set(ids)].filter((id) => (this.#skus.get(id)?.until ?? 0) <= now);
    for (const some of chunksOf(unknown, OBJECTS_PER_ASK)) {
      const body = { object_ids: some, include_related_objects: false, include_deleted_objects: true };
      const reply = await this.#post('v2/catalog/batch-retrieve', body);
      for (const id of some) this.#skus.set(id, { sku: null, until: now + ASK_AGAIN_MS });
      for (const { id, item_variation_data: variation } of readReply(reply, objects, 'Square').objects) {
        const sku = variation?.sku?.trim() || null;
        this.#skus.set(id, { sku, until: sku === null ? now + ASK_AGAIN_MS : Infinity });
      }
    }
  }

  skuOf(id: string): string | null {
    return this.#skus.get(id)?.sku ?? null;
  }

  #post(path: string, body: unknown): Promise<VendorReply> {
    return this.#ask({ url: new URL(path, this.#address()), method: 'POST', body: JSON.stringify(body) });
  }

  #get(path: string, query: Record<string, string>, understood: readonly number[] = []): Promise<VendorReply> {
    const url = new URL(path, this.#address());
    url.search = new URLSearchParams(query).toString();
    return this.#ask({ url, understood });
  }

  #ask(question: {
    url: URL;
    method?: 'GET' | 'POST';
    body?: string;
    understood?: readonly number[];
  }): Promise<VendorReply> {
    const token = vendorSecret(this.#place, 'square.token', 'The Square access token');
    return askVendor(this.#place, {
      ...question,
      vendor: 'Square',
      headers: {
        authorization: `Bearer ${token}`,
        'square-version': SQUARE_VERSION,
        accept: 'application/json',
        ...(question.body !== undefined && { 'content-type': 'application/json' }),
      },
      signal: this.#signal,
      keyAdvice: KEY_ADVICE,
    });
  }

  #address(): URL {
    return vendorAddress(this.#place, OWN_ADDRESS, 'Square');
  }
}

function chunksOf<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}
