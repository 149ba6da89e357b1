import {
  leaseOf,
  leasePool,
  leaseSize,
  leasedUnits,
  leasePhysical,
  tillName,
  tillsToLease,
  tillsWithLease,
} from '../leases.ts';
import type { Fact, OriginFact } from '../ledger.ts';
import { accept, refuse } from '../refusal.ts';
import { openShelf } from '../shelf.ts';
import type { ShowState } from '../show.ts';
import { available, cell } from '../stock.ts';
import type { Now } from '../units.ts';
import type { Decider } from './decider.ts';
import type { Vitals } from './vitals.ts';

/**
 * A till gives back what was set apart for it, whole or some skus of it; sent when its own sales have reached the hub,
 * because nobody else knows how many of its units it has sold (STK-8). What is on hold for a buyer at the till stays.
 *
 * Reply: `returned`, units by sku.
 */
export const returnLease: Decider<'return-lease'> = (show, command, ask) => {
  const { role, till, by } = ask.actor;
  if (role !== 'till' || till === null) {
    const message = 'A till returns its own lease. If it will not come back, declare it lost.';
    return refuse('not-allowed', message);
  }
  const { shelf, facts } = openShelf(show, ask.now);
  const pool = leasePool(till);
  const returned: Record<string, number> = {};
  for (const sku of new Set(command.skus ?? show.stock.cells.keys())) {
    const quantity = shelf.left(sku, [pool]);
    if (quantity <= 0) continue;
    returned[sku] = quantity;
    facts.push(leaseBack(sku, till, quantity, by));
  }
  return accept(facts, { returned });
};

/**
 * A till will not come back. Nothing more is leased to it; what it had stays where it is until somebody has counted it
 * (only the till knows what it sold), is moved to the reserve by hand, or goes there when the close is finished.
 *
 * Reply: `lease`, units by sku that the till was given and has not accounted for.
 */
export const declareTillLost: Decider<'declare-till-lost'> = (show, command, ask) => {
  const { till } = command;
  if (!isTill(show, till)) return refuse('unknown-till', `There is no till "${till}".`, { field: 'till' });
  if (show.stock.frozenTills.has(till))
    return refuse('already-lost', `${tillName(show, till)} is declared lost already.`, { field: 'till' });
  const lease = Object.fromEntries(leaseOf(show.stock, till));
  return accept([{ kind: 'lease.frozen', body: { till, by: ask.actor.by } }], { lease });
};

/** More than so many grants at once wait for the next asking, so that a long catalogue never stops the hub. */
const GRANTS_AT_ONCE = 200;

/** Units for every till that is online and has none left of a sku (STK-7). Only while live. */
export function dueLeases(show: ShowState, _now: Now, { online }: Pick<Vitals, 'online'>): OriginFact[] {
  if (show.phase !== 'live') return [];
  const tills = tillsToLease(show, online);
  if (tills.length === 0) return [];
  const grants: OriginFact[] = [];
  for (const { sku, tillLease } of show.plan?.products ?? []) {
    if (grants.length >= GRANTS_AT_ONCE) break;
    let reserve = available(show.stock, sku);
    if (leaseSize({ reserve, leased: 0, override: tillLease }) === 0) continue;
    let leased = leasedUnits(show.stock, sku);
    for (const till of tills) {
      if (leasePhysical(show.stock, sku, till) >= 1) continue;
      const quantity = leaseSize({ reserve, leased, override: tillLease });
      if (quantity === 0) continue;
      grants.push({ ...grant(sku, till, quantity), origin: 'timer', originId: `lease:${till}:${sku}:${show.seq}` });
      reserve -= quantity;
      leased += quantity;
    }
  }
  return grants;
}

/**
 * Every lease back into the reserve, lost tills included: the last thing before a close is pinned (CLS-5), when no hold
 * is left. What a till has sold to be picked up later stays promised where it is.
 */
export function leasesBack({ stock }: ShowState, by: string): Fact[] {
  return tillsWithLease(stock).flatMap((till) =>
    [...stock.cells.keys()].flatMap((sku) => {
      const { physical, committed } = cell(stock, sku, leasePool(till));
      return physical > committed ? [leaseBack(sku, till, physical - committed, by)] : [];
    }),
  );
}

function grant(sku: string, till: string, quantity: number): Fact {
  const to = leasePool(till);
  return { kind: 'stock.moved', body: { sku, from: 'reserve', to, quantity, why: 'lease', reason: null, by: 'timer' } };
}

function leaseBack(sku: string, till: string, quantity: number, by: string): Fact {
  const from = leasePool(till);
  return { kind: 'stock.moved', body: { sku, from, to: 'reserve', quantity, why: 'lease-back', reason: null, by } };
}

function isTill(show: ShowState, till: string): boolean {
  const planned = show.plan?.tills.some(({ id }) => id === till) ?? false;
  return planned || [...show.devices.byId.values()].some((device) => device.till === till);
}
