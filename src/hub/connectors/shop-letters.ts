import type { OrderSnapshot } from '../../domain/order-snapshot.ts';
import { type Duration, type Instant, SECOND } from '../../domain/units.ts';
import type { BookSnapshots, Letter, LetterBox, Log } from '../doors.ts';
import { reasonOf } from '../log.ts';
import { type Shop, ShopFault } from './shop.ts';

/** CON-5: an order that came without its lines is looked at again after these, then a person is asked. */
const AGAIN_AFTER: readonly Duration[] = [2 * SECOND, 5 * SECOND, 15 * SECOND, 60 * SECOND];
/** While the vendor itself is away a letter waits longer; polling brings its order anyway. */
const WIRE_TRIES = 30;
/** So many letters at once are answered by one poll: asking for each order by itself would use up the vendor's patience. */
const MANY = 10;

export interface ShopLettersDoors {
  shop: Shop;
  letters: () => LetterBox | null;
  book: BookSnapshots;
  since: () => Instant | null;
  now: () => Instant;
  /** a whole poll that begins now. @returns whether it was read to the end */
  poll: () => Promise<boolean>;
  /** letters were dealt with */
  onChange: () => void;
  log: Log;
}

/** Works through one vendor's kept webhooks: each is only a sign that its order has changed (CON-1, CON-15). */
export class ShopLetters {
  readonly #doors: ShopLettersDoors;
  readonly #stop = new AbortController();
  /** when a letter that failed is looked at again */
  readonly #due = new Map<string, Instant>();
  #working: Promise<void> | null = null;
  #isAsked = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(doors: ShopLettersDoors) {
    this.#doors = doors;
  }

  /** Something has come, or may be due. */
  work(): void {
    this.#isAsked = true;
    this.#working ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    if (this.#timer) clearTimeout(this.#timer);
    await this.#working;
  }

  async #run(): Promise<void> {
    try {
      while (this.#isAsked && !this.#stop.signal.aborted) {
        this.#isAsked = false;
        await this.#turn();
      }
    } catch (error) {
      // The letters are still there; the next one, or the clock, brings them up again.
      this.#doors.log({ level: 'error', kind: 'letters-failed', shop: this.#doors.shop.kind, reason: reasonOf(error) });
      this.#wakeAt(this.#doors.now() + 5 * SECOND);
    } finally {
      this.#working = null;
      this.#doors.onChange();
    }
  }

  async #turn(): Promise<void> {
    const letters = this.#doors.letters()?.pendingOf([this.#doors.shop.kind], 500) ?? [];
    const due = letters.filter(({ id }) => (this.#due.get(id) ?? 0) <= this.#doors.now());
    if (due.length > MANY) {
      if (await this.#doors.poll()) for (const letter of due) this.#done(letter);
      else for (const letter of due) this.#due.set(letter.id, this.#doors.now() + 5 * SECOND);
      this.#isAsked ||= letters.length === 500;
    } else {
      for (const letter of due) if (!this.#stop.signal.aborted) await this.#one(letter);
    }
    const next = letters.flatMap(({ id }) => this.#due.get(id) ?? []);
    if (next.length > 0) this.#wakeAt(Math.min(...next));
  }

  async #one(letter: Letter): Promise<void> {
    const { shop, book, since } = this.#doors;
    try {
      const orders = await shop.ordersOf(letter.body, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      book(orders, since());
      if (orders.some(isUnlined)) this.#later(letter, 'The order came without its lines; its money is counted.', null);
      else this.#done(letter);
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      const fault = error instanceof ShopFault ? error : null;
      this.#later(letter, fault?.message ?? reasonOf(error), fault);
    }
  }

  #done(letter: Letter): void {
    this.#due.delete(letter.id);
    this.#doors.letters()?.done(letter.id, this.#doors.now());
  }

  /** A letter is never dropped: after its tries it waits for a person. */
  #later(letter: Letter, problem: string, fault: ShopFault | null): void {
    const letters = this.#doors.letters();
    if (!letters) return;
    const tries = letters.failed(letter.id, problem);
    const isWire = fault !== null && fault.kind !== 'bad-answer';
    const after = AGAIN_AFTER[Math.min(tries, AGAIN_AFTER.length) - 1] ?? 0;
    if (fault?.kind === 'not-set-up' || tries > (isWire ? WIRE_TRIES : AGAIN_AFTER.length)) {
      this.#due.delete(letter.id);
      letters.bury(letter.id, problem);
    } else this.#due.set(letter.id, this.#doors.now() + Math.max(after, fault?.retryAfterMs ?? 0));
  }

  #wakeAt(at: Instant): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => this.work(), Math.max(10, at - this.#doors.now()));
  }
}

function isUnlined({ lines, paid, test }: OrderSnapshot): boolean {
  return paid && !test && lines.length === 0;
}
