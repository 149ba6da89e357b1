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

/**
 * A basket as the sales it becomes. A sale names at most one offer, whose price it uses, so a basket with two drops is
 * two sales; whatever has no offer goes with the first.
 */
export function bySale(lines: readonly PricedLine[]): PricedLine[][] {
  const offers = [...new Set(lines.flatMap((line) => line.item.offer ?? []))];
  if (offers.length <= 1) return [[...lines]];
  return offers.map((offer, i) => lines.filter(({ item }) => item.offer === offer || (i === 0 && item.offer === null)));
}

/** `record-sale`. Cut off, it also says the price that was asked: one that changes meanwhile must not change this sale. */
export function saleBody(
  lines: readonly PricedLine[],
  sale: { tender: string; receipt: string; madeAt: string; offline: boolean },
): Record<string, unknown> {
  const offer = lines.find(({ item }) => item.offer !== null)?.item.offer;
  const price = (item: TillItem): object => (sale.offline ? { unitPriceMinor: item.priceMinor } : {});
  return {
    lines: lines.map(({ sku, quantity, item }) => ({ sku, quantity, ...price(item) })),
    channel: 'in-person',
    tender: sale.tender,
    receipt: sale.receipt,
    madeAt: sale.madeAt,
    ...(offer ? { offer } : {}),
    ...(sale.offline ? { offline: true } : {}),
    ...(lines.some((line) => line.inHand) ? { beyondLease: true } : {}),
  };
}
