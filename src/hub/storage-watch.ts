import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { StorageView } from '../contract/desk-state.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Book } from './book.ts';
import { reasonOf } from './log.ts';
import { sqliteCode } from './store/database.ts';
import { takeSnapshot } from './store/snapshots.ts';

const WARN_BYTES = 2_000_000_000;
const RED_BYTES = 500_000_000;
const SNAPSHOT_EVERY_MS = 300_000;

/** Watches the disk under the open show: free space, failed appends, snapshots. Its view is `state.storage`. */
export class StorageWatch {
  readonly #dataDir: string;
  #free: number | null = null;
  #walBytes = 0;
  #failure: string | null = null;
  #snapshotProblem: string | null = null;
  #warning: string | null = null;
  /** `mono`: `performance.now()`, for its age must not depend on the wall clock */
  #lastSnapshot: { at: number; mono: number; seq: number } | null = null;
  #isCopying = false;
  /** counts the shows that were on the desk: a copy that ends after its show has left says nothing about the next */
  #round = 0;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /** A sentence while facts cannot be saved, else null. */
  get cannotSave(): string | null {
    return this.#failure;
  }
  get freeBytes(): number | null {
    return this.#free;
  }

  /** Something that stays true until another show is on the desk. */
  warn(sentence: string): void {
    this.#warning = sentence;
  }

  /** An append failed: remembered until one succeeds, and said to whoever asked. */
  failed(error: unknown): Refusal {
    const isFull = sqliteCode(error) === 'SQLITE_FULL';
    this.#failure = isFull
      ? 'The disk is full: sales cannot be saved. Free space on this computer.'
      : `The show cannot be saved (${reasonOf(error)}).`;
    return { code: isFull ? 'disk-full' : 'storage-failed', message: this.#failure };
  }

  succeeded(): void {
    this.#failure = null;
  }

  look(book: Book | null): void {
    try {
      this.#walBytes = book ? sizeOf(join(book.folder, 'show.db-wal')) : 0;
      const { bavail, bsize } = statfsSync(this.#dataDir);
      this.#free = bavail * bsize;
    } catch {
      this.#free = null; // some network shares do not say; the view then shows "unknown"
    }
  }

  /** A snapshot when the last is old and something happened since; `force` for the moments that ask for one. */
  async snapshot(book: Book, now: number, force = false): Promise<string | null> {
    const { head } = book.ledger;
    const isDue = force || !this.#lastSnapshot || performance.now() - this.#lastSnapshot.mono >= SNAPSHOT_EVERY_MS;
    if (!isDue || this.#isCopying || head.seq === 0 || head.seq === this.#lastSnapshot?.seq) return null;
    this.#isCopying = true;
    const round = this.#round;
    try {
      // Entries written while the copy runs are in it too, so it holds at least this head.
      const path = await takeSnapshot(book.db, book.folder, head, new Date(now));
      if (round === this.#round) {
        this.#lastSnapshot = { at: now, mono: performance.now(), seq: head.seq };
        this.#snapshotProblem = null;
      }
      return path;
    } catch (error) {
      if (round === this.#round) this.#snapshotProblem = `The last safety copy failed: ${reasonOf(error)}.`;
      return null;
    } finally {
      this.#isCopying = false;
    }
  }

  forget(): void {
    this.#round += 1;
    this.#lastSnapshot = null;
    this.#failure = null;
    this.#snapshotProblem = null;
    this.#warning = null;
  }

  /** @param trouble a sentence while the show on the desk cannot be read */
  view(book: Book | null, trouble: string | null): StorageView {
    const notice = this.#warning ?? this.#snapshotProblem;
    const isLow = this.#free !== null && this.#free < WARN_BYTES;
    const isRed = this.#failure !== null || (this.#free !== null && this.#free < RED_BYTES);
    return {
      level: trouble ? 'recovering' : isRed ? 'critical' : isLow || notice ? 'warn' : 'ok',
      freeBytes: this.#free,
      walBytes: this.#walBytes,
      lastSnapshotAt: this.#lastSnapshot ? new Date(this.#lastSnapshot.at).toISOString() : null,
      message: trouble ?? this.#failure ?? notice ?? (isLow ? 'Little space is left on the disk.' : null),
      pragmas: book?.pragmas ?? {},
      copiedSeq: this.#lastSnapshot?.seq ?? 0,
      secondDisk: null,
    };
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
