import type { OrderSnapshot } from '../../domain/order-snapshot.ts';
import type { Iso } from '../../domain/units.ts';

/**
 * One vendor's shop as the hub sees it: polling is the truth, a webhook only says "look now" (CON-15). Constructing one
 * does nothing; it holds no timer and no state but its access token and its look-up caches. Supervision (backoff, cursor,
 * booking) is shop-poller.ts.
 */
export interface Shop {
  readonly kind: ShopKind;
  /** the shop, merchant or account whose orders these are; the cursor is kept per kind and account */
  readonly account: string;
  /**
   * Every order that was changed at or after `since`, oldest change first, page by page to the end (CON-6).
   *
   * @throws ShopFault
   */
  changedSince(since: Iso, signal: AbortSignal): AsyncIterable<ShopPage>;
  /**
   * The whole orders that a kept webhook body is about, fetched anew where the body does not hold the whole order;
   * none when it is about something else.
   *
   * @throws ShopFault
   */
  ordersOf(body: Buffer, signal: AbortSignal): Promise<OrderSnapshot[]>;
  /** A body as a webhook about this order has, for `ordersOf`: an order that could not be read is kept as a letter. */
  letterAbout(orderId: string): string;
}

export const SHOP_KINDS = ['shopify', 'square', 'stripe', 'woocommerce'] as const;
export type ShopKind = (typeof SHOP_KINDS)[number];

export interface ShopPage {
  orders: OrderSnapshot[];
  /** greatest `updatedAt` seen so far, orders that were left out included; null: nothing seen */
  seenUntil: Iso | null;
  /** the vendor's clock by its `Date` header, epoch ms; null when it sent none (CON-14) */
  vendorAt: number | null;
}

/** Why a vendor gave no orders. The message is ours and for people; foreign text never travels in it. */
export class ShopFault extends Error {
  readonly kind: 'auth' | 'throttled' | 'unreachable' | 'bad-answer' | 'not-set-up';
  /** ms the vendor asked us to wait */
  readonly retryAfterMs: number | null;
  /** orders that cannot be read, where everything else of the answer could */
  readonly orderIds: readonly string[];

  constructor(
    kind: ShopFault['kind'],
    message: string,
    more: { retryAfterMs?: number | null; orderIds?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.kind = kind;
    this.retryAfterMs = more.retryAfterMs ?? null;
    this.orderIds = more.orderIds ?? [];
  }
}

/** What a shop is reached with. `baseUrl` null: the vendor's own address; it must be https unless the host is loopback (CON-11). */
export interface ShopPlace {
  baseUrl: string | null;
  fetch: typeof globalThis.fetch;
  readSecret: (name: string) => string | null;
  /** hub's clock, epoch ms */
  now: () => number;
  currency: string;
}

/** A signed delivery from a vendor (CON-7, CON-13). */
export interface SignedDelivery {
  headers: ReadonlyMap<string, string>;
  /** exactly the bytes that came */
  body: Buffer;
}

export type SignatureCheck =
  /** `dedupeKey`: the vendor's id of this delivery */
  | { ok: true; dedupeKey: string }
  /** answered as such without being kept, e.g. WooCommerce's unsigned first ping */
  | { ok: 'ping' }
  | { ok: false };

/** @param secrets the secret, and its former one while it is being changed */
export type VerifyDelivery = (
  delivery: SignedDelivery,
  secrets: readonly string[],
  context: { now: number; notificationUrl: string | null },
) => SignatureCheck;
