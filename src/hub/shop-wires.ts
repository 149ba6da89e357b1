import type { ConnectorView } from '../contract/desk-state.ts';
import { type Instant, type Now, toIso } from '../domain/units.ts';
import type { Book } from './book.ts';
import { acceptVendor } from './connectors/shop-inbox.ts';
import { ShopLetters } from './connectors/shop-letters.ts';
import { OVERLAP, ShopPoller } from './connectors/shop-poller.ts';
import { SHOP_KEYS, SHOP_SECRETS, SIGNING_SECRETS } from './connectors/shop-secrets.ts';
import { type Shop, type ShopKind, type ShopPlace, SHOP_KINDS } from './connectors/shop.ts';
import { makeShopify } from './connectors/shopify.ts';
import { makeSquare } from './connectors/square.ts';
import { makeStripe } from './connectors/stripe.ts';
import type { IngestAnswer } from './connectors/webhook-inbox.ts';
import { makeWooCommerce } from './connectors/woocommerce.ts';
import type { BookSnapshots, Log } from './doors.ts';
import type { Delivery } from './gateway/doors.ts';
import { ShopCursors } from './store/cursors.ts';
import { Inbox } from './store/inbox.ts';
import type { Secrets } from './store/secrets.ts';

const NAMES: Readonly<Record<ShopKind, string>> = {
  shopify: 'Shopify',
  square: 'Square',
  stripe: 'Stripe',
  woocommerce: 'WooCommerce',
};
const MAKERS: Readonly<Record<ShopKind, (place: ShopPlace, account: string) => Shop>> = {
  shopify: makeShopify,
  square: makeSquare,
  stripe: makeStripe,
  woocommerce: makeWooCommerce,
};
/** ms from poll to poll, when the producer says nothing else */
const POLL_MS = 15_000;

export interface ShopWiresDoors {
  book: () => Book | null;
  now: () => Now;
  setting: (key: string) => unknown;
  secrets: Pick<Secrets, 'read'>;
  bookSnapshots: BookSnapshots;
  report: (view: ConnectorView) => void;
  /** letters were dealt with */
  onLetters: () => void;
  log: Log;
}

interface ShopWire {
  /** what it was made of; a wire is made anew when this changes */
  made: string;
  poller: ShopPoller;
  letters: ShopLetters;
}

/** The shops of the show on the desk: made from settings and secrets, polled, and hurried by their webhooks. */
export class ShopWires {
  readonly #doors: ShopWiresDoors;
  readonly #wires = new Map<ShopKind, ShopWire>();
  /** kinds whose former wire is still ending */
  #ending: Promise<unknown> = Promise.resolve();
  #forged = 0;

  constructor(doors: ShopWiresDoors) {
    this.#doors = doors;
  }

  /** Brings the wires in line with the settings, the secrets and the show; what has not changed goes on. */
  rewire(): void {
    for (const kind of SHOP_KINDS) {
      const wanted = this.#wanted(kind);
      const wire = this.#wires.get(kind);
      if (wire?.made === wanted?.made) continue;
      if (wire) this.#end(kind, wire);
      if (wanted) this.#wires.set(kind, this.#make(kind, wanted));
    }
  }

  async stop(): Promise<void> {
    for (const [kind, wire] of this.#wires) this.#end(kind, wire);
    await this.#ending;
  }

  /** One raw delivery of a vendor; answered when it is durable. */
  accept(kind: ShopKind, { headers, body }: Pick<Delivery, 'headers' | 'body'>): IngestAnswer {
    const { secrets, log, now } = this.#doors;
    const given = SIGNING_SECRETS[kind].flatMap((name) => [secrets.read(name), secrets.read(`${name}.former`)]);
    const answer = acceptVendor(
      kind,
      { headers, body },
      {
        secrets: given.filter((secret) => secret !== null),
        notificationUrl: this.#text(`connectors.${kind}.notificationUrl`),
        letters: this.#inbox(),
        now: now().at,
        onForged: () => {
          this.#forged += 1;
          log({ level: 'warn', kind: 'webhook-refused', source: kind, count: this.#forged });
        },
        onClock: (trouble) => this.#noteClock(kind, trouble),
      },
    );
    if (answer.status === 202) this.work(kind);
    return answer;
  }

  /** Letters of a kind may be due: one has come, or a person wants it tried again. */
  work(kind: ShopKind): void {
    const wire = this.#wires.get(kind);
    if (wire) return wire.letters.work();
    const inbox = this.#inbox();
    const stray = inbox?.pendingOf([kind], 500) ?? [];
    for (const { id } of stray)
      inbox?.bury(id, `${NAMES[kind]} is not set up here. Enter its key, then try this again.`);
    if (stray.length > 0) this.#doors.onLetters();
  }

  /** Shops that were not read since `at`, by name (CLS-2). */
  behind(at: Instant): string[] {
    return [...this.#wires].flatMap(([kind, { poller }]) =>
      poller.lastGood !== null && poller.lastGood >= at ? [] : [NAMES[kind]],
    );
  }

  /** Up to when each shop has told of every order, by source; an order may become visible a little after its time. */
  readUntil(): Map<string, Instant> {
    return new Map(
      [...this.#wires].flatMap(([kind, { poller }]) =>
        poller.lastGood === null ? [] : [[kind, poller.lastGood - OVERLAP] as const],
      ),
    );
  }

  #keep(shop: Shop, orderId: string, problem: string): void {
    const body = Buffer.from(shop.letterAbout(orderId));
    const letter = { body, at: this.#doors.now().at, problem };
    if (this.#inbox()?.insertDead(shop.kind, `unread ${shop.account} ${orderId}`, letter)) this.#doors.onLetters();
  }

  /** On the shop's row; a shop that is not asked has one only for this. */
  #noteClock(kind: ShopKind, trouble: string | null): void {
    const wire = this.#wires.get(kind);
    if (wire) return wire.poller.noteDelivery(trouble);
    const since = toIso(this.#doors.now().at);
    const state = trouble === null ? 'off' : 'down';
    this.#doors.report({ id: `shop-${kind}`, kind, state, since, message: trouble ?? '' });
  }

  #wanted(kind: ShopKind): { made: string; account: string; currency: string } | null {
    const book = this.#doors.book();
    const currency = book?.show.plan?.show.currency;
    // A rehearsal must not be told of real buyers.
    if (!book || currency === undefined || book.show.demo) return null;
    const enabled = this.#doors.setting(`connectors.${kind}.enabled`);
    const isKeyed = SHOP_KEYS[kind].some((name) => (this.#doors.secrets.read(name) ?? '') !== '');
    if (enabled === false || (enabled !== true && !isKeyed)) return null;
    const account = this.#text(`connectors.${kind}.account`) ?? '';
    const keys = SHOP_SECRETS.filter((name) => name.startsWith(`${kind}.`)).map((name) =>
      this.#doors.secrets.read(name),
    );
    const made = JSON.stringify([book.id, currency, account, this.#text(`connectors.${kind}.baseUrl`), keys]);
    return { made, account, currency };
  }

  #make(kind: ShopKind, { made, account, currency }: { made: string; account: string; currency: string }): ShopWire {
    const { log, now, report, onLetters, secrets } = this.#doors;
    const place: ShopPlace = {
      baseUrl: this.#text(`connectors.${kind}.baseUrl`),
      fetch: globalThis.fetch,
      readSecret: (name) => secrets.read(name),
      now: () => now().at,
      currency,
    };
    const shop = MAKERS[kind](place, account);
    const since = (): Instant | null => this.#since();
    const bookId = this.#doors.book()?.id;
    const book: BookSnapshots = (orders, from) => {
      // An answer that was under way while the producer took another show belongs to the former one, which is closed.
      if (this.#doors.book()?.id !== bookId) throw new Error('another show is on the desk');
      return this.#doors.bookSnapshots(orders, from);
    };
    const poller = new ShopPoller({
      shop,
      name: NAMES[kind],
      cursors: () => {
        const open = this.#doors.book();
        return open && new ShopCursors(open.db);
      },
      book,
      keep: (orderId, problem) => this.#keep(shop, orderId, problem),
      since,
      everyMs: () => {
        const every = this.#doors.setting('connectors.pollMs');
        return typeof every === 'number' ? every : POLL_MS;
      },
      random: Math.random,
      wire: { readNow: now, report, log, ownPorts: () => [] },
      log,
    });
    const letters = new ShopLetters({
      shop,
      letters: () => this.#inbox(),
      book,
      since,
      now: () => now().at,
      poll: () => poller.next(),
      onChange: onLetters,
      log,
    });
    // The former wire of this kind may hold a page that it has not booked yet; two would only do the same twice.
    void this.#ending.then(() => {
      if (this.#wires.get(kind)?.poller !== poller) return;
      poller.start();
      letters.work();
    });
    return { made, poller, letters };
  }

  #end(kind: ShopKind, { poller, letters }: ShopWire): void {
    this.#wires.delete(kind);
    this.#ending = Promise.all([this.#ending, poller.stop(), letters.stop()]);
  }

  /** When the ledger of this show began. */
  #since(): Instant | null {
    return this.#doors.book()?.ledger.after(0, 1)[0]?.at ?? null;
  }

  #inbox(): Inbox | null {
    const book = this.#doors.book();
    return book && book.show.plan ? new Inbox(book.db) : null;
  }

  #text(key: string): string | null {
    const value = this.#doors.setting(key);
    return typeof value === 'string' && value !== '' ? value : null;
  }
}
