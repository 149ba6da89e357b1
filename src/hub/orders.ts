import type { Actor } from '../domain/actor.ts';
import type { OutsideOrder } from '../domain/commands.ts';
import type { Ask } from '../domain/decide/ask.ts';
import { bookOutside } from '../domain/decide/sell.ts';
import { bookSnapshot } from '../domain/decide/snapshot.ts';
import { orderKey } from '../domain/external-orders.ts';
import type { OriginFact } from '../domain/ledger.ts';
import { bookedKey } from '../domain/sales.ts';
import type { AppendInBatch, Book } from './book.ts';
import type { BookOrders, BookSnapshots } from './doors.ts';
import type { Stage } from './stage.ts';

/**
 * Books orders that have happened elsewhere: one decision each, so that the next one sees what the one before took, and
 * one commit for all that are given. An order whose id is known from its source changes nothing.
 */
export function orderBooker(stage: Stage, askOf: (id: string, actor: Actor) => Ask): BookOrders {
  return (orders) => {
    let added = 0;
    stage.appendMany((book, append) => {
      for (const order of orders) added += bookOne(order, book, { append, askOf }) ? 1 : 0;
    });
    return { added, unchanged: orders.length - added };
  };
}

/** The same for whole orders: only what has changed since the last state is booked (CON-1). */
export function snapshotBooker(stage: Stage, askOf: (id: string, actor: Actor) => Ask): BookSnapshots {
  return (orders, since) => {
    const result = { added: 0, changed: 0, unchanged: 0 };
    stage.appendMany((book, append) => {
      for (const order of orders) {
        const isKnown = book.show.orders.byOrder.has(orderKey(order.source, order.account, order.orderId));
        const facts = bookSnapshot(book.show, order, askOf(order.orderId, sourceActor(order.source)), since);
        // A state that books nothing (unpaid, cancelled before it was paid) is only remembered.
        const isNew = append(facts).some(({ kind }) => kind !== 'order.seen');
        result[!isNew ? 'unchanged' : isKnown ? 'changed' : 'added'] += 1;
      }
    });
    return result;
  };
}

function bookOne(
  order: OutsideOrder,
  book: Book,
  { append, askOf }: { append: AppendInBatch; askOf: (id: string, actor: Actor) => Ask },
): boolean {
  // Most of a file that is read again; asking costs more than knowing.
  if (isBooked(book, order)) return false;
  const actor = sourceActor(order.source);
  const facts = bookOutside(book.show, order, askOf(order.sourceId, actor));
  const named = facts.map((fact, n): OriginFact => ({
    ...fact,
    origin: actor.key,
    originId: `${order.type}:${order.sourceId}#${n}`,
  }));
  return named.length > 0 && append(named).length > 0;
}

function isBooked({ show }: Book, { type, source, sourceId }: OutsideOrder): boolean {
  return show.sales.bySource.has(bookedKey(type, source, sourceId));
}

/** Who is asking when an outside source tells its news. */
export function sourceActor(source: string): Actor {
  return { key: `source:${source}`, role: 'source', by: source, device: null, person: null, till: null };
}
