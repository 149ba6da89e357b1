import type { Plan } from './plan.ts';
import type { Minor } from './units.ts';

/** What can be sold under one sku: a product (one part: itself) or a bundle. */
export interface Article {
  sku: string;
  name: string;
  priceMinor: Minor;
  taxRate: string;
  bundle: boolean;
  /** units of each product in one unit of this article; `listMinor` is the part's own list price (MON-6) */
  parts: { sku: string; quantity: number; listMinor: Minor }[];
}

export type Catalogue = ReadonlyMap<string, Article>;

// A plan is never changed in place where products are concerned, so its index may be remembered beside it.
const remembered = new WeakMap<Plan['products'], { bundles: Plan['bundles']; catalogue: Catalogue }>();

export function catalogueOf(plan: Plan | null): Catalogue {
  if (!plan) return new Map();
  const known = remembered.get(plan.products);
  if (known && known.bundles === plan.bundles) return known.catalogue;
  const catalogue = indexOf(plan);
  remembered.set(plan.products, { bundles: plan.bundles, catalogue });
  return catalogue;
}

/** Units of every product that the lines ask for, summed over all lines before anything is checked (STK-1). */
export function explode(plan: Plan | null, lines: readonly { sku: string; quantity: number }[]): Map<string, number> {
  const catalogue = catalogueOf(plan);
  const demand = new Map<string, number>();
  for (const line of lines) {
    for (const part of catalogue.get(line.sku)?.parts ?? []) {
      demand.set(part.sku, (demand.get(part.sku) ?? 0) + part.quantity * line.quantity);
    }
  }
  return demand;
}

function indexOf(plan: Plan): Catalogue {
  const catalogue = new Map<string, Article>();
  for (const { sku, name, priceMinor, taxRate } of plan.products) {
    const parts = [{ sku, quantity: 1, listMinor: priceMinor }];
    catalogue.set(sku, { sku, name, priceMinor, taxRate, bundle: false, parts });
  }
  for (const { sku, name, priceMinor, taxRate, parts: asked } of plan.bundles) {
    // The same part named twice is one part of the sum.
    const quantities = new Map<string, number>();
    for (const part of asked) quantities.set(part.sku, (quantities.get(part.sku) ?? 0) + part.quantity);
    const parts = [...quantities].map(([part, quantity]) => ({
      sku: part,
      quantity,
      listMinor: catalogue.get(part)?.priceMinor ?? 0,
    }));
    catalogue.set(sku, { sku, name, priceMinor, taxRate, bundle: true, parts });
  }
  return catalogue;
}
