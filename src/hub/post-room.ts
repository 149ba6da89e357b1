import { type Now, toIso } from '../domain/units.ts';
import type { Book } from './book.ts';
import { acceptGeneric, GENERIC, processPending } from './connectors/webhook-inbox.ts';
import type { BookOrders, BookSnapshots, ReportConnector } from './doors.ts';
import { type ShopKind, SHOP_KINDS } from './connectors/shop.ts';
import type { Delivery, IngestAnswer } from './gateway/doors.ts';
import { log, reasonOf } from './log.ts';
import { Inbox } from './store/inbox.ts';
import type { ShopWires } from './shop-wires.ts';
import type { Secrets } from './store/secrets.ts';

/** Letters that failed are looked at again this often. */
const AGAIN_MS = 5000;
/** Bodies of letters that were dealt with are forgotten after a day; their hashes stay. */
const BLANK_AFTER_MS = 86_400_000;

export interface PostRoomDoors {
  book: () => Book | null;
  now: () => Now;
  secrets: Secrets;
  bookOrders: BookOrders;
  bookSnapshots: BookSnapshots;
  shops: () => ShopWires;
  /** how many letters wait for a person */
  onChange: (unsettled: number) => void;
  report: ReportConnector;
}

/** Signed webhooks of the show on the desk: kept, answered, then booked. */
export class PostRoom {
  readonly #doors: PostRoomDoors;
  #timer: NodeJS.Timeout | null = null;
  #isAsked = false;
  #taken = 0;
  /** why signed deliveries are refused, when the clock is why */
  #clock: string | null = null;
  #since: string | null = null;

  constructor(doors: PostRoomDoors) {
    this.#doors = doors;
  }

  /** @param isOpen the ingest listener is open, so the desk has a row for it */
  start(isOpen: boolean): void {
    if (isOpen) this.#report('Open. Nothing has come yet.');
    this.#timer = setInterval(() => this.work(), AGAIN_MS);
    this.work();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  /** One raw delivery. The answer is given when the body is durable; booking follows in a turn of its own. */
  accept({ path, headers, body }: Delivery, given: readonly string[] = this.#secrets()): IngestAnswer {
    const vendor = SHOP_KINDS.find((kind): kind is ShopKind => kind === path);
    if (vendor) return this.#doors.shops().accept(vendor, { headers, body });
    if (path !== GENERIC) return { status: 404, body: { ok: false, message: 'Dropdesk has no door for this sender.' } };
    const answer = acceptGeneric(headers, body, {
      secrets: given,
      letters: this.#inbox(),
      now: () => this.#doors.now().at,
      onForged: () => log({ level: 'warn', kind: 'webhook-refused', source: path }),
      onClock: (trouble) => this.#noteClock(trouble),
    });
    if (answer.status === 202) {
      this.#taken += 1;
      this.#report(`${this.#taken} taken, the last one at ${toIso(this.#doors.now().at)}.`);
      this.#soon();
    }
    return answer;
  }

  #noteClock(trouble: string | null): void {
    if (trouble === this.#clock) return;
    this.#clock = trouble;
    this.#report(trouble ?? 'Open.');
  }

  #report(message: string): void {
    this.#since ??= toIso(this.#doors.now().at);
    this.#doors.report({
      id: 'webhooks',
      kind: GENERIC,
      state: this.#clock === null ? 'up' : 'down',
      since: this.#since,
      message,
    });
  }

  /** Books what has arrived, a slice at a time, so that tills are answered in between. */
  work(): void {
    this.#isAsked = false;
    const letters = this.#inbox();
    if (!letters) return;
    try {
      const { bookOrders, bookSnapshots, now } = this.#doors;
      const { done } = processPending({ letters, bookOrders, bookSnapshots, now: () => now().at });
      if (done > 0 && letters.pendingOf([GENERIC], 1).length > 0) this.#soon();
      letters.blank(this.#doors.now().at - BLANK_AFTER_MS);
      this.recount();
    } catch (error) {
      log({ level: 'error', kind: 'inbox-failed', reason: reasonOf(error) });
    }
  }

  /** Says anew how many letters wait for a person. */
  recount(): void {
    const inbox = this.#inbox();
    if (inbox) this.#doors.onChange(inbox.counts().unsettled);
  }

  /** Has a dead letter worked on again, after a sku was added or a key renewed. @returns false when no such letter waits */
  retry(letter: string): boolean {
    const inbox = this.#inbox();
    if (!inbox?.retry(letter)) return false;
    this.recount();
    this.#soon();
    for (const kind of SHOP_KINDS) this.#doors.shops().work(kind);
    return true;
  }

  /** @returns false when no such letter waits */
  settle(letter: string, reason: string): boolean {
    const inbox = this.#inbox();
    if (!inbox) return false;
    const isSettled = inbox.settle(letter, reason, this.#doors.now().at);
    this.#doors.onChange(inbox.counts().unsettled);
    return isSettled;
  }

  /** Two while the secret is being changed, so that nothing on its way is refused. */
  #secrets(): string[] {
    const { secrets } = this.#doors;
    return [secrets.read('ingest.secret'), secrets.read('ingest.secret.former')].filter((secret) => secret !== null);
  }

  #inbox(): Inbox | null {
    const book = this.#doors.book();
    return book && book.show.plan ? new Inbox(book.db) : null;
  }

  #soon(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    setImmediate(() => this.work());
  }
}
