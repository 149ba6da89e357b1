import { parentPort, workerData } from 'node:worker_threads';
import { readTask, slicer } from './connectors/orders-reader.ts';
import type { FileTask } from './connectors/orders-reader.ts';
import type { ImportNews } from './import-thread.ts';

/** The thread behind import-thread.ts: reads the file, says what it is, hands out its orders when asked. */
const say = (news: ImportNews): void => parentPort?.postMessage(news);
const read = readTask(workerData as FileTask);
if ('refusal' in read) {
  say({ kind: 'unreadable', refusal: read.refusal });
} else {
  const { orders, ...head } = read;
  const next = slicer(read);
  parentPort?.on('message', () => say({ kind: 'orders', orders: next() }));
  say({ kind: 'head', head, total: orders.length });
}
