import { type KnownOrder, type OrdersState, orderKey } from './external-orders.ts';
import type { OrderSnapshot } from './order-snapshot.ts';
import { aliasKey, keptAs, otherDoor } from './vendor-doors.ts';

/** An order as its vendor's other door has told it. */
export interface Twin {
  source: string;
  account: string;
  orderId: string;
  known: KnownOrder;
}

/** By the vendor's own ids and names, never by likeness. Null: the other door has not told it. */
export function twinOf(
  orders: OrdersState,
  { source, orderId, name, also = [] }: Pick<OrderSnapshot, 'source' | 'orderId' | 'name' | 'also'>,
): Twin | null {
  const other = otherDoor(source);
  if (other === null) return null;
  // A file that holds no ids names its orders as people do.
  const ids = [orderId, name, ...also];
  const accounts = [...(orders.accounts.get(other) ?? [])];
  const keys = accounts.flatMap((account) => ids.map((id) => orderKey(other, account, id)));
  const aliases = ids.flatMap((id) => orders.byAlias.get(aliasKey(source, id) ?? '') ?? []);
  for (const key of [...keys, ...aliases]) {
    const known = orders.byOrder.get(key);
    const [from, account = '', id = ''] = key.split('\n');
    if (known && from === other) return { source: other, account, orderId: id, known };
  }
  return null;
}

/** Names of an order that are not kept yet. */
export function newNames(orders: OrdersState, { source, account, orderId, also = [] }: OrderSnapshot): string[] {
  return [...new Set(also)].filter((name) => {
    const key = aliasKey(source, name);
    if (key === null || name === orderId || name === '') return false;
    return keptAs(orders.byAlias.get(key), orderKey(source, account, orderId)) !== orders.byAlias.get(key);
  });
}
