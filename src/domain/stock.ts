import { isRungHere } from './drawers.ts';
import type { SaleLine, Taken } from './facts/sale-facts.ts';
import type { HoldPlaced } from './facts/stock-facts.ts';
import type { Frame } from './frame.ts';
import { catalogueOf, explode } from './catalogue.ts';
import type { Entry } from './ledger.ts';
import type { Plan } from './plan.ts';
import type { HubTime } from './units.ts';
import type { Pool } from './words.ts';

/**
 * Goods, cell by cell. A cell is (sku, pool) with three integers; `available = physical − held − committed`.
 *
 * The facts carry what moved, part by part and pool by pool, so this fold adds and subtracts and decides nothing.
 * Bundles have no cells. The pool `preorder` holds promises, not goods: its physical figure is the caps of the sku's
 * preorder offers, or what was promised where there is no cap.
 */
export interface StockState {
  cells: Map<string, Map<Pool, Cell>>;
  /** live holds by id; a hold leaves when it is sold, released or expired */
  holds: Map<string, Hold>;
  /** how each hold that is no longer live ended; the newest of them, so that a long stream does not fill the memory */
  endedHolds: Map<string, 'sold' | 'released' | 'expired'>;
  counted: Map<string, StockCount>;
  /** reserve of each sku as the plan set it, so that adopting a plan again changes the cell by the difference */
  planned: Map<string, number>;
  /** promises that the plan's preorder offers allow, by part */
  promised: Map<string, number>;
  /** the most that the reserve of each sku ever held: a level is crossed only from above (OFR-3) */
  peaks: Map<string, number>;
  /** tills that were declared lost: nothing more is leased to them (STK-8) */
  frozenTills: Set<string>;
  /** units that came in less those that went back, by sku and place; null: nobody said where */
  cameFrom: Map<string, Map<string | null, number>>;
  /** skus that are for the show only, with what outside sources have sold of them none the less (R26) */
  eventOnly: Map<string, { units: number; lastT: HubTime }>;
}

export interface Cell {
  physical: number;
  held: number;
  committed: number;
}

export interface Hold extends HoldPlaced {
  /** boot of the hub in which the deadline was set (STK-4) */
  boot: string;
  state: 'held' | 'paying';
}

export interface StockCount {
  counted: number;
  expected: number;
  variance: number;
  pass: 1 | 2;
  seq: number;
}

/** A sale that names an older hold is told that nobody knows it. */
const ENDED_KEPT = 10_000;

const EMPTY: Readonly<Cell> = Object.freeze({ physical: 0, held: 0, committed: 0 });

export function initialStock(): StockState {
  return {
    cells: new Map(),
    holds: new Map(),
    endedHolds: new Map(),
    counted: new Map(),
    planned: new Map(),
    promised: new Map(),
    peaks: new Map(),
    frozenTills: new Set(),
    cameFrom: new Map(),
    eventOnly: new Map(),
  };
}

export function cell(stock: StockState, sku: string, pool: Pool): Readonly<Cell> {
  return stock.cells.get(sku)?.get(pool) ?? EMPTY;
}

/** Units of a product that may still be sold from a pool. */
export function available(stock: StockState, sku: string, pool: Pool = 'reserve'): number {
  const { physical, held, committed } = cell(stock, sku, pool);
  return physical - held - committed;
}

/** Units that can still be sold at the show: the reserve's, and what lies with tills in case they are cut off. */
export function sellable(stock: StockState, sku: string): number {
  let units = 0;
  for (const [pool, { physical, held, committed }] of stock.cells.get(sku) ?? [])
    if (pool === 'reserve' || pool.startsWith('till:')) units += physical - held - committed;
  return units;
}

/** Units of a product or a bundle that the reserve still allows; of a bundle: as many as its scarcest part allows. */
export function availableUnits(stock: StockState, plan: Plan | null, sku: string): number {
  const parts = catalogueOf(plan).get(sku)?.parts ?? [];
  if (parts.length === 0) return 0;
  return Math.min(...parts.map((part) => Math.floor(available(stock, part.sku) / part.quantity)));
}

/** Everything but promises is goods. */
export function isGoods(pool: Pool): boolean {
  return pool !== 'preorder';
}

/** One sku over all pools of goods. */
export function goods(stock: StockState, sku: string): Cell {
  const sum: Cell = { physical: 0, held: 0, committed: 0 };
  for (const [pool, { physical, held, committed }] of stock.cells.get(sku) ?? []) {
    if (!isGoods(pool)) continue;
    sum.physical += physical;
    sum.held += held;
    sum.committed += committed;
  }
  return sum;
}

export function evolveStock(stock: StockState, entry: Entry, frame: Frame): void {
  switch (entry.kind) {
    case 'plan.adopted':
      adoptReserve(stock, entry.body.plan);
      adoptEventOnly(stock, entry.body.plan);
      break;
    case 'offer.changed':
      if (frame.plan) adoptPromises(stock, frame.plan);
      break;
    case 'perk.redeemed':
      take(stock, entry.body.taken, false);
      break;
    case 'stock.received': {
      const { sku, quantity, location = null } = entry.body;
      move(stock, [entry.body], { physical: 1 });
      noteSource(stock, sku, location, quantity);
      break;
    }
    case 'stock.given-back': {
      const { sku, quantity, location } = entry.body;
      move(stock, [entry.body], { physical: -1 });
      noteSource(stock, sku, location, -quantity);
      break;
    }
    case 'stock.written-off':
      move(stock, [entry.body], { physical: -1 });
      break;
    case 'lease.frozen':
      freezeLease(stock, entry.body.till);
      break;
    case 'stock.moved': {
      const { sku, from, to, quantity } = entry.body;
      move(stock, [{ sku, pool: from, quantity }], { physical: -1 });
      move(stock, [{ sku, pool: to, quantity }], { physical: 1 });
      break;
    }
    case 'stock.adjusted': {
      const { sku, pool, delta } = entry.body;
      move(stock, [{ sku, pool, quantity: delta }], { physical: 1 });
      break;
    }
    case 'stock.counted': {
      const { sku, counted, expected, variance, pass } = entry.body;
      stock.counted.set(sku, { counted, expected, variance, pass, seq: entry.seq });
      break;
    }
    case 'hold.placed':
      stock.holds.set(entry.body.holdId, { ...entry.body, boot: entry.boot, state: 'held' });
      move(stock, entry.body.held, { held: 1 });
      break;
    case 'hold.extended':
      extendHold(stock, entry.body.holdId, entry.body.deadline, entry.body.expiresAt, entry.boot);
      break;
    case 'hold.released':
      endHold(stock, entry.body.holdId, 'released');
      break;
    case 'hold.expired':
      endHold(stock, entry.body.holdId, 'expired');
      break;
    case 'sale.recorded': {
      if (entry.body.hold !== null) endHold(stock, entry.body.hold, 'sold');
      const committed = entry.body.pickup === 'later';
      for (const line of entry.body.lines) take(stock, line.taken, committed);
      if (stock.eventOnly.size > 0 && !isRungHere(entry.body.source)) noteEventOnly(stock, entry.body.lines, frame.t);
      break;
    }
    case 'sale.amended':
      for (const line of entry.body.lines) {
        take(stock, line.taken, false);
        move(stock, line.restocked, { physical: 1 });
      }
      break;
    case 'sale.voided':
      move(stock, entry.body.restocked, { physical: 1 });
      move(stock, entry.body.uncommitted, { committed: -1 });
      break;
    case 'sale.refunded':
      for (const line of entry.body.lines) {
        move(stock, line.restocked, { physical: 1 });
        move(stock, line.uncommitted, { committed: -1 });
      }
      break;
    case 'pickup.handed-over':
      move(stock, entry.body.taken, { physical: -1, committed: -1 });
      move(stock, entry.body.goods ?? [], { physical: -1 });
      break;
    case 'shortfall.resolved':
      take(stock, entry.body.taken, entry.body.committed);
      break;
    case 'line.mapped':
      take(stock, entry.body.taken, false);
      break;
  }
}

function take(stock: StockState, taken: readonly Taken[], committed: boolean): void {
  move(stock, taken, committed ? { committed: 1 } : { physical: -1 });
}

/** Adds each quantity, with the given sign, to the named figures of its cell. */
function move(stock: StockState, moved: readonly Taken[], sign: Partial<Cell>): void {
  for (const { sku, pool, quantity } of moved) {
    const target = cellForWriting(stock, sku, pool);
    target.physical += quantity * (sign.physical ?? 0);
    target.held += quantity * (sign.held ?? 0);
    target.committed += quantity * (sign.committed ?? 0);
    if (pool === 'preorder') target.physical = Math.max(stock.promised.get(sku) ?? 0, target.held + target.committed);
    if (pool === 'reserve') notePeak(stock, sku, target.physical);
  }
}

function notePeak(stock: StockState, sku: string, units: number): void {
  if (units > (stock.peaks.get(sku) ?? 0)) stock.peaks.set(sku, units);
}

function noteSource(stock: StockState, sku: string, location: string | null, units: number): void {
  let places = stock.cameFrom.get(sku);
  if (!places) stock.cameFrom.set(sku, (places = new Map()));
  places.set(location, (places.get(location) ?? 0) + units);
}

/** What such a till has sold is not known, so a count of its goods that was made before no longer holds. */
function freezeLease(stock: StockState, till: string): void {
  stock.frozenTills.add(till);
  for (const [sku, pools] of stock.cells) if ((pools.get(`till:${till}`)?.physical ?? 0) > 0) stock.counted.delete(sku);
}

function cellForWriting(stock: StockState, sku: string, pool: Pool): Cell {
  let pools = stock.cells.get(sku);
  if (!pools) stock.cells.set(sku, (pools = new Map()));
  let found = pools.get(pool);
  if (!found) pools.set(pool, (found = { ...EMPTY }));
  return found;
}

function extendHold(stock: StockState, id: string, deadline: HubTime, expiresAt: string, boot: string): void {
  const hold = stock.holds.get(id);
  if (hold) stock.holds.set(id, { ...hold, deadline, expiresAt, boot, state: 'paying' });
}

function endHold(stock: StockState, id: string, how: 'sold' | 'released' | 'expired'): void {
  const hold = stock.holds.get(id);
  if (!hold) return;
  stock.holds.delete(id);
  stock.endedHolds.set(id, how);
  const [oldest] = stock.endedHolds.size > ENDED_KEPT ? stock.endedHolds.keys() : [];
  if (oldest !== undefined) stock.endedHolds.delete(oldest);
  move(stock, hold.held, { held: -1 });
}

/** Opening stock comes from the plan; a plan adopted again moves the reserve by what it says differently. */
function adoptReserve(stock: StockState, plan: Plan): void {
  const reserves = new Map(plan.products.map(({ sku, reserve }) => [sku, reserve]));
  for (const sku of new Set([...stock.planned.keys(), ...reserves.keys()])) {
    const target = cellForWriting(stock, sku, 'reserve');
    const changed = target.physical + (reserves.get(sku) ?? 0) - (stock.planned.get(sku) ?? 0);
    target.physical = Math.max(target.held + target.committed, changed);
    notePeak(stock, sku, target.physical);
  }
  stock.planned = reserves;
  adoptPromises(stock, plan);
}

function adoptEventOnly(stock: StockState, plan: Plan): void {
  const skus = plan.products.filter(({ flags }) => flags.includes('event-only')).map(({ sku }) => sku);
  stock.eventOnly = new Map(skus.map((sku) => [sku, stock.eventOnly.get(sku) ?? { units: 0, lastT: 0 }]));
}

function noteEventOnly(stock: StockState, lines: readonly SaleLine[], t: HubTime): void {
  for (const { sku, quantity } of lines.flatMap(({ parts }) => parts)) {
    const sold = stock.eventOnly.get(sku);
    if (sold) stock.eventOnly.set(sku, { units: sold.units + quantity, lastT: t });
  }
}

function adoptPromises(stock: StockState, plan: Plan): void {
  const capped = plan.offers.filter(({ kind, cap }) => kind === 'preorder' && cap !== null);
  const promised = explode(
    plan,
    capped.map(({ sku, cap }) => ({ sku, quantity: cap ?? 0 })),
  );
  const before = [...stock.promised.keys()];
  stock.promised = promised;
  for (const sku of new Set([...before, ...promised.keys()])) move(stock, [{ sku, pool: 'preorder', quantity: 0 }], {});
}
