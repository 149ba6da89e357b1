import { tillName, tillOf } from '../leases.ts';
import { type Decision, accept, refuse } from '../refusal.ts';
import { type Shelf, openShelf } from '../shelf.ts';
import type { ShowState } from '../show.ts';
import { cell } from '../stock.ts';
import type { Pool } from '../words.ts';
import type { Decider } from './decider.ts';
import { goodsRefusal, nameOf } from './goods.ts';

/**
 * Goods go back to where they came from (R1). What is on hold or promised to a buyer stays.
 *
 * Reply: `available` in that pool.
 */
export const giveBackStock: Decider<'give-back-stock'> = (show, command, ask) => {
  const { sku, quantity, pool = 'reserve', location = null, reason = null } = command;
  const refusal = goodsRefusal(show, sku, pool, 'pool') ?? leaseRefusal(show, pool, 'pool');
  if (refusal) return refusal;
  const { shelf, facts } = openShelf(show, ask.now);
  const short = notEnough(show, shelf, { sku, pool, quantity }, 'given back');
  if (short) return short;
  const body = { sku, pool, quantity, location, reason, by: ask.actor.by };
  return accept([...facts, { kind: 'stock.given-back', body }], { available: shelf.left(sku, [pool]) - quantity });
};

/**
 * Goods are lost: broken, given as a sample, taken. Reason `other` needs a note.
 *
 * Reply: `available` in that pool.
 */
export const writeOffStock: Decider<'write-off-stock'> = (show, command, ask) => {
  const { sku, quantity, pool = 'reserve', reason, note = null } = command;
  const refusal = goodsRefusal(show, sku, pool, 'pool') ?? leaseRefusal(show, pool, 'pool');
  if (refusal) return refusal;
  if (reason === 'other' && (note === null || note.trim() === '')) {
    return refuse('reason-required', 'Say in the note what happened to it.', { field: 'note' });
  }
  const { shelf, facts } = openShelf(show, ask.now);
  const short = notEnough(show, shelf, { sku, pool, quantity }, 'written off');
  if (short) return short;
  const body = { sku, pool, quantity, reason, note, by: ask.actor.by };
  return accept([...facts, { kind: 'stock.written-off', body }], { available: shelf.left(sku, [pool]) - quantity });
};

/** Only a till knows what it has sold of its lease, so nobody takes from it until it is declared lost (STK-8). */
export function leaseRefusal(show: ShowState, pool: Pool, field: string): (Decision & { ok: false }) | null {
  const till = tillOf(pool);
  if (till === null || show.stock.frozenTills.has(till)) return null;
  const message = `${tillName(show, till)} gives its lease back itself. If it will not come back, declare it lost.`;
  return refuse('not-allowed', message, { field, till });
}

function notEnough(
  show: ShowState,
  shelf: Shelf,
  { sku, pool, quantity }: { sku: string; pool: Pool; quantity: number },
  what: string,
): (Decision & { ok: false }) | null {
  const left = shelf.left(sku, [pool]);
  if (quantity <= left) return null;
  const kept = Math.max(0, cell(show.stock, sku, pool).physical - left);
  const rest = kept === 0 ? '' : `; ${kept} more ${kept === 1 ? 'is' : 'are'} kept for buyers`;
  const message = `${nameOf(show, sku)}: ${left} in ${pool} can be ${what}${rest}.`;
  return refuse('not-enough', message, { field: 'quantity', sku, pool, available: left });
}
