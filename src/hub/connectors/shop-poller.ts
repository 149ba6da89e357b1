import type { OrderSnapshot } from '../../domain/order-snapshot.ts';
import { type Duration, type Instant, MINUTE, SECOND, fromIso, toIso } from '../../domain/units.ts';
import type { BookSnapshots, Cursors, Log } from '../doors.ts';
import { reasonOf } from '../log.ts';
import { Poller, Wire, type WireDoors } from './connector.ts';
import { type Shop, ShopFault } from './shop.ts';

/** Orders may become visible a little later than the time they carry, so the last minutes are read again (CON-6). */
export const OVERLAP: Duration = 5 * MINUTE;
/** A page that takes longer is given up; vendor-http.ts bounds each question, and a page may be several. */
const PAGE_PATIENCE: Duration = MINUTE;
const SKEW: Duration = MINUTE;
/** Below the minute within which everything must be in once a vendor is back (CON-8). */
const LONGEST_WAIT: Duration = 50 * SECOND;
const SHORTEST_WAIT: Duration = SECOND / 4;
/** How old the last answer is changes by itself, so it is told anew this often. */
const TELL_EVERY_MS = 5 * SECOND;

export interface ShopPollerDoors {
  shop: Shop;
  /** as people call it, e.g. `Shopify` */
  name: string;
  /** null: there is no show that could take orders */
  cursors: () => Cursors | null;
  book: BookSnapshots;
  /** an order that cannot be read or booked waits for a person, and holds up no other */
  keep: (orderId: string, problem: string) => void;
  /** when the ledger of the show began; orders made before belong to a former one */
  since: () => Instant | null;
  /** ms from poll to poll */
  everyMs: () => Duration;
  /** in [0, 1): spreads the tries of many hubs at one vendor */
  random: () => number;
  wire: WireDoors;
  log: Log;
}

/**
 * Supervision of one shop: asks for what has changed since the cursor, books it page by page, and moves the cursor only
 * when the append has returned. A kill at any instant reads a page again, and what is booked already changes nothing.
 */
export class ShopPoller {
  readonly #doors: ShopPollerDoors;
  readonly #wire: Wire;
  readonly #poller: Poller;
  readonly #stop = new AbortController();
  #teller: NodeJS.Timeout | null = null;
  #lastGood: Instant | null = null;
  #booked = 0;
  #failures = 0;
  #waitMs: Duration = 0;
  /** what the vendor asked for, or a second after a failure: not to be hurried before */
  #restsUntil: Instant = 0;
  #trouble: string | null = null;
  #skew: string | null = null;
  /** the vendor's own answers say that this laptop's clock is right */
  #isClockRight = false;
  #refusedForClock: string | null = null;
  /** pages of this poll that were read whole */
  #pages = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(doors: ShopPollerDoors) {
    this.#doors = doors;
    this.#wire = new Wire(`shop-${doors.shop.kind}`, doors.shop.kind, doors.wire);
    this.#poller = new Poller({
      ask: () => this.#turn(),
      everyMs: () => (this.#failures === 0 ? this.#doors.everyMs() : this.#waitMs),
      failed: (error) => this.#failed(error),
    });
  }

  start(): void {
    this.#wire.set('connecting', `Asking ${this.#doors.name} for orders.`);
    this.#poller.start();
    this.#teller = setInterval(() => this.#tell(), TELL_EVERY_MS);
  }

  async stop(): Promise<void> {
    if (this.#teller) clearInterval(this.#teller);
    this.#stop.abort();
    await this.#poller.stop();
    for (const done of this.#waiting.splice(0)) done();
    this.#wire.set('off', '');
  }

  /** Asks now: a webhook has come, so something has changed and the vendor is back, if it was away. */
  hurry(): void {
    if (this.#doors.wire.readNow().at >= this.#restsUntil) this.#poller.hurry();
  }

  /** Resolves when a poll that began after this call has ended. @returns whether it was read to the end */
  async next(): Promise<boolean> {
    if (this.#stop.signal.aborted) return false;
    const asked = this.#doors.wire.readNow().at;
    await new Promise<void>((done) => {
      this.#waiting.push(done);
      this.hurry();
    });
    return this.#lastGood !== null && this.#lastGood >= asked && this.#failures === 0;
  }

  /** When the shop was last read to the end; null: not yet. */
  get lastGood(): Instant | null {
    return this.#lastGood;
  }

  /** Signed webhooks were refused for the clock alone, or (null) one was taken. An old delivery sent again is no proof of a wrong clock. */
  noteDelivery(trouble: string | null): void {
    if (trouble === this.#refusedForClock) return;
    this.#refusedForClock = trouble;
    this.#tell();
  }

  async #turn(): Promise<void> {
    const waiting = this.#waiting.splice(0);
    try {
      this.#trouble = await this.#poll();
      this.#failures = 0;
      this.#lastGood = this.#doors.wire.readNow().at;
      this.#tell();
    } finally {
      for (const done of waiting) done();
    }
  }

  /** @returns what is to be told although everything else was read: orders that could not be */
  async #poll(): Promise<string | null> {
    const { shop } = this.#doors;
    const [cursors, since] = [this.#doors.cursors(), this.#doors.since()];
    if (cursors === null || since === null) return null;
    const seen = cursors.read(shop.kind, shop.account);
    const from = toIso(seen === null ? since : Math.max(since, fromIso(seen) - OVERLAP));
    const patience = new Patience(this.#stop.signal);
    this.#pages = 0;
    try {
      for await (const page of shop.changedSince(from, patience.signal)) {
        if (this.#stop.signal.aborted) return null;
        this.#noteClock(page.vendorAt);
        if (page.orders.length > 0) {
          this.#book(page.orders, since);
        }
        if (page.seenUntil !== null) cursors.move(shop.kind, shop.account, toIso(fromIso(page.seenUntil)));
        this.#pages += 1;
        patience.renew();
      }
      return null;
    } catch (error) {
      if (!(error instanceof ShopFault) || error.orderIds.length === 0) throw error;
      for (const id of error.orderIds) this.#doors.keep(id, `The order ${id} cannot be read. Enter it by hand.`);
      return error.message;
    } finally {
      patience.end();
    }
  }

  /** A page at once; where one of its orders cannot be booked, each by itself. */
  #book(orders: OrderSnapshot[], since: Instant): void {
    const { book, keep } = this.#doors;
    try {
      this.#count(book(orders, since));
    } catch (error) {
      if (!isOfTheOrder(error)) throw error;
      for (const order of orders) {
        try {
          this.#count(book([order], since));
        } catch (cause) {
          if (!isOfTheOrder(cause)) throw cause;
          this.#doors.log({ level: 'error', kind: 'order-not-booked', shop: order.source, reason: reasonOf(cause) });
          keep(order.orderId, `The order ${order.orderId} was read and could not be booked. Enter it by hand.`);
        }
      }
    }
  }

  #count({ added, changed }: ReturnType<BookSnapshots>): void {
    this.#booked += added + changed;
  }

  #failed(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    const { name, log, shop, random } = this.#doors;
    const fault = error instanceof ShopFault ? error : null;
    // The wire works and single orders of it cannot be read: that is told, and the others are not kept waiting.
    this.#failures = fault?.kind === 'bad-answer' && this.#pages > 0 ? 0 : this.#failures + 1;
    if (fault === null) log({ level: 'error', kind: 'shop-failed', shop: shop.kind, reason: reasonOf(error) });
    this.#trouble = fault?.message ?? `What ${name} sent could not be booked; it is asked again.`;
    const cap = Math.min(LONGEST_WAIT, SECOND * 2 ** Math.min(this.#failures - 1, 10));
    // Full jitter, but never at once: a vendor that refuses quickly would be asked in a circle.
    const backoff = Math.max(SHORTEST_WAIT, Math.round(random() * cap));
    this.#waitMs = Math.max(backoff, fault?.retryAfterMs ?? 0);
    this.#restsUntil = this.#doors.wire.readNow().at + Math.max(SECOND, fault?.retryAfterMs ?? 0);
    this.#tell();
  }

  #noteClock(vendorAt: Instant | null): void {
    if (vendorAt === null) return;
    const off = this.#doors.wire.readNow().at - vendorAt;
    // The header has whole seconds and the answer was on its way.
    this.#isClockRight = Math.abs(off) <= SKEW;
    this.#skew = this.#isClockRight
      ? null
      : `This laptop’s clock is ${ageText(Math.abs(off))} ${off > 0 ? 'ahead of' : 'behind'} ${this.#doors.name}’s: set it right, or signed webhooks are refused.`;
  }

  #tell(): void {
    const good =
      this.#lastGood === null
        ? 'Nothing read yet.'
        : `Last good ${ageText(this.#doors.wire.readNow().at - this.#lastGood)} ago.`;
    const clock = this.#skew ?? (this.#isClockRight ? null : this.#refusedForClock);
    const words = [this.#trouble, good, `${this.#booked} changes booked.`, clock].filter((word) => word !== null);
    if (this.#trouble === null && this.#lastGood === null && clock === null) return;
    this.#wire.set(this.#failures === 0 ? 'up' : 'down', words.join(' '));
  }
}

/** Figures beyond every bound and shapes that nobody thought of; a full disk, or another show, is not the order's fault. */
function isOfTheOrder(error: unknown): boolean {
  return error instanceof RangeError || error instanceof TypeError;
}

/** Ends a question whose pages stop coming. */
class Patience {
  readonly signal: AbortSignal;
  readonly #tooLong = new AbortController();
  #timer: NodeJS.Timeout | null = null;

  constructor(stop: AbortSignal) {
    this.signal = AbortSignal.any([stop, this.#tooLong.signal]);
    this.renew();
  }

  renew(): void {
    this.end();
    this.#timer = setTimeout(() => this.#tooLong.abort(), PAGE_PATIENCE);
  }

  end(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }
}

function ageText(ms: Duration): string {
  if (ms < 2 * MINUTE) return `${Math.max(0, Math.round(ms / SECOND))} s`;
  return `${Math.round(ms / MINUTE)} min`;
}
