import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';
import { type SaleRecord, waitingOf } from './sale-record.ts';
import type { Instant } from './units.ts';

/**
 * Paid goods that wait for their buyers (STK-11). What a sale still has to hand over is told by the sale itself
 * (`waitingOf`); here is which code names it, and what was done about it.
 */
export interface PickupsState {
  /** pickup code → sale id */
  byCode: Map<string, string>;
  bySale: Map<string, Pickup>;
  /** sales that may have something to hand over, oldest first; those that were refunded since are still among them */
  open: Set<string>;
  /** goods owed to a pickup: shortfall → sale */
  owed: Map<string, string>;
}

export interface Pickup {
  saleId: string;
  /** null: sold before there were codes */
  code: string | null;
  at: Instant;
  lines: number;
  readiedAt: Instant | null;
  missedAt: Instant | null;
  handOvers: HandOver[];
}

export interface HandOver {
  /** 1-based */
  lines: number[];
  at: Instant;
  by: string;
  device: string | null;
}

export type PickupStanding = 'waiting' | 'ready' | 'missed' | 'handed-over' | 'undone';

export interface OpenPickup {
  pickup: Pickup;
  sale: SaleRecord;
  standing: 'waiting' | 'ready' | 'missed';
}

export function initialPickups(): PickupsState {
  return { byCode: new Map(), bySale: new Map(), open: new Set(), owed: new Map() };
}

/** 1-based numbers of the lines that still have something to hand over. */
export function linesLeft(sale: SaleRecord): number[] {
  return sale.lines.flatMap(({ line }, index) => (waitingOf(sale, index).length > 0 ? [line] : []));
}

/** @returns `undone`: voided, or refunded before anybody came */
export function standingOfPickup(pickup: Pickup, sale: SaleRecord): PickupStanding {
  if (linesLeft(sale).length === 0) return pickup.handOvers.length > 0 && !sale.voided ? 'handed-over' : 'undone';
  if (pickup.missedAt !== null) return 'missed';
  return pickup.readiedAt === null ? 'waiting' : 'ready';
}

/** A show, as far as pickups are concerned. */
interface HasPickups {
  pickups: PickupsState;
  sales: { byId: ReadonlyMap<string, SaleRecord> };
}

/** Every pickup with something left to hand over, oldest first; costs as much as there are of them. */
export function openPickups(show: HasPickups): OpenPickup[] {
  const found: OpenPickup[] = [];
  for (const saleId of show.pickups.open) {
    const [pickup, sale] = [show.pickups.bySale.get(saleId), show.sales.byId.get(saleId)];
    if (!pickup || !sale) continue;
    const standing = standingOfPickup(pickup, sale);
    if (standing !== 'handed-over' && standing !== 'undone') found.push({ pickup, sale, standing });
  }
  return found;
}

/**
 * Goods lie here for somebody who has neither come nor been given up. Preorders are not among them: they are sent, or
 * picked up at another time, and no show waits for them to be closed.
 */
export function unsettledPickups(show: HasPickups): OpenPickup[] {
  return openPickups(show).filter(({ sale, standing }) => standing !== 'missed' && hasGoodsHere(sale));
}

function hasGoodsHere(sale: SaleRecord): boolean {
  return sale.lines.some((_, index) => waitingOf(sale, index).some(({ pool }) => pool !== 'preorder'));
}

export function evolvePickups(pickups: PickupsState, entry: Entry, _frame: Frame): void {
  switch (entry.kind) {
    case 'sale.recorded': {
      if (entry.body.pickup !== 'later') break;
      const { saleId, lines, extra } = entry.body;
      const code = extra?.pickupCode ?? null;
      const none = { readiedAt: null, missedAt: null, handOvers: [] };
      pickups.bySale.set(saleId, { saleId, code, at: entry.at, lines: lines.length, ...none });
      pickups.open.add(saleId);
      if (code !== null) pickups.byCode.set(code, saleId);
      break;
    }
    case 'sale.voided':
      pickups.open.delete(entry.body.saleId);
      break;
    case 'pickup.readied':
      change(pickups, entry.body.saleId, (pickup) => Object.assign(pickup, { readiedAt: entry.at, missedAt: null }));
      break;
    case 'pickup.missed':
      change(pickups, entry.body.saleId, (pickup) => Object.assign(pickup, { missedAt: entry.at }));
      break;
    case 'pickup.handed-over': {
      const { saleId, lines, by, device } = entry.body;
      change(pickups, saleId, (pickup) => {
        if (lines.length > 0) pickup.handOvers.push({ lines, at: entry.at, by, device });
        const gone = new Set(pickup.handOvers.flatMap((handOver) => handOver.lines));
        if (gone.size === pickup.lines) pickups.open.delete(saleId);
      });
      break;
    }
    case 'shortfall.found':
      if (pickups.bySale.has(entry.body.saleId)) pickups.owed.set(entry.body.shortfallId, entry.body.saleId);
      break;
    case 'shortfall.resolved': {
      // Goods that were owed are there now, also for a line that was handed over without them.
      const saleId = pickups.owed.get(entry.body.shortfallId);
      if (saleId !== undefined && entry.body.taken.length > 0) pickups.open.add(saleId);
      break;
    }
  }
}

function change(pickups: PickupsState, saleId: string, write: (pickup: Pickup) => void): void {
  const pickup = pickups.bySale.get(saleId);
  if (pickup) write(pickup);
}
