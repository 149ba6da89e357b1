import type { Actor } from '../domain/actor.ts';
import type { OutsideOrder } from '../domain/commands.ts';
import { bookOutside } from '../domain/decide/sell.ts';
import type { OriginFact } from '../domain/ledger.ts';
import type { BookOrders } from './doors.ts';
import type { Stage } from './stage.ts';

/**
 * Books orders that have happened elsewhere, one decision and one commit each, so that the next one sees what the one
 * before took. An order whose id is known from its source changes nothing.
 */
export function orderBooker(stage: Stage, refOf: (contact: string) => string): BookOrders {
  return (orders) => {
    let added = 0;
    for (const order of orders) added += bookOne(stage, order, refOf) ? 1 : 0;
    return { added, unchanged: orders.length - added };
  };
}

function bookOne(stage: Stage, order: OutsideOrder, refOf: (contact: string) => string): boolean {
  const book = stage.book;
  if (!book) throw new Error('there is no show to book orders in');
  const actor: Actor = {
    key: `source:${order.source}`,
    role: 'source',
    by: order.source,
    device: null,
    person: null,
    till: null,
  };
  const facts = bookOutside(book.show, order, {
    id: order.sourceId,
    actor,
    now: stage.now(),
    seq: book.ledger.head.seq + 1,
    refOf,
  });
  const named = facts.map((fact, n): OriginFact => ({
    ...fact,
    origin: actor.key,
    originId: `${order.type}:${order.sourceId}#${n}`,
  }));
  return stage.append(named).length > 0;
}
