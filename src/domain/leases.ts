import { joinedDevices } from './devices.ts';
import type { ShowState } from './show.ts';
import { type StockState, available, cell } from './stock.ts';
import type { Pool } from './words.ts';

/**
 * Leases: units set apart for one till, so that it can go on selling while it is cut off and nobody else sells them
 * meanwhile (STK-7, STK-8). A lease is the pool `till:<id>`; it shrinks by the till's own sales and returns only, or
 * when the till is declared lost. Who gets how much is decided in decide/lease.ts.
 */
const MOST_UNITS = 3;
const SHARE_OF_RESERVE_PERCENT = 10;
/** one in so many units of the reserve may lie with all tills together: 25 % */
const RESERVE_TO_LEASES = 4;

/** With fewer than this in reserve a basket of two may already meet an empty shelf while tills hold the rest. */
const NEARLY_GONE = 3;

export function leasePool(till: string): Pool {
  return `till:${till}`;
}

/** The till whose lease a pool is; null for every other pool. */
export function tillOf(pool: Pool): string | null {
  return pool.startsWith('till:') ? pool.slice('till:'.length) : null;
}

export interface LeaseQuestion {
  /** units of the sku that the reserve may sell now */
  reserve: number;
  /** units of the sku that lie with tills already */
  leased: number;
  /** the plan's `tillLease`; null: by the shares above */
  override: number | null;
}

/**
 * Units to lease to one till that has none of a sku: up to 3 and at most 10 % of the reserve, while a quarter of it at
 * most lies with all tills. The plan's own figure is given as long as no less than that stays for everybody else.
 */
export function leaseSize({ reserve, leased, override }: LeaseQuestion): number {
  // Never so many that they would be asked back at once.
  if (override !== null) return clamped(override, Math.min(Math.floor((reserve - leased) / 2), reserve - NEARLY_GONE));
  const wanted = Math.min(MOST_UNITS, Math.floor((reserve * SHARE_OF_RESERVE_PERCENT) / 100));
  // 4 × (leased + size) ≤ reserve − size: the shares hold when the units have been moved.
  return clamped(wanted, Math.floor((reserve - RESERVE_TO_LEASES * leased) / (RESERVE_TO_LEASES + 1)));
}

/** Units of a sku that lie with tills, whoever they are. */
export function leasedUnits(stock: StockState, sku: string): number {
  let units = 0;
  for (const [pool, { physical }] of stock.cells.get(sku) ?? []) if (tillOf(pool) !== null) units += physical;
  return units;
}

/** Every till that holds units of a sku which could still be sold. */
export function leaseHolders(stock: StockState, sku: string): { till: string; units: number }[] {
  return [...(stock.cells.get(sku)?.keys() ?? [])].flatMap((pool) => {
    const till = tillOf(pool);
    const units = till === null ? 0 : available(stock, sku, pool);
    return till === null || units === 0 ? [] : [{ till, units }];
  });
}

/** Units that a till may still sell while cut off, by sku; skus of which it has none are left out. */
export function leaseOf(stock: StockState, till: string): Map<string, number> {
  const lease = new Map<string, number>();
  const pool = leasePool(till);
  for (const sku of stock.cells.keys()) {
    const units = available(stock, sku, pool);
    if (units > 0) lease.set(sku, units);
  }
  return lease;
}

/** Skus that the reserve is nearly out of while this till still holds some: it should send `return-lease` (STK-8). */
export function leaseWantedBack(show: ShowState, till: string): string[] {
  if (show.phase !== 'live' && show.phase !== 'closing') return [];
  const skus = [...leaseOf(show.stock, till).keys()];
  return show.phase === 'closing' ? skus : skus.filter((sku) => available(show.stock, sku) < NEARLY_GONE);
}

/** Should this till be asked to give its lease back? */
export function leaseWanted(show: ShowState, till: string): boolean {
  return leaseWantedBack(show, till).length > 0;
}

/** Tills with goods of the show, oldest lease first. */
export function tillsWithLease(stock: StockState): string[] {
  const tills = new Set<string>();
  for (const pools of stock.cells.values()) {
    for (const [pool, { physical }] of pools) {
      const till = tillOf(pool);
      if (till !== null && physical > 0) tills.add(till);
    }
  }
  return [...tills];
}

/** Till ids that can be reached now and may be leased to, each once. */
export function tillsToLease(show: ShowState, online: ReadonlySet<string>): string[] {
  const tills = joinedDevices(show.devices).flatMap(({ id, role, till }) =>
    role === 'till' && till !== null && online.has(id) && !show.stock.frozenTills.has(till) ? [till] : [],
  );
  return [...new Set(tills)];
}

/** A till by the name that people give it. */
export function tillName(show: ShowState, till: string): string {
  return show.plan?.tills.find(({ id }) => id === till)?.name ?? till;
}

/** Units of a sku in a till's lease, held ones included. */
export function leasePhysical(stock: StockState, sku: string, till: string): number {
  return cell(stock, sku, leasePool(till)).physical;
}

function clamped(wanted: number, most: number): number {
  return Math.max(0, Math.min(wanted, most));
}
