import type { Db } from './database.ts';

/** Halves of outside orders that come in two files, as they were read; they hold no names and no addresses. */
export const HALVES_MIGRATION = `
CREATE TABLE order_half (
  order_id TEXT NOT NULL, half TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (order_id, half)
) STRICT, WITHOUT ROWID;
`;

export class OrderHalves {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  find(orderId: string, half: string): string | null {
    const text = this.#db
      .prepare('SELECT body FROM order_half WHERE order_id = ? AND half = ?')
      .pluck()
      .get(orderId, half) as string | undefined;
    return text ?? null;
  }

  save(orderId: string, half: string, body: string): void {
    this.#db
      .prepare(
        'INSERT INTO order_half VALUES (?, ?, ?) ON CONFLICT (order_id, half) DO UPDATE SET body = excluded.body WHERE body <> excluded.body',
      )
      .run(orderId, half, body);
  }
}
