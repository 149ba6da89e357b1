import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';
import { type SaleRecord, waitingOf } from './sale-record.ts';
import type { Instant } from './units.ts';
import type { WaitingSales } from './waiting.ts';

/**
 * Paid goods that wait for their buyers (STK-11). What a sale still has to hand over is told by the sale itself
 * (`waitingOf`); here is which code names it, and what was done about it.
 */
export interface PickupsState {
  /** pickup code → sale id */
  byCode: Map<string, string>;
  bySale: Map<string, Pickup>;
}

export interface Pickup {
  saleId: string;
  /** null: sold before there were codes */
  code: string | null;
  at: Instant;
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
  return { byCode: new Map(), bySale: new Map() };
}

/** 1-based numbers of the lines that still have something to hand over. */
export function linesLeft(sale: SaleRecord): number[] {
  return sale.lines.flatMap(({ line }, index) => (waitingOf(sale, index).length > 0 ? [line] : []));
}

/** @returns `undone`: voided, or refunded before anybody came */
export function standingOfPickup(pickup: Pickup, sale: SaleRecord): PickupStanding {
  if (linesLeft(sale).length > 0) return standingOfOpen(pickup);
  return pickup.handOvers.length > 0 && !sale.voided ? 'handed-over' : 'undone';
}

/** A show, as far as pickups are concerned. */
interface HasPickups {
  pickups: PickupsState;
  sales: { byId: ReadonlyMap<string, SaleRecord>; waiting: WaitingSales };
}

/** Every pickup with something left to hand over, oldest first; costs as much as there are of them. */
export function openPickups(show: HasPickups): OpenPickup[] {
  return [...show.sales.waiting.keys()].flatMap((saleId) => openPickup(show, saleId) ?? []);
}

/**
 * Goods lie here for somebody who has neither come nor been given up. Preorders are not among them: they are sent, or
 * picked up at another time, and no show waits for them to be closed.
 */
export function unsettledPickups(show: HasPickups): OpenPickup[] {
  return [...show.sales.waiting].flatMap(([saleId, what]) => {
    const open = what === 'goods' ? openPickup(show, saleId) : null;
    return open === null || open.standing === 'missed' ? [] : [open];
  });
}

function openPickup({ pickups, sales }: HasPickups, saleId: string): OpenPickup | null {
  const [pickup, sale] = [pickups.bySale.get(saleId), sales.byId.get(saleId)];
  return pickup && sale ? { pickup, sale, standing: standingOfOpen(pickup) } : null;
}

function standingOfOpen({ missedAt, readiedAt }: Pickup): OpenPickup['standing'] {
  if (missedAt !== null) return 'missed';
  return readiedAt === null ? 'waiting' : 'ready';
}

export function evolvePickups(pickups: PickupsState, entry: Entry, _frame: Frame): void {
  switch (entry.kind) {
    case 'sale.recorded': {
      if (entry.body.pickup !== 'later') break;
      const { saleId, extra } = entry.body;
      const code = extra?.pickupCode ?? null;
      const none = { readiedAt: null, missedAt: null, handOvers: [] };
      pickups.bySale.set(saleId, { saleId, code, at: entry.at, ...none });
      if (code !== null) pickups.byCode.set(code, saleId);
      break;
    }
    case 'pickup.readied':
      change(pickups, entry.body.saleId, (pickup) => Object.assign(pickup, { readiedAt: entry.at, missedAt: null }));
      break;
    case 'pickup.missed':
      change(pickups, entry.body.saleId, (pickup) => Object.assign(pickup, { missedAt: entry.at }));
      break;
    case 'pickup.handed-over': {
      const { saleId, lines, by, device } = entry.body;
      if (lines.length === 0) break;
      change(pickups, saleId, (pickup) => pickup.handOvers.push({ lines, at: entry.at, by, device }));
      break;
    }
  }
}

function change(pickups: PickupsState, saleId: string, write: (pickup: Pickup) => void): void {
  const pickup = pickups.bySale.get(saleId);
  if (pickup) write(pickup);
}
