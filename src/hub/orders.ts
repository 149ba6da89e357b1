import type { Actor } from '../domain/actor.ts';
import type { OutsideOrder } from '../domain/commands.ts';
import type { Ask } from '../domain/decide/ask.ts';
import { bookOutside } from '../domain/decide/sell.ts';
import { bookSnapshot } from '../domain/decide/snapshot.ts';
import { isNews, markOf, orderKey } from '../domain/external-orders.ts';
import type { Entry, OriginFact } from '../domain/ledger.ts';
import type { OrderSnapshot } from '../domain/order-snapshot.ts';
import { bookedKey } from '../domain/sales.ts';
import { type Instant, fromIso } from '../domain/units.ts';
import type { AppendInBatch, Book } from './book.ts';
import type { BookOrders, BookSnapshots } from './doors.ts';
import type { Stage } from './stage.ts';

/**
 * Books orders that have happened elsewhere: one decision each, so that the next one sees what the one before took, and
 * one commit for all that are given. An order whose id is known from its source changes nothing.
 */
export function orderBooker(stage: Stage, askOf: (id: string, actor: Actor) => Ask): BookOrders {
  return (orders) => {
    let [added, observed] = [0, 0];
    stage.appendMany((book, append) => {
      const ask = asker(book, askOf);
      for (const order of orders) {
        const kinds = bookOne(order, book, { append, ask }).map(({ kind }) => kind);
        if (kinds.includes('purchase.observed')) observed += 1;
        else added += kinds.length > 0 ? 1 : 0;
      }
    });
    return { added, unchanged: orders.length - added - observed, observed };
  };
}

/** Keeps buyers' contacts with the people of the show, where they can be erased (CON-12). */
export type KeepBuyers = (buyers: Buyer[]) => void;

interface Buyer {
  contact: { email?: string; phone?: string; name?: string; consent?: boolean };
  id: string;
}

/** The same for whole orders: only what has changed since the last state is booked (CON-1). */
export function snapshotBooker(
  stage: Stage,
  askOf: (id: string, actor: Actor) => Ask,
  keep: KeepBuyers,
): BookSnapshots {
  return (orders, since) => {
    const result = { added: 0, changed: 0, unchanged: 0, observed: 0 };
    keep(buyersOf(stage, orders, since));
    stage.appendMany((book, append) => {
      const ask = asker(book, askOf);
      for (const order of orders) {
        const known = book.show.orders.byOrder.get(orderKey(order.source, order.account, order.orderId));
        const facts = bookSnapshot(book.show, order, ask(order.orderId, sourceActor(order.source)), since);
        const kinds = append(facts).map(({ kind }) => kind);
        // A state that books nothing (unpaid, cancelled before it was paid, told by another door) is only remembered.
        const isNew = kinds.some((kind) => kind !== 'order.seen' && kind !== 'order.joined');
        const isSold = known !== undefined || kinds.includes('order.joined');
        const isObserved = kinds.includes('purchase.observed');
        result[isObserved ? 'observed' : !isNew ? 'unchanged' : isSold ? 'changed' : 'added'] += 1;
      }
    });
    return result;
  };
}

function bookOne(
  order: OutsideOrder,
  book: Book,
  { append, ask }: { append: AppendInBatch; ask: (id: string, actor: Actor) => Ask },
): Entry[] {
  // Most of a file that is read again; asking costs more than knowing.
  if (isBooked(book, order)) return [];
  const actor = sourceActor(order.source);
  const facts = bookOutside(book.show, order, ask(order.sourceId, actor));
  const named = facts.map((fact, n): OriginFact => ({
    ...fact,
    origin: actor.key,
    originId: `${order.type}:${order.sourceId}#${n}`,
  }));
  return named.length > 0 ? append(named) : [];
}

/** What is true for a whole batch is asked once; each decision has its own id, source and first seq. */
function asker(book: Book, askOf: (id: string, actor: Actor) => Ask): (id: string, actor: Actor) => Ask {
  const common = askOf('', sourceActor(''));
  return (id, actor) => ({ ...common, id, actor, seq: book.ledger.head.seq + 1 });
}

function isBooked({ show }: Book, { type, source, sourceId }: OutsideOrder): boolean {
  return show.sales.bySource.has(bookedKey(type, source, sourceId));
}

/** Before their orders are booked: the ledger must not know anybody whom the list has lost in a kill. */
function buyersOf(stage: Stage, orders: readonly OrderSnapshot[], since: Instant | null): Buyer[] {
  return orders.flatMap((order): Buyer[] => {
    const { person, source, account, orderId } = order;
    const known = stage.book?.show.orders.byOrder.get(orderKey(source, account, orderId));
    const isOurs = order.paid && !order.test && (since === null || fromIso(order.createdAt) >= since);
    if (person === null || !isOurs || !isNews(known, markOf(order))) return [];
    const { email, phone, name, consent } = person;
    const contact = {
      ...(email !== null && { email }),
      ...(phone !== null && { phone }),
      ...(name !== null && { name }),
      // Who did not tick a box at a shop has not taken back what was said elsewhere.
      ...(consent && { consent }),
    };
    return [{ contact, id: `order:${source}:${account}:${orderId}` }];
  });
}

/** Who is asking when an outside source tells its news. */
export function sourceActor(source: string): Actor {
  return { key: `source:${source}`, role: 'source', by: source, device: null, person: null, till: null };
}
