/** One intent that this device has promised to hand to the hub. */
export interface OutboxRecord {
  id: string;
  kind: string;
  body: Record<string, unknown>;
  /** ISO, clock time W at the press */
  madeAt: string;
  /** id of the show it was made for; null when no view had come yet */
  show: string | null;
  /** rises with each press of this device: the order of sending */
  order: number;
  tried: boolean;
  refusal: { code: string; message: string } | null;
  /** id of an intent kept before it, whose reply names the sale that this one is about; absent: it waits for nothing */
  needs?: string;
}

const STORE = 'outbox';

/**
 * What a person did while nobody may have heard it, in IndexedDB. A write is over when the disk has it, not when the
 * browser has taken it: that is what `durability: 'strict'` asks for, and what "saved here" on the screen means (ACK-1).
 */
export class Outbox {
  readonly #db: Promise<IDBDatabase>;

  /** Opening may fail (private window, full disk); every later call then rejects with that reason. */
  constructor(name = 'dropdesk-floor') {
    this.#db = opened(name);
    // The reason is heard by whoever writes next.
    this.#db.catch(() => undefined);
  }

  /** In the order of the presses. */
  async all(): Promise<OutboxRecord[]> {
    const store = (await this.#db).transaction(STORE).objectStore(STORE);
    const records = await answered(store.getAll() as IDBRequest<OutboxRecord[]>);
    return records.sort((a, b) => a.order - b.order);
  }

  /** Adds or replaces by id, and forgets; all of it or nothing, and durable when it resolves. */
  async write({ put = [], remove = [] }: { put?: OutboxRecord[]; remove?: string[] }): Promise<void> {
    await this.#write((store) => {
      for (const record of put) store.put(record);
      for (const id of remove) store.delete(id);
    });
  }

  async #write(change: (store: IDBObjectStore) => void): Promise<void> {
    const transaction = (await this.#db).transaction(STORE, 'readwrite', { durability: 'strict' });
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(new Error('keep in this device', { cause: transaction.error }));
    });
    change(transaction.objectStore(STORE));
    await done;
  }
}

function opened(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error('open the storage of this device', { cause: request.error }));
  });
}

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error('read what this device keeps', { cause: request.error }));
  });
}
