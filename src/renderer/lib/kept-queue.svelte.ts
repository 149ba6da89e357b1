import type { Reply } from '../../contract/commands.ts';
import type { Sending } from '../floor/parts/connection.ts';
import type { OutboxRecord } from './outbox.ts';

/** What the queue needs of the line. */
export interface QueueLine {
  isLive: () => boolean;
  /** id of the show on screen; null before the first view */
  show: () => string | null;
  /** @throws when no answer came: the same id is sent again later */
  command: (frame: object) => Promise<Reply>;
}

/** What the queue needs of the disk (`Outbox` is the real one). */
export interface QueueStore {
  all: () => Promise<OutboxRecord[]>;
  put: (record: OutboxRecord) => Promise<void>;
  remove: (id: string) => Promise<void>;
}

/** No verdict on the command itself: asked again, it may succeed. */
const PASSING = new Set(['too-many-requests', 'disk-full', 'storage-failed', 'hub-recovering', 'failed']);
/** Money and goods have moved already: a refused one stays until a person has dealt with it. */
const STAYS = new Set(['record-sale', 'void-sale']);
const AGAIN_MS = 1000;

/**
 * Everything a device has promised to the hub: first durable here, then sent in order of the presses, one at a time,
 * and removed only after the hub has answered (CUE-35, ACK-1). An id is never sent with two meanings, so sending one
 * twice is harmless.
 */
export class KeptQueue {
  /** oldest first; only what is durable here */
  list = $state.raw<readonly OutboxRecord[]>([]);
  readonly #store: QueueStore;
  readonly #line: QueueLine;
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on screen depends on it
  readonly #waiting = new Map<string, (reply: Reply) => void>();
  #order = 0;
  #isDraining = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(store: QueueStore, line: QueueLine) {
    this.#store = store;
    this.#line = line;
  }

  /** What an earlier page left here. A device that can keep nothing starts empty and says so at the first press. */
  async load(): Promise<void> {
    const kept = await this.#store.all().catch(() => []);
    this.#order = Math.max(this.#order, ...kept.map(({ order }) => order));
    const isNew = (id: string): boolean => !this.list.some((known) => known.id === id);
    this.#set([...kept.filter(({ id }) => isNew(id)), ...this.list]);
    void this.drain();
  }

  stop(): void {
    clearTimeout(this.#again);
  }

  add({ id, kind, body, madeAt }: Pick<OutboxRecord, 'id' | 'kind' | 'body' | 'madeAt'>): Sending {
    this.#order += 1;
    // Said to be tried before it is: a page that dies in between must not offer to take back what the hub may have.
    const record: OutboxRecord = {
      id,
      kind,
      body,
      madeAt,
      show: this.#line.show(),
      order: this.#order,
      tried: this.#line.isLive(),
      refusal: null,
    };
    const kept = this.#store.put(record);
    const reply = kept.then(() => {
      const answer = new Promise<Reply>((settle) => this.#waiting.set(id, settle));
      this.#set([...this.list, record]);
      void this.drain();
      return answer;
    });
    // Whoever cares about the answer listens; whoever does not must not crash the page.
    reply.catch(() => undefined);
    return { id, kept, reply };
  }

  /** A person has dealt with it. */
  async settle(id: string): Promise<void> {
    await this.#store.remove(id);
    this.#set(this.list.filter((record) => record.id !== id));
    this.#waiting.delete(id);
  }

  /** Sends what waits, as long as the line lasts. Called whenever the line has come back. */
  async drain(): Promise<void> {
    if (this.#isDraining) return;
    this.#isDraining = true;
    clearTimeout(this.#again);
    try {
      for (let next = this.#next(); next; next = this.#next()) await this.#send(next);
    } catch {
      // No answer: the line is gone, or the hub is busy. Nothing is lost, it is tried again.
      this.#again = setTimeout(() => void this.drain(), AGAIN_MS);
    } finally {
      this.#isDraining = false;
    }
  }

  #next(): OutboxRecord | undefined {
    return this.#line.isLive() ? this.list.find(({ refusal }) => refusal === null) : undefined;
  }

  async #send(record: OutboxRecord): Promise<void> {
    const show = this.#line.show();
    if (record.show !== null && show !== null && record.show !== show) {
      return this.#replace({
        ...record,
        refusal: { code: 'another-show', message: 'This was made for another show.' },
      });
    }
    if (!record.tried) await this.#replace({ ...record, tried: true });
    const reply = await this.#line.command({ ...record.body, id: record.id, kind: record.kind });
    if (!reply.ok && PASSING.has(reply.refusal.code)) throw new Error(reply.refusal.code);
    if (!reply.ok && STAYS.has(record.kind)) await this.#replace({ ...record, tried: true, refusal: reply.refusal });
    else {
      await this.#store.remove(record.id);
      this.#set(this.list.filter(({ id }) => id !== record.id));
    }
    this.#waiting.get(record.id)?.(reply);
    this.#waiting.delete(record.id);
  }

  async #replace(record: OutboxRecord): Promise<void> {
    await this.#store.put(record);
    this.#set(this.list.map((known) => (known.id === record.id ? record : known)));
  }

  #set(list: readonly OutboxRecord[]): void {
    this.list = list.toSorted((a, b) => a.order - b.order);
  }
}
