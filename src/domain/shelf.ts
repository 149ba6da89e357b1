import { catalogueOf } from './catalogue.ts';
import type { Taken } from './facts/sale-facts.ts';
import { endedHolds } from './holds.ts';
import { leaseHolders, leasePool, tillName, tillOf } from './leases.ts';
import type { Fact } from './ledger.ts';
import type { Plan } from './plan.ts';
import type { ShowState } from './show.ts';
import { available } from './stock.ts';
import type { Now } from './units.ts';
import type { Pool } from './words.ts';

/** Units that lie with a till. */
export interface Leased {
  till: string;
  name: string;
  units: number;
}

/**
 * What stands on the shelf during one decision: the stock as folded, less what this decision has taken so far, plus
 * what it has put back. Deciding never writes into the show.
 */
export class Shelf {
  readonly #show: ShowState;
  readonly #changes = new Map<string, number>();
  /** leases of other tills → sku → units of them that may be taken */
  readonly #strange = new Map<Pool, Map<string, number>>();

  constructor(show: ShowState) {
    this.#show = show;
  }

  put(goods: readonly Taken[]): void {
    for (const { sku, pool, quantity } of goods) this.#change(sku, pool, quantity);
  }

  /**
   * Puts back what a hold has, for the sale that it was placed for. Of another till's lease only just that is there: the
   * rest of it is for that till alone, which may be cut off and selling.
   *
   * @param till the till that sells from its own lease; null: the desk, or a till in somebody's name
   */
  putHeld(held: readonly Taken[], till: string | null): void {
    this.put(held);
    for (const { sku, pool, quantity } of held) {
      const owner = tillOf(pool);
      if (owner === null || owner === till) continue;
      const strange = this.#strange.get(pool) ?? new Map<string, number>();
      this.#strange.set(pool, strange.set(sku, (strange.get(sku) ?? 0) + quantity));
    }
  }

  /** Units of a product that the pools allow together. Promises have no end of their own: the offer's cap is it. */
  left(sku: string, pools: readonly Pool[]): number {
    return pools.reduce((sum, pool) => sum + this.#leftIn(sku, pool), 0);
  }

  /** Units of a product or bundle, by its scarcest part. */
  leftOf(plan: Plan | null, sku: string, pools: readonly Pool[]): number {
    const parts = catalogueOf(plan).get(sku)?.parts ?? [];
    if (parts.length === 0) return 0;
    return Math.min(...parts.map((part) => Math.floor(this.left(part.sku, pools) / part.quantity)));
  }

  /** Tills other than those of the pools that hold units which could be sold, were they in the reserve (STK-8). */
  leasedApart(sku: string, pools: readonly Pool[]): Leased[] {
    return leaseHolders(this.#show.stock, sku)
      .filter(({ till }) => !pools.includes(leasePool(till)))
      .map(({ till, units }) => ({ till, name: tillName(this.#show, till), units }));
  }

  /** Takes up to so many units, first pool first. @returns what it got, which may be less */
  take(sku: string, quantity: number, pools: readonly Pool[]): Taken[] {
    const taken: Taken[] = [];
    let open = quantity;
    for (const pool of pools) {
      const got = Math.min(open, Math.max(0, this.#leftIn(sku, pool)));
      if (got === 0) continue;
      this.#change(sku, pool, -got);
      const strange = this.#strange.get(pool);
      strange?.set(sku, (strange.get(sku) ?? 0) - got);
      taken.push({ sku, pool, quantity: got });
      open -= got;
    }
    return taken;
  }

  #leftIn(sku: string, pool: Pool): number {
    if (pool === 'preorder') return Infinity;
    const left = available(this.#show.stock, sku, pool) + (this.#changes.get(`${sku}\n${pool}`) ?? 0);
    const strange = this.#strange.get(pool);
    return strange ? Math.min(left, strange.get(sku) ?? 0) : left;
  }

  #change(sku: string, pool: Pool, by: number): void {
    const key = `${sku}\n${pool}`;
    this.#changes.set(key, (this.#changes.get(key) ?? 0) + by);
  }
}

/** The shelf with every hold that is over put back, and the facts that say so (STK-3). */
export function openShelf(show: ShowState, now: Now): { shelf: Shelf; facts: Fact[] } {
  const shelf = new Shelf(show);
  const facts: Fact[] = [];
  if (show.stock.holds.size === 0) return { shelf, facts };
  for (const { hold, fact } of endedHolds(show, now)) {
    shelf.put(hold.held);
    facts.push(fact);
  }
  return { shelf, facts };
}

export function unitsOf(goods: readonly Taken[]): number {
  return goods.reduce((sum, { quantity }) => sum + quantity, 0);
}
