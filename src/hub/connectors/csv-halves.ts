import type { OrderSnapshot } from '../../domain/order-snapshot.ts';
import type { FileOrder } from './csv-shop-rows.ts';
import { SQUARE_SOURCE } from './csv-square-items.ts';

/**
 * Square writes a sale in two files: what was sold (items) and how it was paid (transactions). Each half is kept as it was
 * read, so that whichever comes second makes the sale whole, and either read again changes nothing.
 */
export interface HalfStore {
  find: (orderId: string, half: Half) => string | null;
  save: (orderId: string, half: Half, body: string) => void;
}
export type Half = 'items' | 'payment';

export function joinHalves(orders: readonly FileOrder[], store: HalfStore, keep: boolean): FileOrder[] {
  return orders.map((order) => {
    if ('type' in order || order.source !== SQUARE_SOURCE) return order;
    const half = halfOf(order);
    if (keep) store.save(order.orderId, half, JSON.stringify(order));
    const text = store.find(order.orderId, half === 'items' ? 'payment' : 'items');
    if (text === null) return order;
    // Only this function writes there.
    const other = JSON.parse(text) as OrderSnapshot;
    return half === 'items' ? whole(order, other) : whole(other, order);
  });
}

function halfOf(order: OrderSnapshot): Half {
  return order.lines.length === 0 ? 'payment' : 'items';
}

/** What was sold comes from the one, money and time from the other; a return is known to both, and the larger counts. */
function whole(items: OrderSnapshot, payment: OrderSnapshot): OrderSnapshot {
  return {
    ...payment,
    version: Math.max(items.version ?? 0, payment.version ?? 0) + 1,
    updatedAt: items.updatedAt > payment.updatedAt ? items.updatedAt : payment.updatedAt,
    also: [...new Set([...(items.also ?? []), ...(payment.also ?? [])])],
    lines: items.lines,
    taxIncluded: false,
    refundedMinor: Math.max(items.refundedMinor ?? 0, payment.refundedMinor ?? 0),
    hints: { ...payment.hints, isPos: payment.hints.isPos || items.hints.isPos },
  };
}
