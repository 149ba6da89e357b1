import type { TillView } from '../../../contract/floor-views.ts';
import type { Kept } from '../parts/connection.ts';

/**
 * The next receipt number of this till, `<till>-<6 digits>`, given before sending (TIL-9): one above the highest that
 * the device remembers, still keeps for the hub, or was told by the hub. Gaps are fine, twins are not.
 */
export function nextReceipt(
  view: TillView,
  outbox: readonly Kept[],
  remembered: number,
): { number: number; receipt: string } {
  const used = [view.last?.receipt ?? null, ...outbox.map((kept) => kept.body['receipt'])].map(numberOf);
  const number = Math.max(remembered, ...used) + 1;
  return { number, receipt: `${view.till.id}-${String(number).padStart(6, '0')}` };
}

function numberOf(receipt: unknown): number {
  const digits = typeof receipt === 'string' ? /-(\d{6,})$/.exec(receipt)?.[1] : undefined;
  return digits === undefined ? 0 : Number(digits);
}
