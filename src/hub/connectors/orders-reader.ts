import { readOrderFile } from './csv-formats.ts';
import type { OrderFile, OrderTask } from './csv-formats.ts';
import type { Unreadable } from './csv-table.ts';
import type { FileOrder } from './csv-shop-rows.ts';
import type { OrdersReader } from './import-orders.ts';

export type FileTask = OrderTask & { file: { text: string } | { base64: string } };

/** Orders that leave a thread at a time: taking over more of them at once would stop the hub for a moment. */
const SLICE = 250;

export function readTask({ file, ...task }: FileTask): OrderFile | Unreadable {
  const bytes = 'text' in file ? Buffer.from(file.text, 'utf8') : Buffer.from(file.base64, 'base64');
  return readOrderFile(bytes, task);
}

/** The orders of a file that was read, a slice at a time; none when all were taken. */
export function slicer({ orders }: OrderFile): () => FileOrder[] {
  let at = 0;
  return () => orders.slice(at, (at += SLICE));
}

/** Reads a file in the caller's own thread. */
export function readOrdersHere(task: FileTask): OrdersReader | Unreadable {
  const read = readTask(task);
  if ('refusal' in read) return read;
  const { orders, ...head } = read;
  const next = slicer(read);
  return { head, total: orders.length, next: () => Promise.resolve(next()), stop: () => undefined };
}
