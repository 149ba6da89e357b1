import { DUES } from '../domain/decide/due.ts';
import type { Vitals } from '../domain/decide/vitals.ts';
import type { Entry, OriginFact } from '../domain/ledger.ts';
import type { Plan } from '../domain/plan.ts';
import type { Now } from '../domain/units.ts';
import type { AppendInBatch, Book } from './book.ts';
import type { HubClock } from './clock.ts';
import { log, reasonOf } from './log.ts';
import { type Opened, Unrecoverable } from './recovery.ts';
import type { Shows } from './shows.ts';
import type { StorageWatch } from './storage-watch.ts';
import type { ShowRow } from './store/desk-store.ts';
import { sqliteCode } from './store/database.ts';
import type { CommandRow } from './store/ledger.ts';

const TICK_MS = 250;
/** After an append, what it brings about is asked for soon, but not more often than this. */
const SETTLE_MS = 25;
/** After a failure the disk is left alone for this long: opening a long show anew at every tick would stop the hub. */
const AGAIN_MS = 2000;

export interface StageDoors {
  clock: HubClock;
  shows: Shows;
  storage: StorageWatch;
  vitals: () => Vitals;
  /** durable and folded: tell everyone */
  onEntries: (entries: Entry[]) => void;
  /** another show is on the desk */
  onShow: () => void;
}

/** The show on the desk: the one place that appends, and that lets time do its work on it. */
export class Stage {
  readonly #doors: StageDoors;
  #book: Book | null = null;
  #row: ShowRow | null = null;
  #ticker: NodeJS.Timeout | null = null;
  #settling: NodeJS.Timeout | null = null;
  #isSettling = false;
  #trouble: string | null = null;
  /** the show whose file could not be opened again after an I/O error; tried until it can */
  #lost: { row: ShowRow; acknowledged: number } | null = null;
  /** hub's monotonic clock */
  #againAt = 0;

  constructor(doors: StageDoors) {
    this.#doors = doors;
  }

  get book(): Book | null {
    return this.#book;
  }

  now(): Now {
    return this.#doors.clock.read(this.#book?.show.clock);
  }

  start(): void {
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
  }

  stop(): void {
    if (this.#ticker) clearInterval(this.#ticker);
    if (this.#settling) clearTimeout(this.#settling);
    this.#leave();
  }

  /** A sentence while the show that belongs on the desk cannot be read, else null. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Puts a show of the list on the desk; one that is damaged comes back from its newest safety copy. */
  load(row: ShowRow, { isSuspect } = { isSuspect: false }): Book | null {
    const opened = this.#open(row, isSuspect);
    this.#leave();
    if (!opened) return null;
    const { book, restoredFrom } = opened;
    this.#book = book;
    this.#row = row;
    this.#lost = null;
    this.#doors.shows.choose(row.id);
    this.#doors.storage.forget();
    if (restoredFrom !== null) this.#noteRecovery(book, restoredFrom);
    this.#doors.onShow();
    return book;
  }

  #open(row: ShowRow, isSuspect: boolean): Opened | null {
    try {
      this.#trouble = null;
      return this.#doors.shows.open(row, this.now().at, isSuspect);
    } catch (error) {
      if (!(error instanceof Unrecoverable)) throw error;
      this.#trouble = error.message;
      return null;
    }
  }

  #noteRecovery(book: Book, source: string): void {
    const { seq, hash } = book.ledger.head;
    const last = book.ledger.after(seq - 1, 1)[0];
    const { at, boot } = this.now();
    const body = { source, lastSeq: seq, head: hash, gapMs: last ? Math.max(0, at - last.at) : 0 };
    this.append([{ origin: 'hub', originId: `${boot}:recovered`, kind: 'ledger.recovered', body }]);
    this.#doors.storage.warn(
      `The show’s file was damaged; it goes on from the safety copy with ${seq} entries. Check the last sales and recount.`,
    );
  }

  /** A new show with an empty ledger; its first entry is the caller's. */
  make(plan: Plan, demo: boolean): Book {
    const book = this.load(this.#doors.shows.make(plan, demo, this.now().at));
    if (!book) throw new Error('open a new show');
    return book;
  }

  /**
   * Durable, folded, then announced.
   *
   * @throws the database's error, with nothing announced. After an I/O error the file was opened anew: the handle that
   *         saw a failed fsync would go on as if nothing had happened (DSK-3).
   */
  append(facts: readonly OriginFact[], command?: CommandRow, now: Now = this.now()): Entry[] {
    if (!this.#book) throw new Error('there is no show to append to');
    let entries: Entry[];
    try {
      entries = this.#book.append(facts, now, command);
    } catch (error) {
      if (isDiskFault(error)) this.#reopen();
      throw error;
    }
    this.#announce(entries);
    return entries;
  }

  /**
   * Many decisions in one turn and one commit, each made on what the one before has left. Nothing is announced before
   * the commit. One that fails takes back all: the fold is ahead of the file then, so the show is opened anew from it.
   *
   * @param work decides on `book.show` and appends, again and again, without awaiting
   * @throws the database's error or the decision's, with nothing written and nothing announced
   */
  appendMany(work: (book: Book, append: AppendInBatch) => void): Entry[] {
    const book = this.#book;
    if (!book) throw new Error('there is no show to append to');
    const { seq } = book.ledger.head;
    let entries: Entry[];
    try {
      entries = book.appendMany((append) => work(book, append), this.now());
    } catch (error) {
      if (book.ledger.head.seq !== seq || isDiskFault(error)) this.#reopen(seq);
      throw error;
    }
    this.#announce(entries);
    return entries;
  }

  #announce(entries: Entry[]): void {
    this.#doors.storage.succeeded();
    if (entries.length === 0) return;
    if (this.#book && this.#row && entries.some(changesTheList)) this.#noteInList(this.#book, this.#row);
    this.#doors.onEntries(entries);
    if (!this.#isSettling) this.#settling ??= setTimeout(() => this.settle(), SETTLE_MS);
  }

  /** The entries are durable whether or not the list of shows can be written; its next change brings it up to date. */
  #noteInList(book: Book, row: ShowRow): void {
    this.#row = { ...row, phase: book.show.phase };
    try {
      this.#doors.shows.note(book, row);
    } catch (error) {
      log({ level: 'error', kind: 'list-not-noted', reason: reasonOf(error) });
    }
  }

  /** What the file holds now is the truth: everything acknowledged, perhaps the entry whose answer was an error too. */
  #reopen(acknowledged = this.#book?.ledger.head.seq ?? 0): void {
    if (!this.#row) return;
    const lost = { row: this.#row, acknowledged };
    this.#leave();
    this.#find(lost);
  }

  /** A disk that went away may come back: until then commands are refused, and nothing else takes the show's place. */
  #find(lost: { row: ShowRow; acknowledged: number }): void {
    const { row, acknowledged } = lost;
    let book: Book | null;
    try {
      book = this.load(row, { isSuspect: true });
    } catch (error) {
      this.#lost = lost;
      this.#againAt = this.now().mono + AGAIN_MS;
      this.#trouble = `The show’s file cannot be opened (${reasonOf(error)}). Check the disk; Dropdesk goes on trying.`;
      log({ level: 'error', kind: 'show-lost', reason: reasonOf(error) });
      return;
    }
    if (book && book.ledger.head.seq < acknowledged) {
      this.#doors.storage.warn(
        `The disk failed and lost entries ${book.ledger.head.seq + 1} to ${acknowledged}. Check the last sales and recount.`,
      );
    }
  }

  /** Appends what time alone has brought about. A failed append is said on the desk and asked again next time. */
  settle(): void {
    this.#settling = null;
    if (!this.#book || this.#isSettling || this.now().mono < this.#againAt) return;
    this.#isSettling = true;
    try {
      for (const due of DUES) {
        const facts = due(this.#book.show, this.now(), this.#doors.vitals());
        if (facts.length > 0) this.append(facts);
      }
    } catch (error) {
      this.#doors.storage.failed(error);
      this.#againAt = this.now().mono + AGAIN_MS;
      log({ level: 'error', kind: 'settle-failed', reason: reasonOf(error) });
    } finally {
      this.#isSettling = false;
    }
  }

  #tick(): void {
    if (this.#lost && this.now().mono >= this.#againAt) this.#find(this.#lost);
    const jump = this.#doors.clock.jump();
    if (jump !== 0 && this.#book && this.#book.show.seq > 0)
      this.#note({ kind: 'clock.jumped', body: { deltaMs: jump } });
    this.settle();
  }

  #note(fact: Pick<OriginFact, 'kind' | 'body'>): void {
    const { mono, boot } = this.now();
    try {
      this.append([{ ...fact, origin: 'clock', originId: `${boot}:${mono}` } as OriginFact]);
    } catch (error) {
      this.#doors.storage.failed(error);
    }
  }

  #leave(): void {
    try {
      this.#book?.close();
    } catch (error) {
      // A disk that cannot be written cannot fold the log in either; the next opening does.
      log({ level: 'error', kind: 'close-failed', reason: reasonOf(error) });
    }
    this.#book = null;
    this.#row = null;
  }
}

/** The handle cannot be trusted after these, and the file must be looked at before it is. */
function isDiskFault(error: unknown): boolean {
  return /^SQLITE_(IOERR|CORRUPT|NOTADB)/.test(sqliteCode(error) ?? '');
}

function changesTheList(entry: Entry): boolean {
  return entry.kind.startsWith('show.') || entry.kind === 'plan.adopted';
}
