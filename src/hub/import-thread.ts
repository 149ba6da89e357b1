import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { OrderFileHead } from './connectors/csv-formats.ts';
import type { FileOrder } from './connectors/csv-shop-rows.ts';
import type { Unreadable } from './connectors/csv-table.ts';
import type { OrdersReader } from './connectors/import-orders.ts';
import type { FileTask } from './connectors/orders-reader.ts';

/** What the thread says: first what the file is, then, each time it is asked, the next few orders. */
export type ImportNews =
  | { kind: 'unreadable'; refusal: Unreadable['refusal'] }
  | { kind: 'head'; head: OrderFileHead; total: number }
  | { kind: 'orders'; orders: FileOrder[] };

/** Built, this file and the thread's lie in out/main; unbuilt, both are TypeScript in src/hub. */
const SCRIPT = join(
  import.meta.dirname,
  import.meta.filename.endsWith('.ts') ? 'import-worker.ts' : 'import-worker.js',
);

/**
 * Reads a file of orders in a thread of its own: 50 MB are seconds of work, while the hub must answer tills. Orders come
 * as they are asked for, so that never more than a slice of them is taken over in one turn.
 */
export async function readOrdersApart(task: FileTask): Promise<OrdersReader | Unreadable> {
  const worker = new Worker(SCRIPT, { workerData: task });
  // Whoever waits hears of it; a thread that fails while nobody does must not end the hub.
  worker.on('error', () => undefined);
  const news = new Promise<ImportNews>((done, fail) => listen(worker, done, fail));
  const first = await news;
  if (first.kind === 'unreadable') return { refusal: first.refusal };
  if (first.kind !== 'head') throw new Error('the thread that reads the file began in the middle');
  return {
    head: first.head,
    total: first.total,
    next: async () => {
      const answer = new Promise<ImportNews>((done, fail) => listen(worker, done, fail));
      worker.postMessage('next');
      const said = await answer;
      return said.kind === 'orders' ? said.orders : [];
    },
    stop: () => void worker.terminate(),
  };
}

function listen(worker: Worker, done: (news: ImportNews) => void, fail: (error: Error) => void): void {
  const forget = (): void => {
    worker.off('message', hear).off('error', broken).off('exit', ended);
  };
  const hear = (news: ImportNews): void => (forget(), done(news));
  const broken = (cause: unknown): void => (forget(), fail(new Error('read the file in a thread', { cause })));
  const ended = (code: number): void => (
    forget(),
    fail(new Error(`the thread that reads the file ended with ${code}`))
  );
  worker.once('message', hear).once('error', broken).once('exit', ended);
}
