import { z } from 'zod';
import { currencyDigits } from '../../domain/money.ts';
import type { OrderSnapshot } from '../../domain/order-snapshot.ts';
import { type Iso, SECOND, fromIso, toIso } from '../../domain/units.ts';
import type { Shop, ShopPage, ShopPlace } from './shop.ts';
import {
  type VendorReply,
  askVendor,
  later,
  parseJson,
  readReply,
  sideBySide,
  unreadable,
  vendorAddress,
  vendorSecret,
} from './vendor-http.ts';
import { UnreadableAmount, type WooRefund, gmt, wooOrder, wooRefunds, wooSnapshot } from './woocommerce-order.ts';

export { verifyWooCommerce } from './woocommerce-signature.ts';

const PER_PAGE = 100;
const WIDTH = 4;
const KEY_ADVICE =
  'Make a new REST key with read permission (WooCommerce › Settings › Advanced › REST API) and enter it in the settings.';
const stub = z.object({ id: z.int(), date_modified_gmt: z.string() });

/**
 * A WooCommerce shop over its REST API v3. Reads the secrets `woocommerce.key` and `woocommerce.secret`; the shop's
 * address is `place.baseUrl`, or the account when that is a host name.
 */
export function makeWooCommerce(place: ShopPlace, account: string): Shop {
  return {
    kind: 'woocommerce',
    account,
    changedSince: (since, signal) => changedSince(new Api(place, account, signal), since),
    ordersOf: (body, signal) => ordersOf(new Api(place, account, signal), body),
    letterAbout: (id) => JSON.stringify({ id: Number(id), line_items: [] }),
  };
}

async function* changedSince(api: Api, since: Iso): AsyncGenerator<ShopPage> {
  const bad: string[] = [];
  const given = new Set<string>();
  let seenUntil: Iso | null = null;
  let ask: Ask | null = { from: since, page: 1, orderBy: 'modified' };
  while (ask !== null) {
    const reply = await api.list(ask);
    if (reply.status === 400 && ask.orderBy === 'modified') {
      // Older shops cannot order by time of change; then nothing is known to be complete before the last page.
      ask = { ...ask, orderBy: 'date' };
      continue;
    }
    const found = readReply(reply, z.array(z.unknown()), 'WooCommerce');
    const stubs = found.map((one) => stub.safeParse(one)).flatMap(({ data }) => (data === undefined ? [] : [data]));
    for (const { date_modified_gmt: at } of stubs) seenUntil = later(seenUntil, gmt(at));
    const fresh = found.filter((one) => isFresh(one, given));
    const orders = await api.snapshots(fresh, bad);
    const next: Ask | null = nextAsk(ask, reply, stubs.at(-1)?.date_modified_gmt);
    yield {
      orders,
      seenUntil: ask.orderBy === 'modified' || next === null ? seenUntil : null,
      vendorAt: reply.vendorAt,
    };
    ask = next;
  }
  if (bad.length > 0) throw unreadable('WooCommerce', bad);
}

/** A delivery says which order changed; what it holds may be older than the order now is. */
async function ordersOf(api: Api, body: Buffer): Promise<OrderSnapshot[]> {
  const told = z.object({ id: z.int(), line_items: z.unknown() }).safeParse(parseJson(body.toString('utf8')));
  // Products, customers and coupons have ids, too; only an order has lines.
  if (!told.success || !Array.isArray(told.data.line_items)) return [];
  const reply = await api.get(`orders/${told.data.id}`, api.digits(), [404]);
  if (reply.status === 404) return [];
  const bad: string[] = [];
  const orders = await api.snapshots([readReply(reply, z.unknown(), 'WooCommerce')], bad);
  if (bad.length > 0) throw unreadable('WooCommerce', bad);
  return orders;
}

interface Ask {
  from: Iso;
  page: number;
  orderBy: 'modified' | 'date';
}

/**
 * In order of change, the next question begins where this page ended rather than at the next page number: an order that
 * changes meanwhile leaves its place, and everything behind it would move up one and one would be passed over.
 */
function nextAsk(ask: Ask, reply: VendorReply, last: string | undefined): Ask | null {
  const pages = Number(reply.headers.get('x-wp-totalpages') ?? '1');
  if (!(ask.page < pages) || last === undefined) return null;
  const end = gmt(last);
  return ask.orderBy === 'modified' && end > ask.from ? { ...ask, from: end, page: 1 } : { ...ask, page: ask.page + 1 };
}

function isFresh(one: unknown, given: Set<string>): boolean {
  const { data } = stub.safeParse(one);
  const key = data === undefined ? '' : `${data.id} ${data.date_modified_gmt}`;
  if (key !== '' && given.has(key)) return false;
  given.add(key);
  return true;
}

class Api {
  readonly #place: ShopPlace;
  readonly #account: string;
  readonly #signal: AbortSignal;

  constructor(place: ShopPlace, account: string, signal: AbortSignal) {
    this.#place = place;
    this.#account = account;
    this.#signal = signal;
  }

  /**
   * `modified_after` excludes its own second, so it is asked from a second before. It is written without a zone: with
   * one, WordPress turns it into the shop's local time and then compares that with GMT.
   */
  list({ from, page, orderBy }: Ask): Promise<VendorReply> {
    const after = toIso(fromIso(from) - SECOND).slice(0, 19);
    const query = {
      ...this.digits(),
      modified_after: after,
      dates_are_gmt: 'true',
      orderby: orderBy,
      order: 'asc',
      per_page: String(PER_PAGE),
      page: String(page),
    };
    return this.get('orders', query, orderBy === 'modified' ? [400] : []);
  }

  /** Amounts rounded by the shop itself to the currency's digits. */
  digits(): Record<string, string> {
    return { dp: String(currencyDigits(this.#place.currency) ?? 2) };
  }

  async snapshots(found: readonly unknown[], bad: string[]): Promise<OrderSnapshot[]> {
    const made = await sideBySide(found, WIDTH, async (one) => {
      const order = wooOrder.safeParse(one);
      if (!order.success) return void bad.push(String(stub.safeParse(one).data?.id ?? ''));
      const refunds = order.data.refunds.length > 0 ? await this.#refunds(order.data.id) : [];
      try {
        return wooSnapshot(order.data, refunds, this.#account);
      } catch (cause) {
        if (!(cause instanceof UnreadableAmount)) throw cause;
        return void bad.push(String(order.data.id));
      }
    });
    return made.filter((snapshot) => snapshot !== undefined);
  }

  get(path: string, query: Record<string, string>, understood: readonly number[] = []): Promise<VendorReply> {
    const url = new URL(`wp-json/wc/v3/${path}`, this.#address());
    url.search = new URLSearchParams(query).toString();
    const key = vendorSecret(this.#place, 'woocommerce.key', 'The WooCommerce consumer key');
    const secret = vendorSecret(this.#place, 'woocommerce.secret', 'The WooCommerce consumer secret');
    return askVendor(this.#place, {
      vendor: 'WooCommerce',
      url,
      headers: {
        authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
        accept: 'application/json',
      },
      signal: this.#signal,
      keyAdvice: KEY_ADVICE,
      understood,
    });
  }

  async #refunds(id: number): Promise<WooRefund[]> {
    const reply = await this.get(`orders/${id}/refunds`, { ...this.digits(), per_page: String(PER_PAGE) });
    return readReply(reply, wooRefunds, 'WooCommerce');
  }

  #address(): URL {
    const host = /^[a-z0-9.-]+\.[a-z]{2,}$/i.test(this.#account) ? `https://${this.#account}` : null;
    return vendorAddress(this.#place, host, 'WooCommerce');
  }
}
