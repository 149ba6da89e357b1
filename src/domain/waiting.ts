import { type SaleRecord, waitingOf } from './sale-record.ts';

/**
 * Sales that still have something to hand over, oldest first: goods that lie here, or promises of a preorder alone. Kept
 * up with every change of a sale, because views ask many times a second and a show may have thousands of them.
 */
export type WaitingSales = Map<string, 'goods' | 'promises'>;

/** A sale was rung, or something became of its goods. */
export function noteWaiting(waiting: WaitingSales, sale: SaleRecord): void {
  if (sale.pickup !== 'later') return;
  const left = sale.lines.flatMap((_, index) => waitingOf(sale, index));
  if (left.length === 0) waiting.delete(sale.saleId);
  else waiting.set(sale.saleId, left.some(({ pool }) => pool !== 'preorder') ? 'goods' : 'promises');
}
