import type { SaleLine, Taken } from './facts/sale-facts.ts';
import type { Entry, EntryOf } from './ledger.ts';
import { waitingOf } from './sale-record.ts';
import type { ShowState } from './show.ts';
import { isGoods } from './stock.ts';
import { moneyBreaches } from './testing-money-invariants.ts';

/**
 * The invariants of specs/commerce.md §3, for tests. What the state claims is compared with what the entries say, by a
 * way of its own: the fold's arithmetic is not used to check the fold.
 *
 * @returns every breach in words, with the invariant's id
 */
export function breaches(state: ShowState, entries: readonly Entry[]): string[] {
  return [
    ...cellsAreWhole(state),
    ...holdsAddUp(state),
    ...promisesAddUp(state, entries),
    ...goodsAddUp(state, entries),
    ...waitingIsKept(state),
    ...holdsEndOnce(entries),
    ...bundlesAreWhole(state, entries),
    ...moneyBreaches(state),
  ];
}

type Sums = Map<string, number>;

function add(sums: Sums, key: string, by: number): void {
  sums.set(key, (sums.get(key) ?? 0) + by);
}
function addAll(sums: Sums, goods: readonly Taken[], sign: number): void {
  for (const { sku, pool, quantity } of goods) add(sums, `${sku} ${pool}`, sign * quantity);
}

function* cellsOf(state: ShowState) {
  for (const [sku, pools] of state.stock.cells) for (const [pool, cell] of pools) yield { sku, pool, cell };
}

function cellsAreWhole(state: ShowState): string[] {
  return [...cellsOf(state)].flatMap(({ sku, pool, cell: { physical, held, committed } }) => {
    const figures = { physical, held, committed, available: physical - held - committed };
    return Object.entries(figures).flatMap(([name, value]) =>
      Number.isInteger(value) && value >= 0 ? [] : [`I1 ${sku} ${pool}: ${name} is ${value}`],
    );
  });
}

function holdsAddUp(state: ShowState): string[] {
  const held: Sums = new Map();
  for (const hold of state.stock.holds.values()) addAll(held, hold.held, 1);
  return differences('I3 held', state, held, (cell) => cell.held);
}

function promisesAddUp(state: ShowState, entries: readonly Entry[]): string[] {
  return differences('I4 committed', state, goodsOut(entries, 'later'), (cell) => cell.committed);
}

/** Who waits for goods is kept up by the fold; here it is read from the sales as they stand. */
function waitingIsKept({ sales }: ShowState): string[] {
  const waits = [...sales.byId.values()].filter((sale) => sale.lines.some((_, i) => waitingOf(sale, i).length > 0));
  const [should, is] = [waits.map(({ saleId }) => saleId), [...sales.waiting.keys()]].map((ids) =>
    ids.sort().join(' '),
  );
  return is === should ? [] : [`waiting: ${is}, not ${should}`];
}

/** I5: whatever came in and is not on a shelf is with a buyer. */
function goodsAddUp(state: ShowState, entries: readonly Entry[]): string[] {
  const expected: Sums = new Map();
  let reserves: Sums = new Map();
  for (const entry of entries) {
    if (entry.kind === 'stock.received') add(expected, entry.body.sku, entry.body.quantity);
    if (entry.kind === 'perk.redeemed') for (const each of entry.body.taken) add(expected, each.sku, -each.quantity);
    if (entry.kind === 'stock.adjusted') add(expected, entry.body.sku, entry.body.delta);
    if (entry.kind === 'stock.given-back' || entry.kind === 'stock.written-off')
      add(expected, entry.body.sku, -entry.body.quantity);
    if (entry.kind !== 'plan.adopted') continue;
    for (const [sku, units] of reserves) add(expected, sku, -units);
    reserves = new Map(entry.body.plan.products.map(({ sku, reserve }) => [sku, reserve]));
    for (const [sku, units] of reserves) add(expected, sku, units);
  }
  for (const [key, units] of goodsOut(entries, 'now')) add(expected, key.split(' ')[0] ?? '', -units);
  const physical: Sums = new Map();
  for (const { sku, pool, cell } of cellsOf(state)) if (isGoods(pool)) add(physical, sku, cell.physical);
  return [...new Set([...expected.keys(), ...physical.keys()])].flatMap((sku) => {
    const [is, should] = [physical.get(sku) ?? 0, expected.get(sku) ?? 0];
    return is === should ? [] : [`I5 ${sku}: ${is} on the shelves, ${should} by the ledger`];
  });
}

/** Goods that sales of this kind of pickup have now, by sku and pool, read from the entries alone. */
function goodsOut(entries: readonly Entry[], pickup: 'now' | 'later'): Sums {
  const out: Sums = new Map();
  const sales = new Map<string, EntryOf<'sale.recorded'>['body']>();
  const sums = new Map<string, Sums>();
  const owed = new Map<string, string>();
  const parked = new Map<string, string>();
  const of = (saleId: string): Sums => sums.get(saleId) ?? new Map<string, number>();
  for (const entry of entries) {
    switch (entry.kind) {
      case 'sale.recorded': {
        sales.set(entry.body.saleId, entry.body);
        const taken: Sums = new Map();
        for (const line of entry.body.lines) addAll(taken, line.taken, 1);
        sums.set(entry.body.saleId, taken);
        break;
      }
      case 'sale.amended':
        for (const { taken, restocked } of entry.body.lines) {
          addAll(of(entry.body.saleId), taken, 1);
          addAll(of(entry.body.saleId), restocked, -1);
        }
        break;
      case 'pickup.handed-over': {
        const { saleId, taken, goods = [] } = entry.body;
        addAll(of(saleId), taken, -1);
        addAll(out, [...taken.filter(({ pool }) => isGoods(pool)), ...goods], 1);
        break;
      }
      case 'sale.voided':
        sums.delete(entry.body.saleId);
        break;
      case 'sale.refunded':
        for (const line of entry.body.lines) {
          const { saleId } = entry.body;
          const isPickup = saleId !== null && sales.get(saleId)?.pickup === 'later';
          // Of a pickup, what comes back on a shelf was handed over before; all else was only promised.
          addAll(saleId === null || isPickup ? out : of(saleId), line.restocked, -1);
          if (saleId !== null) addAll(of(saleId), line.uncommitted, -1);
        }
        break;
      case 'shortfall.found':
        owed.set(entry.body.shortfallId, entry.body.saleId);
        break;
      case 'shortfall.resolved':
        addAll(of(owed.get(entry.body.shortfallId) ?? ''), entry.body.taken, 1);
        break;
      case 'line.parked':
        parked.set(entry.body.lineId, entry.body.saleId);
        break;
      case 'line.mapped':
        addAll(of(parked.get(entry.body.lineId) ?? ''), entry.body.taken, 1);
        break;
    }
  }
  const total: Sums = pickup === 'now' ? out : new Map();
  for (const [saleId, taken] of sums) {
    if (sales.get(saleId)?.pickup === pickup) for (const [key, units] of taken) add(total, key, units);
  }
  return total;
}

function holdsEndOnce(entries: readonly Entry[]): string[] {
  const live = new Set<string>();
  const ended = new Set<string>();
  const found: string[] = [];
  const end = (id: string): void => {
    if (ended.has(id)) found.push(`I10 hold ${id} ended twice`);
    ended.add(id);
    live.delete(id);
  };
  for (const entry of entries) {
    if (entry.kind === 'hold.placed') live.add(entry.body.holdId);
    if (entry.kind === 'hold.released' || entry.kind === 'hold.expired') end(entry.body.holdId);
    if (entry.kind === 'sale.recorded' && entry.body.hold !== null && live.has(entry.body.hold)) end(entry.body.hold);
  }
  return found;
}

/** I12, I15: a line took exactly its parts, or the rest of them is owed. */
function bundlesAreWhole(state: ShowState, entries: readonly Entry[]): string[] {
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.kind !== 'sale.recorded') continue;
    const { saleId, lines } = entry.body;
    const short: Sums = new Map();
    for (const line of lines) {
      if (line.sku === null) continue;
      for (const part of line.parts) {
        const got = line.taken.reduce((sum, each) => sum + (each.sku === part.sku ? each.quantity : 0), 0);
        if (got > part.quantity) found.push(`I12 ${saleId}: took ${got} ${part.sku} for ${part.quantity}`);
        if (got < part.quantity) add(short, part.sku, part.quantity - got);
      }
    }
    addAmended(short, lines, entries, saleId);
    for (const shortfall of state.sales.shortfalls.values()) {
      if (shortfall.saleId === saleId && !foundByMapping(entries, shortfall.id))
        add(short, shortfall.sku, -shortfall.found);
    }
    for (const [sku, units] of short)
      if (units !== 0) found.push(`I15 ${saleId}: ${units} ${sku} neither taken nor owed`);
  }
  return found;
}

/** What an outside order grew by is taken or owed too. */
function addAmended(short: Sums, sold: readonly SaleLine[], entries: readonly Entry[], saleId: string): void {
  const lines = new Map(sold.map((line) => [line.line, line]));
  for (const entry of entries) {
    if (entry.kind !== 'sale.amended' || entry.body.saleId !== saleId) continue;
    for (const { now, taken } of entry.body.lines) {
      const before = lines.get(now.line);
      lines.set(now.line, now);
      if (now.sku === null) continue;
      now.parts.forEach((part, p) => {
        const more = Math.max(0, part.quantity - (before?.parts[p]?.quantity ?? 0));
        add(short, part.sku, more);
      });
      for (const { sku, quantity } of taken) add(short, sku, -quantity);
    }
  }
}

function foundByMapping(entries: readonly Entry[], shortfallId: string): boolean {
  const at = entries.findIndex((entry) => entry.kind === 'shortfall.found' && entry.body.shortfallId === shortfallId);
  for (let i = at - 1; i >= 0; i -= 1) {
    const kind = entries[i]?.kind;
    if (kind !== 'shortfall.found') return kind === 'line.mapped';
  }
  return false;
}

function differences(
  what: string,
  state: ShowState,
  expected: Sums,
  pick: (cell: { held: number; committed: number }) => number,
): string[] {
  const keys = new Set([...expected.keys(), ...[...cellsOf(state)].map(({ sku, pool }) => `${sku} ${pool}`)]);
  return [...keys].flatMap((key) => {
    const [sku = '', pool = ''] = key.split(' ');
    const cell = state.stock.cells.get(sku)?.get(pool) ?? { held: 0, committed: 0 };
    const should = expected.get(key) ?? 0;
    return pick(cell) === should ? [] : [`${what} ${key}: ${pick(cell)}, not ${should}`];
  });
}
