import type { WireEntry } from '../../../contract/messages.ts';
import type { HubConnection } from '../../lib/hub-connection.svelte.ts';
import { type Change, changeOf } from './changes.ts';
import { LONGEST } from './time-window.ts';

const PAGE = 2000;
const QUIET_MS = 1000;

interface LedgerPage {
  entries: WireEntry[];
  head: number;
}

/** What changed in the last eight hours, read from the ledger: the newest page first, then what comes in. */
export class ChangeReader {
  /** newest first */
  changes = $state.raw<Change[]>([]);
  state = $state<'reading' | 'ready' | 'failed'>('reading');
  readonly #hub: Pick<HubConnection, 'read'>;
  #readTo = 0;
  #isReading = false;
  #isStopped = false;

  constructor(hub: Pick<HubConnection, 'read'>) {
    this.#hub = hub;
  }

  /** Reads backwards from `head`, a page at a time, until eight hours before `now`. */
  async start(head: number, now: number): Promise<void> {
    this.#isReading = true;
    this.#readTo = head;
    try {
      for (let after = head; after > 0 && !this.#isStopped;) {
        const limit = Math.min(PAGE, after);
        after -= limit;
        const { entries } = await this.#page(after, limit);
        this.#take(entries);
        if (Date.parse(entries[0]?.at ?? '') < now - LONGEST) break;
      }
      this.state = 'ready';
    } catch {
      // Said on the page; the charts do not need it.
      this.state = 'failed';
    } finally {
      this.#isReading = false;
    }
  }

  /** The ledger has grown up to `head`. Reads what is new, at most once a second. */
  async follow(head: number): Promise<void> {
    if (this.#isReading || this.#isStopped || head <= this.#readTo) return;
    this.#isReading = true;
    try {
      const { entries } = await this.#page(this.#readTo, PAGE);
      this.#take(entries);
      this.#readTo = entries.at(-1)?.seq ?? head;
      this.state = 'ready';
    } catch {
      this.state = 'failed';
    }
    setTimeout(() => (this.#isReading = false), QUIET_MS);
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #page(after: number, limit: number): Promise<LedgerPage> {
    return (await (await this.#hub.read(`/api/ledger?after=${after}&limit=${limit}`)).json()) as LedgerPage;
  }

  #take(entries: readonly WireEntry[]): void {
    const lines = entries.flatMap((entry) => changeOf(entry) ?? []);
    if (lines.length > 0) this.changes = [...this.changes, ...lines].sort((a, b) => b.at - a.at || b.seq - a.seq);
  }
}
