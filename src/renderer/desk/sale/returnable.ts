import type { SaleSheet } from '../../../contract/views/sale-sheet-view.ts';

/** `lines` of a refund or an exchange from the numbers a person has typed, by sku. */
export function linesOf(units: Readonly<Record<string, number | null>>): { sku: string; quantity: number }[] {
  return Object.entries(units).flatMap(([sku, quantity]) => (quantity && quantity > 0 ? [{ sku, quantity }] : []));
}

/** What may come back of a sale, by sku: whole lines, and of bundles their parts. Unknown products cannot. */
export function returnable({ lines }: SaleSheet): { sku: string; name: string; left: number; isPart: boolean }[] {
  const found = new Map<string, { sku: string; name: string; left: number; isPart: boolean }>();
  const add = (sku: string, name: string, left: number, isPart: boolean): void => {
    const known = found.get(sku);
    if (known) known.left += left;
    else if (left > 0) found.set(sku, { sku, name, left, isPart });
  };
  for (const { sku, name, quantity, refunded } of lines) if (sku !== null) add(sku, name, quantity - refunded, false);
  for (const { quantity, refunded, parts } of lines) {
    for (const part of parts) add(part.sku, part.name, (part.quantity / quantity) * (quantity - refunded), true);
  }
  return [...found.values()];
}
