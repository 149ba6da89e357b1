import type { Taken } from '../../src/domain/facts/sale-facts.ts';
import type { Entry } from '../../src/domain/ledger.ts';
import { tillOf } from '../../src/domain/leases.ts';
import { type ShowState, type evolve, initialShow } from '../../src/domain/show.ts';
import { type StockState, available, isGoods } from '../../src/domain/stock.ts';
import type { Pool } from '../../src/domain/words.ts';

/**
 * Invariants that need the show before and after each entry, for tests: the ledger is folded again from nothing and
 * looked at on the way (I2, I6, I13, I15).
 *
 * @param live the show as it was folded while it happened
 * @param fold the product's own, but for a test that plants a defect in it
 */
export function walkBreaches(live: ShowState, entries: readonly Entry[], fold: typeof evolve): string[] {
  const state = initialShow(live.id);
  const found: string[] = [];
  const put = new Map<string, number>();
  const taken = new Map<string, number>();
  const holds = new Map<string, readonly Taken[]>();
  for (const entry of entries) {
    const shared = entry.kind === 'stock.moved' ? sharedUnits(state.stock, entry.body.sku) : null;
    try {
      fold(state, entry);
    } catch (error) {
      found.push(`I2 entry ${entry.seq}, ${entry.kind}: the fold throws ${String(error)}`);
      return found;
    }
    if (entry.kind === 'stock.moved' && shared !== null) {
      const { sku, from, to } = entry.body;
      const after = sharedUnits(state.stock, sku);
      if (isShared(from) && isShared(to) && after !== shared)
        found.push(`I13 entry ${entry.seq}: ${sku} was ${shared} before it was moved, ${after} after`);
    }
    if (entry.kind === 'shortfall.found' && available(state.stock, entry.body.sku) > 0) {
      const left = available(state.stock, entry.body.sku);
      found.push(
        `I15 ${entry.body.shortfallId}: ${entry.body.quantity} ${entry.body.sku} owed while ${left} are there`,
      );
    }
    count(entry, put, taken);
    found.push(...strangersLeases(entry, holds));
    if (entry.kind === 'hold.placed') holds.set(entry.body.holdId, entry.body.held);
  }
  for (const [key, units] of taken) {
    const had = put.get(key) ?? 0;
    if (units > had) found.push(`I6 ${key}: ${units} taken, ${had} ever put there`);
  }
  const difference = differs(state, live, 'show');
  if (difference !== null) found.push(`I2 ${difference}`);
  return found;
}

/** Reserve, allotments and leases: what moves between them is neither more nor less. */
function isShared(pool: Pool): boolean {
  return isGoods(pool) && pool !== 'quarantine';
}

function sharedUnits(stock: StockState, sku: string): number {
  let sum = 0;
  for (const [pool, { physical }] of stock.cells.get(sku) ?? []) if (isShared(pool)) sum += physical;
  return sum;
}

/** Units ever put into each cell, and units that sales ever took from it; by what the entries say. */
function count(entry: Entry, put: Map<string, number>, taken: Map<string, number>): void {
  const add = (sums: Map<string, number>, goods: readonly Taken[]): void => {
    for (const { sku, pool, quantity } of goods) {
      if (pool !== 'preorder') sums.set(`${sku} ${pool}`, (sums.get(`${sku} ${pool}`) ?? 0) + quantity);
    }
  };
  switch (entry.kind) {
    case 'plan.adopted':
      add(
        put,
        entry.body.plan.products.map(({ sku, reserve }) => ({ sku, pool: 'reserve', quantity: reserve })),
      );
      break;
    case 'stock.received':
      add(put, [entry.body]);
      break;
    case 'stock.moved': {
      const { sku, from, to, quantity } = entry.body;
      add(put, [
        { sku, pool: to, quantity },
        { sku, pool: from, quantity: -quantity },
      ]);
      break;
    }
    case 'stock.adjusted':
      add(put, [{ sku: entry.body.sku, pool: entry.body.pool, quantity: entry.body.delta }]);
      break;
    case 'stock.given-back':
    case 'stock.written-off':
      add(put, [{ sku: entry.body.sku, pool: entry.body.pool, quantity: -entry.body.quantity }]);
      break;
    case 'sale.recorded':
      for (const line of entry.body.lines) add(taken, line.taken);
      break;
    case 'pickup.handed-over':
      add(taken, entry.body.goods ?? []);
      break;
    case 'sale.amended':
      for (const line of entry.body.lines) {
        add(taken, line.taken);
        add(put, line.restocked);
      }
      break;
    case 'sale.voided':
      add(put, entry.body.restocked);
      add(put, entry.body.uncommitted);
      break;
    case 'sale.refunded':
      for (const line of entry.body.lines) {
        add(put, line.restocked);
        add(put, line.uncommitted);
      }
      break;
    case 'shortfall.resolved':
    case 'line.mapped':
    case 'perk.redeemed':
      add(taken, entry.body.taken);
      break;
  }
}

/** I6: nobody sells from a lease but its own till, except what that till has put on hold for the sale. */
function strangersLeases(entry: Entry, holds: ReadonlyMap<string, readonly Taken[]>): string[] {
  if (entry.kind !== 'sale.recorded') return [];
  const { saleId, till, hold, lines } = entry.body;
  const apart = new Map<string, number>();
  const add = ({ sku, pool, quantity }: Taken, sign: 1 | -1): void => {
    const owner = tillOf(pool);
    if (owner !== null && owner !== till)
      apart.set(`${sku} ${pool}`, (apart.get(`${sku} ${pool}`) ?? 0) + sign * quantity);
  };
  for (const goods of lines.flatMap((line) => line.taken)) add(goods, 1);
  if (apart.size === 0) return [];
  for (const goods of holds.get(hold ?? '') ?? []) add(goods, -1);
  return [...apart].flatMap(([key, units]) => (units > 0 ? [`I6 ${saleId} of ${till}: took ${units} ${key}`] : []));
}

/** @returns where two values are first unlike, or null; Maps and Sets are compared by what they hold */
export function differs(a: unknown, b: unknown, path: string): string | null {
  if (Object.is(a, b)) return null;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return `${path}: ${String(a)}, not ${String(b)}`;
  if (a instanceof Map && b instanceof Map) {
    if (a.size !== b.size) return `${path}: ${a.size} entries, not ${b.size}`;
    for (const [key, value] of a) {
      if (!b.has(key)) return `${path}: "${String(key)}" is only in one`;
      const found = differs(value, b.get(key), `${path}.${String(key)}`);
      if (found !== null) return found;
    }
    return null;
  }
  if (a instanceof Set && b instanceof Set) {
    return a.size === b.size && [...a].every((each) => b.has(each)) ? null : `${path}: other members`;
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return `${path}: other keys`;
  for (const key of keys) {
    const found = differs(left[key], right[key], `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}
