import type { OutsideOrder } from '../../domain/commands.ts';
import { isNews, markOf, orderKey } from '../../domain/external-orders.ts';
import { nextVersion } from '../../domain/closing.ts';
import { madeAfterClose } from '../../domain/observed.ts';
import type { OrderSnapshot } from '../../domain/order-snapshot.ts';
import { accept, refuse } from '../../domain/refusal.ts';
import type { Decision } from '../../domain/refusal.ts';
import { bookedKey } from '../../domain/sales.ts';
import type { ShowState } from '../../domain/show.ts';
import { twinOf } from '../../domain/twins.ts';
import type { BookOrders, BookSnapshots } from '../doors.ts';
import type { OrderFileHead, OrderTask } from './csv-formats.ts';
import { returnsFinder } from './csv-returns.ts';
import type { FileOrder } from './csv-shop-rows.ts';
import type { Unreadable } from './csv-table.ts';
import { type PreviewRow, previewOf, type Standing } from './import-preview.ts';

/** A file of orders that is being read elsewhere: what it is, then its orders a slice at a time. */
export interface OrdersReader {
  head: OrderFileHead;
  /** how many orders there are */
  total: number;
  /** the next few orders; none: that was all */
  next: () => Promise<FileOrder[]>;
  stop: () => void;
}

export interface OrderDoors {
  show: () => ShowState | null;
  readOrders: (task: OrderTask & { file: { text: string } | { base64: string } }) => Promise<OrdersReader | Unreadable>;
  bookOrders: BookOrders;
  bookSnapshots: (orders: OrderSnapshot[]) => ReturnType<BookSnapshots>;
  /** both halves of a Square sale, as far as they were imported (csv-halves.ts) */
  joinHalves: (orders: FileOrder[], keep: boolean) => FileOrder[];
  /** how far it is. @returns false when it should stop: what is booked stays */
  progress: (done: number, total: number) => boolean;
}

/** Tills are answered between two slices of about this long, ms. */
const SLICE_MS = 30;
/** Fewer, and the commit of each slice would cost more than its orders. */
const SMALLEST_SLICE = 40;
const LARGEST_SLICE = 500;
/** More problems than a person reads; the count says how many there are. */
const LISTED_PROBLEMS = 500;
const PREVIEW_ROWS = 20;

/** Books a file's orders slice by slice; whoever stops it keeps what is booked, and the file again brings the rest. */
export async function bookFile(reader: OrdersReader, doors: OrderDoors): Promise<Decision> {
  const showId = doors.show()?.id;
  const result = { added: 0, unchanged: 0, changed: 0, observed: 0 };
  const prepare = preparer(doors, true);
  let [done, size] = [0, SMALLEST_SLICE];
  let waiting: FileOrder[] = [];
  let isWanted = doors.progress(0, reader.total);
  try {
    while (isWanted) {
      if (waiting.length === 0) waiting = await reader.next();
      if (waiting.length === 0) break;
      if (doors.show()?.id !== showId)
        return refuse('show-not-open', 'Another show was opened; the rest of the file was not imported.');
      const began = performance.now();
      const slice = waiting.splice(0, size);
      book(prepare(slice), doors, result);
      done += slice.length;
      isWanted = doors.progress(done, reader.total);
      const fitting = Math.round((size * SLICE_MS) / Math.max(1, performance.now() - began));
      size = Math.max(SMALLEST_SLICE, Math.min(LARGEST_SLICE, size * 2, fitting));
      await soon();
    }
  } finally {
    reader.stop();
  }
  const stopped = done < reader.total ? { cancelled: true, done, total: reader.total } : {};
  const show = doors.show();
  const told = show?.phase === 'closed' ? { note: lateNote(show, result) } : {};
  return accept([], { ...headReply(reader.head), ...result, ...told, ...stopped });
}

/** What an import into a closed show has done, for people (CLS-5, VER-2). */
function lateNote(show: ShowState, { added, changed, observed }: Booked): string {
  const booked = added + changed;
  const words = ['The show is closed.'];
  if (booked > 0)
    words.push(
      `${booked} of its own orders and refunds are booked; finish the close again to write them to close-v${nextVersion(show.close)}.`,
    );
  if (observed > 0) words.push(`${observed} made after it are kept as buyers who came back, without stock or takings.`);
  if (booked + observed === 0)
    words.push('Nothing of this file changes it: orders made after it count only where the buyer left a contact.');
  return words.join(' ');
}

/** What an import would do, order by order; nothing is booked. */
export async function previewFile(reader: OrdersReader, doors: OrderDoors): Promise<Decision> {
  const counts = { added: 0, unchanged: 0, changed: 0 };
  const preview: PreviewRow[] = [];
  const prepare = preparer(doors, false);
  for (let orders = await reader.next(); orders.length > 0; orders = await reader.next()) {
    const show = doors.show();
    if (!show) break;
    for (const order of prepare(orders)) {
      const standing = standingOf(order, show);
      counts[standing === 'nothing' ? 'unchanged' : standing] += 1;
      if (preview.length < PREVIEW_ROWS) preview.push(previewOf(order, standing, show));
    }
    await soon();
  }
  reader.stop();
  return accept([], { dryRun: true, ...headReply(reader.head), ...counts, preview });
}

export function headReply(head: OrderFileHead): Record<string, unknown> {
  const { problems, ...rest } = head;
  const needsMapping = head.missing.length > 0;
  return { ...rest, needsMapping, problems: problems.slice(0, LISTED_PROBLEMS), problemCount: problems.length };
}

function standingOf(order: FileOrder, show: ShowState): Standing {
  const madeAt = 'type' in order ? (order.type === 'sale' ? order.at : null) : order.createdAt;
  if (madeAt !== null && madeAfterClose(show, madeAt)) return 'nothing';
  if ('type' in order)
    return show.sales.bySource.has(bookedKey(order.type, order.source, order.sourceId)) ? 'unchanged' : 'added';
  const known = show.orders.byOrder.get(orderKey(order.source, order.account, order.orderId));
  if (!known && twinOf(show.orders, order)?.known.saleId) return 'unchanged';
  if (!known) return order.paid && !order.test ? 'added' : 'nothing';
  return isNews(known, markOf(order)) ? 'changed' : 'unchanged';
}

function preparer(doors: OrderDoors, keep: boolean): (orders: FileOrder[]) => FileOrder[] {
  let find: ((order: OutsideOrder) => OutsideOrder) | null = null;
  return (orders) =>
    doors.joinHalves(orders, keep).map((order) => {
      if (!('type' in order) || order.type === 'sale') return order;
      const show = doors.show();
      if (show) find ??= returnsFinder(show);
      return find ? find(order) : order;
    });
}

/** In the order of the file: a return may follow its sale. */
function book(orders: FileOrder[], doors: OrderDoors, result: Booked): void {
  for (let at = 0; at < orders.length;) {
    const isSingle = (order: FileOrder | undefined): order is OutsideOrder => order !== undefined && 'type' in order;
    const singles: OutsideOrder[] = [];
    const wholes: OrderSnapshot[] = [];
    for (let order = orders[at]; isSingle(order); order = orders[++at]) singles.push(order);
    for (let order = orders[at]; order && !isSingle(order); order = orders[++at]) wholes.push(order);
    if (singles.length > 0) add(result, { ...doors.bookOrders(singles), changed: 0 });
    if (wholes.length > 0) add(result, doors.bookSnapshots(wholes));
  }
}

type Booked = Required<ReturnType<BookSnapshots>>;

function add(sum: Booked, more: ReturnType<BookSnapshots>): void {
  sum.added += more.added;
  sum.unchanged += more.unchanged;
  sum.changed += more.changed;
  sum.observed += more.observed ?? 0;
}

function soon(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
