import { cashOfVoid, inSameSession, isRungHere } from '../drawers.ts';
import type { Fact } from '../ledger.ts';
import { type Decision, accept, refuse } from '../refusal.ts';
import { type SaleRecord, outOf } from '../sale-record.ts';
import { openShortfalls } from '../sales.ts';
import type { ShowState } from '../show.ts';
import { MINUTE } from '../units.ts';
import type { Ask } from './ask.ts';
import type { Decider } from './decider.ts';
import { cancelled } from './refunding.ts';

export { refundSale } from './refund-sale.ts';

const UNDO_WINDOW = 10 * MINUTE;

/**
 * Takes a sale back whole, as if it had never been (TIL-6): for ten minutes, in the same cash session, while nothing of
 * it was picked up. What has been refunded is history and cannot be voided.
 */
export const voidSale: Decider<'void-sale'> = (show, command, ask) => {
  const sale = show.sales.byId.get(command.saleId);
  if (!sale) return refuse('unknown-sale', `There is no sale "${command.saleId}".`, { field: 'saleId' });
  const refusal = voidRefusal(show, sale) ?? undoRefusal(show, sale, ask);
  if (refusal) return refusal;
  return accept(voidFacts(show, sale, { reason: command.reason ?? null, why: 'undo' }, ask), { saleId: sale.saleId });
};

/** Sales that cannot be voided by anybody at any time. */
export function voidRefusal(show: ShowState, sale: SaleRecord): (Decision & { ok: false }) | null {
  const detail = { field: 'saleId', saleId: sale.saleId };
  if (sale.voided) return refuse('already-voided', `The sale ${sale.saleId} is voided already.`, detail);
  if (sale.refundedMinor > 0 || sale.since?.backParts.flat().some((units) => units > 0))
    return refuse('has-refunds', `The sale ${sale.saleId} has refunds; refund the rest instead.`, detail);
  if (show.phase === 'closed') return refuse('show-not-open', 'The show is closed; refund the sale instead.');
  return null;
}

/** The exact inverse of what a sale took: same goods, same pools, and nothing is owed to it any more. */
export function voidFacts(
  show: ShowState,
  sale: SaleRecord,
  { reason, why }: { reason: string | null; why: 'undo' | 'promise' },
  ask: Ask,
): Fact[] {
  const all = sale.lines.flatMap((_, index) =>
    outOf(sale, index).map(({ sku, pool, quantity }) => ({ sku, pool, quantity })),
  );
  const later = sale.pickup === 'later';
  const facts: Fact[] = openShortfalls(show.sales)
    .filter(({ saleId }) => saleId === sale.saleId)
    .map(({ id, quantity }) => cancelled(id, quantity, ask.actor.by));
  facts.push({
    kind: 'sale.voided',
    body: {
      saleId: sale.saleId,
      reason,
      restocked: later ? [] : all,
      uncommitted: later ? all : [],
      by: ask.actor.by,
      why,
      cash: cashOfVoid(show, sale),
    },
  });
  return facts;
}

/** Later or elsewhere it is a refund (TIL-6). */
function undoRefusal(show: ShowState, sale: SaleRecord, ask: Ask): (Decision & { ok: false }) | null {
  const late = (why: string): Decision & { ok: false } =>
    refuse('undo-too-late', `${why} Refund it instead.`, { field: 'saleId', saleId: sale.saleId });
  const { role, till } = ask.actor;
  const isNewest = sale.till !== null && sale.till === till && show.sales.lastOfTill.get(sale.till) === sale.saleId;
  if (role === 'till' && !isNewest) return late('A till can undo its own last sale only.');
  if (sale.extra?.exchangeId !== undefined) return late('This sale is one half of an exchange.');
  if (ask.now.t - sale.t > UNDO_WINDOW) return late('A sale can be undone for 10 minutes.');
  if (sale.since?.out.flat().some(({ handed }) => handed)) return late('Goods of this sale were handed over.');
  if (isRungHere(sale.source) && !inSameSession(show, sale)) return late('The drawer was counted after this sale.');
  return null;
}
