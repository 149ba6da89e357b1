import type { TillItem } from '../../../contract/floor-views.ts';
import type { Kept } from '../parts/connection.ts';

export interface BasketLine {
  sku: string;
  quantity: number;
  /** the seller holds it: sold although this till's count says none is left (TIL-3) */
  inHand: boolean;
}

export interface PricedLine extends BasketLine {
  item: TillItem;
  totalMinor: number;
}

/** Basket lines with today's name and price; a line whose product has left the plan falls out. */
export function priced(basket: readonly BasketLine[], items: readonly TillItem[]): PricedLine[] {
  return basket.flatMap((line) => {
    const item = items.find((one) => one.sku === line.sku);
    return item ? [{ ...line, item, totalMinor: item.priceMinor * line.quantity }] : [];
  });
}

/**
 * What is left of each product after the sales that this device still keeps: the hub's last word minus what it has not
 * heard yet. Bundles and their parts share stock, which only the hub can count; it has the last word anyway.
 */
export function leftHere(items: readonly TillItem[], outbox: readonly Kept[]): Map<string, number> {
  const left = new Map(items.map((item) => [item.sku, item.left]));
  for (const kept of outbox) {
    if (kept.kind !== 'record-sale' || kept.refusal) continue;
    for (const { sku, quantity } of soldLines(kept.body)) left.set(sku, Math.max(0, (left.get(sku) ?? 0) - quantity));
  }
  return left;
}

export function soldLines(body: Record<string, unknown>): { sku: string; quantity: number }[] {
  return Array.isArray(body['lines']) ? (body['lines'] as { sku: string; quantity: number }[]) : [];
}

/** `record-sale` without what the outbox adds. One offer a sale, as the command has it. */
export function saleBody(
  lines: readonly PricedLine[],
  sale: { tender: string; receipt: string; madeAt: string; offline: boolean },
): Record<string, unknown> {
  const offers = new Set(lines.flatMap((line) => line.item.offer ?? []));
  return {
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
    channel: 'in-person',
    tender: sale.tender,
    receipt: sale.receipt,
    madeAt: sale.madeAt,
    ...(offers.size === 1 ? { offer: [...offers][0] } : {}),
    ...(sale.offline ? { offline: true } : {}),
    ...(lines.some((line) => line.inHand) ? { beyondLease: true } : {}),
  };
}
