import type { OutsideOrder } from '../../domain/commands.ts';
import type { ShowState } from '../../domain/show.ts';
import { OWN_SOURCE } from './csv-orders.ts';

/**
 * A return names an order, not the file or shop that it came from: it finds the one outside order with that id. Two with
 * the same id, and nobody can tell which is meant, so the return stays one without its sale.
 */
export function returnsFinder(show: ShowState): (order: OutsideOrder) => OutsideOrder {
  const byId = new Map<string, { source: string; sourceId: string }[]>();
  for (const { source, sourceId } of show.sales.byId.values()) {
    if (sourceId === null) continue;
    // Our own files' sales are named by id and time.
    const id = source === OWN_SOURCE ? (sourceId.split(' ')[0] ?? sourceId) : sourceId;
    const known = byId.get(id);
    if (known) known.push({ source, sourceId });
    else byId.set(id, [{ source, sourceId }]);
  }
  return (order) => {
    if (order.type !== 'refund' || order.saleSourceId === null) return order;
    if (!order.source.startsWith('csv:mapped-')) return order;
    const found = byId.get(order.saleSourceId) ?? [];
    const [only] = found;
    return found.length === 1 && only ? { ...order, source: only.source, saleSourceId: only.sourceId } : order;
  };
}
