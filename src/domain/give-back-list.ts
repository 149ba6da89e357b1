import type { Product } from './plan.ts';
import type { ShowState } from './show.ts';
import { goods, cell } from './stock.ts';

/** What is left of one product for one place it came from. */
export interface GiveBackRow {
  sku: string;
  name: string;
  /** null: nobody said where it came from */
  location: string | null;
  units: number;
}

/**
 * Units to give back when the show is over, by the place they came from (R1): what is here, less what is promised to
 * buyers and what waits in quarantine. What came first is taken to have been sold first, so what came last goes back
 * first; the plan's own reserve came before everything else, from the product's location.
 */
export function giveBackList(show: ShowState): GiveBackRow[] {
  return (show.plan?.products ?? []).flatMap((product) => {
    const { sku, name } = product;
    const all = goods(show.stock, sku);
    const aside = cell(show.stock, sku, 'quarantine');
    let left = all.physical - all.committed - (aside.physical - aside.committed);
    const rows: GiveBackRow[] = [];
    for (const [location, came] of sourcesOf(show, product).reverse()) {
      const units = Math.min(left, Math.max(0, came));
      if (units === 0) continue;
      rows.unshift({ sku, name, location, units });
      left -= units;
    }
    // More than ever came: goods that were found, or given back by buyers of another show.
    if (left > 0) rows.push({ sku, name, location: product.location, units: left });
    return merged(rows);
  });
}

function sourcesOf(show: ShowState, { sku, location }: Product): [location: string | null, units: number][] {
  return [[location, show.stock.planned.get(sku) ?? 0], ...(show.stock.cameFrom.get(sku) ?? [])];
}

function merged(rows: readonly GiveBackRow[]): GiveBackRow[] {
  const byPlace = new Map<string | null, GiveBackRow>();
  for (const row of rows) {
    const known = byPlace.get(row.location);
    if (known) known.units += row.units;
    else byPlace.set(row.location, { ...row });
  }
  return [...byPlace.values()];
}
