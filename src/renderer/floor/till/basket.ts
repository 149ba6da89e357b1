import type { TillItem, TillOffer } from '../../../contract/floor-views.ts';
import { allocate, percent } from '../../../domain/money.ts';
import type { Kept } from '../parts/connection.ts';

/** A discount as the seller gives it; `percent` is decimal text such as "12.5". */
export type Off = { minor: number } | { percent: string };

export interface BasketLine {
  sku: string;
  quantity: number;
  /** the seller holds it: sold although this till's count says none is left (TIL-3) */
  inHand?: boolean;
  off?: Off;
  /** the seller chose another offer than the one that holds for everybody; null: the plan's price */
  offer?: string | null;
  /** the seller has looked at the buyer's age */
  ageChecked?: boolean;
  /** the buyer wants to hear about repair and care (R31) */
  care?: boolean;
}

export interface PricedLine extends BasketLine {
  item: TillItem;
  priceMinor: number;
  offer: string | null;
  /** taken off this line alone */
  offMinor: number;
  totalMinor: number;
}

/** Basket lines with today's name and price; a line whose product has left the plan falls out. */
export function priced(
  basket: readonly BasketLine[],
  items: readonly TillItem[],
  offers: readonly TillOffer[] = [],
): PricedLine[] {
  return basket.flatMap((line) => {
    const item = items.find((one) => one.sku === line.sku);
    if (!item) return [];
    const chosen = offers.find(({ id }) => id === line.offer);
    const priceMinor = chosen?.priceMinor ?? item.priceMinor;
    const gross = priceMinor * line.quantity;
    const offMinor = offOf(line.off, gross);
    const offer = chosen?.id ?? (line.offer === null ? null : (item.offer ?? null));
    return [{ ...line, item, priceMinor, offer, offMinor, totalMinor: gross - offMinor }];
  });
}

/** Money that a discount takes off a sum; never more than there is. */
export function offOf(off: Off | undefined, sumMinor: number): number {
  if (!off) return 0;
  return Math.min(sumMinor, 'minor' in off ? off.minor : percent(sumMinor, shifted(off.percent)));
}

/**
 * What is left of each product after the sales that this device still keeps: the hub's last word minus what it has not
 * heard yet. Cut off, a till may sell its lease only (STK-7). A bundle is as many as its parts make.
 */
export function leftHere(items: readonly TillItem[], outbox: readonly Kept[], cutOff: boolean): Map<string, number> {
  const bySku = new Map(items.map((item) => [item.sku, item]));
  const sold = new Map<string, number>();
  for (const kept of outbox) {
    if (kept.kind !== 'record-sale' || kept.refusal) continue;
    for (const { sku, quantity } of soldLines(kept.body))
      for (const part of bySku.get(sku)?.parts ?? [{ sku, quantity: 1 }])
        sold.set(part.sku, (sold.get(part.sku) ?? 0) + part.quantity * quantity);
  }
  const left = (item: TillItem): number => {
    const has = cutOff && !item.promise ? (item.lease ?? 0) : item.left;
    if (!item.parts) return Math.max(0, has - (sold.get(item.sku) ?? 0));
    const makes = item.parts.map((part) => {
      const own = bySku.get(part.sku);
      // A part without a tile is known by the bundle's own count alone.
      return own ? Math.floor(left(own) / part.quantity) : has;
    });
    return Math.min(has, ...makes);
  };
  return new Map(items.map((item) => [item.sku, left(item)]));
}

export function soldLines(body: Record<string, unknown>): { sku: string; quantity: number }[] {
  return Array.isArray(body['lines']) ? (body['lines'] as { sku: string; quantity: number }[]) : [];
}

/**
 * A basket as the sales it becomes. A sale names at most one offer, whose price it uses, so a basket with two drops is
 * two sales; whatever has no offer goes with the first.
 */
export function bySale<T extends { offer: string | null }>(lines: readonly T[]): T[][] {
  const offers = [...new Set(lines.flatMap((line) => line.offer ?? []))];
  if (offers.length <= 1) return [[...lines]];
  return offers.map((offer, i) => lines.filter((line) => line.offer === offer || (i === 0 && line.offer === null)));
}

/** A discount on the whole basket, rounded once and spread over what each line still costs (MON-5). */
export function spread(lines: readonly PricedLine[], off: Off | undefined): PricedLine[] {
  const costs = lines.map(({ totalMinor }) => totalMinor);
  const all = costs.reduce((sum, cost) => sum + cost, 0);
  const shares = allocate(offOf(off, all), costs);
  return lines.map((line, i) => {
    const share = shares[i] ?? 0;
    return { ...line, offMinor: line.offMinor + share, totalMinor: line.totalMinor - share };
  });
}

/** "12.5" → "0.125", by digits. */
function shifted(text: string): string {
  const [whole = '0', decimals = ''] = text.split('.');
  const digits = whole.padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}${decimals}`;
}
