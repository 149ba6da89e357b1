import { type Pickup, linesLeft } from '../pickups.ts';
import type { Taken } from '../facts/sale-facts.ts';
import { clockText } from '../local-time.ts';
import type { BodyOf } from '../ledger.ts';
import { type Decision, accept, refuse } from '../refusal.ts';
import { type SaleRecord, dueLeft, perUnit, waitingOf } from '../sale-record.ts';
import { type Payment, paymentOf } from '../sale-pricing.ts';
import { openShelf, unitsOf } from '../shelf.ts';
import type { ShowState } from '../show.ts';
import { toIso } from '../units.ts';
import type { TenderKind } from '../words.ts';
import type { Ask } from './ask.ts';
import type { Decider } from './decider.ts';
import { readPickupCode } from './pickup-code.ts';

/** Paid goods are packed and wait. Said again, it changes nothing. Reply: `saleId`, `code`. */
export const readyPickup: Decider<'ready-pickup'> = (show, command, ask) => {
  const found = pickupOf(show, command);
  if ('refusal' in found) return found;
  const { pickup, sale } = found;
  const over = nothingLeft(show, found, linesLeft(sale));
  if (over) return over;
  const { saleId, code } = pickup;
  if (pickup.readiedAt !== null && pickup.missedAt === null) return accept([], { saleId, code });
  return accept([{ kind: 'pickup.readied', body: { saleId, by: ask.actor.by } }], { saleId, code });
};

/**
 * Goods leave with their buyer, once a line (STK-11): all lines that have something left, or those that are named. Of a
 * line that was refunded in part what is left is given. Preorders are promises; what of them lies in the reserve is
 * taken from there, and the rest came for their buyers alone.
 *
 * Reply: `saleId`, `handedOver` (lines with their units), `left` (lines still to be handed over), `dueMinor` still to be
 * paid; with `tender`, `paidMinor` and of cash `roundingMinor`.
 */
export const handOverPickup: Decider<'hand-over-pickup'> = (show, command, ask) => {
  const found = pickupOf(show, command);
  if ('refusal' in found) return found;
  const { pickup, sale } = found;
  const left = linesLeft(sale);
  const asked = command.lines ? [...new Set(command.lines)].sort((a, b) => a - b) : left;
  const unknown = asked.find((line) => sale.lines[line - 1] === undefined);
  if (unknown !== undefined) {
    const message = `The sale ${sale.saleId} has ${sale.lines.length} lines.`;
    return refuse('bad-value', message, { field: 'lines', lines: sale.lines.length });
  }
  const dueMinor = dueLeft(sale);
  const paysOnly = left.length === 0 && command.lines === undefined && dueMinor > 0 && command.tender !== undefined;
  const over = paysOnly ? null : nothingLeft(show, found, asked);
  if (over) return over;

  const { shelf, facts } = openShelf(show, ask.now);
  const taken: Taken[] = [];
  const goods: (Taken & { line: number })[] = [];
  for (const line of asked) {
    for (const { sku, pool, quantity } of waitingOf(sale, line - 1)) {
      taken.push({ sku, pool, quantity });
      if (pool === 'preorder') goods.push(...shelf.take(sku, quantity, ['reserve']).map((each) => ({ ...each, line })));
    }
  }
  const payment = command.tender === undefined ? null : restPaid(sale, command.tender, ask);
  const { actor } = ask;
  const body: BodyOf<'pickup.handed-over'> = {
    saleId: pickup.saleId,
    lines: asked,
    taken,
    ...(goods.length === 0 ? {} : { goods }),
    ...(payment ? { paid: payment.tenders, till: actor.till } : {}),
    ...(payment && payment.roundingMinor !== 0 ? { roundingMinor: payment.roundingMinor } : {}),
    by: actor.by,
    device: actor.device,
  };
  facts.push({ kind: 'pickup.handed-over', body });
  return accept(facts, {
    saleId: pickup.saleId,
    handedOver: asked.map((line) => unitsOfLine(sale, line)),
    left: left.filter((line) => !asked.includes(line)),
    dueMinor: payment ? 0 : dueMinor,
    ...(payment ? { paidMinor: dueMinor, roundingMinor: payment.roundingMinor } : {}),
  });
};

/** Nobody came. Moves nothing: the goods stay promised, and may be handed over at another time. Reply: `saleId`. */
export const missPickup: Decider<'miss-pickup'> = (show, command, ask) => {
  const found = pickupOf(show, command);
  if ('refusal' in found) return found;
  const { pickup, sale } = found;
  const over = nothingLeft(show, found, linesLeft(sale));
  if (over) return over;
  const { saleId } = pickup;
  if (pickup.missedAt !== null) return accept([], { saleId });
  return accept([{ kind: 'pickup.missed', body: { saleId, by: ask.actor.by } }], { saleId });
};

type Found = { pickup: Pickup; sale: SaleRecord };

function pickupOf(
  show: ShowState,
  { code, saleId }: { code?: string; saleId?: string },
): Found | (Decision & { ok: false }) {
  const typed = code === undefined ? undefined : readPickupCode(code);
  const named = typed === undefined ? undefined : show.pickups.byCode.get(typed);
  if (typed !== undefined && named === undefined) {
    return refuse('code-unknown', `No pickup has the code ${typed}. Look for it by the sale.`, { field: 'code' });
  }
  if (named !== undefined && saleId !== undefined && named !== saleId) {
    return refuse('bad-value', `The code ${typed} belongs to the sale ${named}.`, { field: 'code', saleId: named });
  }
  const id = named ?? saleId;
  if (id === undefined) return refuse('bad-value', 'Say the pickup code, or which sale.', { field: 'code' });
  const [pickup, sale] = [show.pickups.bySale.get(id), show.sales.byId.get(id)];
  if (!sale) return refuse('unknown-sale', `There is no sale "${id}".`, { field: 'saleId' });
  if (!pickup) {
    return refuse('not-a-pickup', `The sale ${id} was handed over when it was paid.`, { field: 'saleId' });
  }
  if (sale.voided) return refuse('already-voided', `The sale ${id} was voided.`, { field: 'saleId' });
  return { pickup, sale };
}

/** Why these lines cannot be handed over (any more); null when every one of them can. */
function nothingLeft(show: ShowState, { pickup, sale }: Found, lines: readonly number[]): Decision | null {
  const left = linesLeft(sale);
  const empty = lines.length === 0 ? 0 : lines.find((line) => !left.includes(line));
  if (empty === undefined) return null;
  const before = pickup.handOvers.findLast((each) => empty === 0 || each.lines.includes(empty));
  if (before) {
    const at = toIso(before.at);
    const when = clockText(before.at, show.plan?.show.timeZone ?? 'UTC');
    const message = `Handed over already, at ${when} by ${before.by}. Do not give it again.`;
    return refuse('already-handed-over', message, { at, by: before.by, device: before.device, saleId: sale.saleId });
  }
  const owed = [...show.sales.shortfalls.values()].some((one) => one.saleId === sale.saleId && one.quantity > 0);
  if (owed) {
    const message = `The sale ${sale.saleId} was sold beyond stock. Resolve the shortfall first.`;
    return refuse('goods-owed', message, { field: 'saleId', saleId: sale.saleId, lines: left });
  }
  const message = `The sale ${sale.saleId} was refunded, nothing is left to hand over.`;
  return refuse('nothing-left', message, { field: 'saleId', saleId: sale.saleId, lines: left });
}

/** @returns null when nothing is due */
function restPaid(sale: SaleRecord, tender: TenderKind, { rules }: Ask): Payment | null {
  const dueNowMinor = dueLeft(sale);
  if (dueNowMinor === 0) return null;
  return paymentOf(tender, { dueNowMinor, stepMinor: rules.cashRoundingMinor, mayBeUnrounded: false });
}

/** Units of the line that leave now; a bundle of which only parts are left counts as one. */
function unitsOfLine(sale: SaleRecord, number: number): { line: number; sku: string | null; quantity: number } {
  const line = sale.lines[number - 1];
  const waiting = waitingOf(sale, number - 1);
  const units = (line?.parts ?? []).map((part, i) => {
    const there = waiting.filter(({ sku, instead }) => (instead ?? sku) === part.sku);
    return line ? Math.ceil(unitsOf(there) / perUnit(line, i)) : 0;
  });
  return { line: number, sku: line?.sku ?? null, quantity: Math.max(0, ...units) };
}
