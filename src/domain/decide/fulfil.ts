import type { Taken } from '../facts/sale-facts.ts';
import type { Fact } from '../ledger.ts';
import { type Shelf, unitsOf } from '../shelf.ts';
import type { Want } from './demand.ts';

/** Takes what a line wants, as far as it is there; what is not there is added to `missing`, by product. */
export function takeLine(shelf: Shelf, want: Want, missing: Map<string, number>): Taken[] {
  return want.article.parts.flatMap((part) => {
    const asked = part.quantity * want.quantity;
    const taken = shelf.take(part.sku, asked, want.pools);
    const short = asked - unitsOf(taken);
    if (short > 0) missing.set(part.sku, (missing.get(part.sku) ?? 0) + short);
    return taken;
  });
}

/** Goods that a sale owes: they were sold, and they are not there (STK-6). */
export function shortfallFacts(
  missing: ReadonlyMap<string, number>,
  of: { saleId: string; source: string; firstSeq: number },
): Fact[] {
  const { saleId, source, firstSeq } = of;
  return [...missing].map(([sku, quantity], n): Fact => {
    return { kind: 'shortfall.found', body: { shortfallId: `o${firstSeq + n}`, sku, quantity, saleId, source } };
  });
}
