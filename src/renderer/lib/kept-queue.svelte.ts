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
  write: (change: { put?: OutboxRecord[]; remove?: string[] }) => Promise<void>;
}

/** No verdict on the command itself: asked again, it may succeed. */
const PASSING = new Set(['too-many-requests', 'disk-full', 'storage-failed', 'hub-recovering', 'failed']);
/** Money and goods have moved already: a refused one stays until a person has dealt with it. */
const STAYS = new Set(['record-sale', 'void-sale', 'open-drawer', 'pay-in', 'pay-out']);
const AGAIN_MS = 1000;
/**
 * So many are on the way at once. One line keeps their order, and a till that was cut off for an hour has 300 sales on
 * the hub within 5 s (TIL-3), where one at a time would pay two disks and a journey for each.
 */
const AT_ONCE = 32;

/**
 * Everything a device has promised to the hub: first durable here, then sent in order of the presses, and removed only
 * after the hub has answered (CUE-35, ACK-1). An id is never sent with two meanings, so sending one twice is harmless.
 */
export class KeptQueue {
  /** oldest first; only what is durable here */
  list = $state.raw<readonly OutboxRecord[]>([]);
  readonly #store: QueueStore;
  readonly #line: QueueLine;
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on screen depends on it
  readonly #waiting = new Map<string, (reply: Reply) => void>();
  /** sales that the hub has named since this page began: intent → sale */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on screen depends on it
  readonly #named = new Map<string, unknown>();
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

  add({ id, kind, body, madeAt, needs }: Pick<OutboxRecord, 'id' | 'kind' | 'body' | 'madeAt' | 'needs'>): Sending {
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
      ...(needs === undefined ? {} : { needs }),
    };
    const kept = this.#store.write({ put: [record] });
    const reply = kept.then(() => {
      const answer = new Promise<Reply>((settle) => this.#waiting.set(id, settle));
      // The sale may have been named while this was being written.
      const isNamed = needs !== undefined && this.#named.has(needs);
      this.#set([...this.list, isNamed ? about(record, this.#named.get(needs)) : record]);
      void this.drain();
      return answer;
    });
    // Whoever cares about the answer listens; whoever does not must not crash the page.
    reply.catch(() => undefined);
    return { id, kept, reply };
  }

  /** A person has dealt with it; what waited for it alone goes with it. */
  async settle(id: string): Promise<void> {
    const gone = [id, ...this.list.filter(({ needs }) => needs === id).map((record) => record.id)];
    await this.#change({ remove: gone });
    for (const each of gone) this.#waiting.delete(each);
  }

  /** Sends what waits, as long as the line lasts. Called whenever the line has come back. */
  async drain(): Promise<void> {
    if (this.#isDraining) return;
    this.#isDraining = true;
    clearTimeout(this.#again);
    try {
      for (let next = this.#next(); next.length > 0; next = this.#next()) await this.#send(next);
    } catch {
      // No answer: the line is gone, or the hub is busy. Nothing is lost, it is tried again.
      this.#again = setTimeout(() => void this.drain(), AGAIN_MS);
    } finally {
      this.#isDraining = false;
    }
  }

  /** The oldest that wait for nothing but the line. */
  #next(): OutboxRecord[] {
    if (!this.#line.isLive()) return [];
    return this.list.filter(({ refusal, needs }) => refusal === null && needs === undefined).slice(0, AT_ONCE);
  }

  async #send(all: OutboxRecord[]): Promise<void> {
    const show = this.#line.show();
    const isForeign = (record: OutboxRecord): boolean => record.show !== null && show !== null && record.show !== show;
    const foreign = all.filter(isForeign);
    const own = all.filter((record) => !isForeign(record));
    const refusal = { code: 'another-show', message: 'This was made for another show.' };
    const first = own.filter(({ tried }) => !tried);
    if (foreign.length + first.length > 0)
      await this.#change({
        put: [
          ...foreign.map((record) => ({ ...record, refusal })),
          ...first.map((record) => ({ ...record, tried: true })),
        ],
      });
    const answers = await Promise.allSettled(
      own.map(({ body, id, kind }) => this.#line.command({ ...body, id, kind })),
    );
    await this.#hear(own, answers);
  }

  /** @throws when one of them must be sent again */
  async #hear(own: OutboxRecord[], answers: PromiseSettledResult<Reply>[]): Promise<void> {
    const put: OutboxRecord[] = [];
    const remove: string[] = [];
    const heard: { id: string; reply: Reply }[] = [];
    let again: unknown = null;
    own.forEach((record, i) => {
      const answer = answers[i];
      if (answer?.status !== 'fulfilled') return (again ??= answer?.reason ?? 'no answer');
      const reply = answer.value;
      if (!reply.ok && PASSING.has(reply.refusal.code)) return (again ??= reply.refusal.code);
      if (!reply.ok && STAYS.has(record.kind)) put.push({ ...record, tried: true, refusal: reply.refusal });
      else {
        remove.push(record.id);
        if (reply.ok && record.kind === 'record-sale') this.#named.set(record.id, reply['saleId']);
        const waiting = this.list.filter(({ needs }) => needs === record.id);
        // The sale has its number now; what is about it is told in the same write, so that neither is lost alone.
        if (reply.ok) put.push(...waiting.map((one) => about(one, reply['saleId'])));
        else remove.push(...waiting.map(({ id }) => id));
      }
      heard.push({ id: record.id, reply });
    });
    await this.#change({ put, remove });
    for (const { id, reply } of heard) {
      this.#waiting.get(id)?.(reply);
      this.#waiting.delete(id);
    }
    if (again !== null) throw new Error('sent again later', { cause: again });
  }

  async #change({ put = [], remove = [] }: { put?: OutboxRecord[]; remove?: string[] }): Promise<void> {
    if (put.length + remove.length === 0) return;
    await this.#store.write({ put, remove });
    this.#set(
      this.list.filter(({ id }) => !remove.includes(id)).map((known) => put.find(({ id }) => id === known.id) ?? known),
    );
  }

  #set(list: readonly OutboxRecord[]): void {
    this.list = list.toSorted((a, b) => a.order - b.order);
  }
}

function about({ needs: _, ...record }: OutboxRecord, saleId: unknown): OutboxRecord {
  return { ...record, body: { ...record.body, saleId } };
}
