import { cashOfVoid } from '../drawers.ts';
import { type Decision, accept, refuse } from '../refusal.ts';
import type { CommandOf } from '../commands.ts';
import { catalogueOf } from '../catalogue.ts';
import type { BodyOf, Fact } from '../ledger.ts';
import { formatMinor } from '../money.ts';
import type { Plan } from '../plan.ts';
import { findBacks, payBack, refundable } from '../refund-pricing.ts';
import { type SaleRecord, outOf } from '../sale-record.ts';
import { openShortfalls } from '../sales.ts';
import type { ShowState } from '../show.ts';
import { MINUTE, toIso } from '../units.ts';
import type { Ask } from './ask.ts';
import type { Decider } from './decider.ts';
import { cancelled, refundFacts, refundWithoutReceipt } from './refunding.ts';

const UNDO_WINDOW = 10 * MINUTE;

/** Takes a sale back whole, as if it had never been. What has been refunded is history and cannot be voided. */
export const voidSale: Decider<'void-sale'> = (show, command, ask) => {
  const sale = show.sales.byId.get(command.saleId);
  if (!sale) return unknownSale(command.saleId);
  if (sale.voided) return refuse('already-voided', `The sale ${sale.saleId} is voided already.`, { field: 'saleId' });
  const late = undoRefusal(show, sale, ask);
  if (late) return late;
  if (sale.refundedMinor > 0 || sale.since?.backParts.flat().some((units) => units > 0)) {
    return refuse('has-refunds', `The sale ${sale.saleId} has refunds; refund the rest instead.`, { field: 'saleId' });
  }
  if (show.phase === 'closed') return refuse('show-not-open', 'The show is closed; refund the sale instead.');
  const all = sale.lines.flatMap((_, index) => [...outOf(sale, index)]);
  const later = sale.pickup === 'later';
  const facts: Fact[] = openShortfalls(show.sales)
    .filter(({ saleId }) => saleId === sale.saleId)
    .map(({ id, quantity }) => cancelled(id, quantity, ask.actor.by));
  facts.push({
    kind: 'sale.voided',
    body: {
      saleId: sale.saleId,
      reason: command.reason ?? null,
      restocked: later ? [] : all,
      uncommitted: later ? all : [],
      by: ask.actor.by,
      cash: cashOfVoid(show, sale),
    },
  });
  return accept(facts, { saleId: sale.saleId });
};

/** A till may undo its own newest sale for ten minutes (TIL-6). */
function undoRefusal(show: ShowState, sale: SaleRecord, ask: Ask): Decision | null {
  if (ask.actor.role !== 'till') return null;
  const newest =
    sale.till !== null && sale.till === ask.actor.till && show.sales.lastOfTill.get(sale.till) === sale.saleId;
  if (newest && ask.now.t - sale.t <= UNDO_WINDOW) return null;
  return refuse('undo-too-late', 'A till can undo its own last sale for 10 minutes. Ask the desk for a refund.', {
    field: 'saleId',
  });
}

/**
 * Gives units back, by sku: of whole lines first, then of bundles that hold the sku as a part.
 *
 * Reply: `refundId`, `refundedMinor` (goods and tax on top), `tenders`.
 */
export const refundSale: Decider<'refund-sale'> = (show, command, ask) => {
  const plan = show.plan;
  if (!plan) return refuse('no-plan', 'There is no plan yet, so nothing was sold.');
  if (ask.actor.role === 'till') return refuse('needs-approval', 'Refunds are given at the desk.');
  const forbidden = noRestock(plan, command);
  if (forbidden) return forbidden;
  if (command.saleId === null) return refundWithoutReceipt(plan, command, ask);
  const sale = show.sales.byId.get(command.saleId);
  if (!sale) return unknownSale(command.saleId);
  if (sale.voided) return refuse('already-voided', `The sale ${sale.saleId} was voided.`, { field: 'saleId' });

  const found = findBacks(sale, command.lines, plan.show.taxMode);
  if ('left' in found) {
    const message = `The sale ${sale.saleId} has ${found.left === 0 ? 'nothing' : `only ${found.left}`} of ${found.sku} left to refund.`;
    return refuse('more-than-sold', message, { sku: found.sku, available: found.left });
  }
  const limit = refundable(sale);
  const worth = found.backs.reduce((sum, back) => sum + back.amountMinor, 0);
  const amountMinor = command.amountMinor ?? Math.min(worth, limit);
  if (amountMinor > limit) {
    const message = `Only ${formatMinor(limit, plan.show.currency)} of this sale can still be refunded.`;
    return refuse('more-than-paid', message, { field: 'amountMinor', refundableMinor: limit });
  }
  const backs = payBack(found.backs, amountMinor, sale.taxMinor - sale.refundedTaxMinor);
  const facts = refundFacts(show, sale, { backs, amountMinor, restock: command.restock }, ask, {
    reason: command.reason,
    madeAt: toIso(ask.now.at),
    source: 'desk',
    sourceId: null,
  });
  const body = facts.at(-1)?.body as BodyOf<'sale.refunded'>;
  return accept(facts, { refundId: body.refundId, refundedMinor: amountMinor, tenders: body.tenders });
};

function unknownSale(saleId: string): Decision & { ok: false } {
  return refuse('unknown-sale', `There is no sale "${saleId}".`, { field: 'saleId' });
}

/** STK-12: such goods may be looked at or thrown away, never sold again. */
function noRestock(plan: Plan, command: CommandOf<'refund-sale'>): Decision | null {
  if (command.restock !== 'reserve') return null;
  const catalogue = catalogueOf(plan);
  const parts = command.lines.flatMap(({ sku }) => catalogue.get(sku)?.parts.map((part) => part.sku) ?? []);
  const product = plan.products.find(({ sku, flags }) => parts.includes(sku) && flags.includes('no-restock'));
  if (!product) return null;
  return refuse('flag-forbids', `${product.name} is never put back on sale; choose quarantine or no.`, {
    field: 'restock',
    flag: 'no-restock',
    sku: product.sku,
  });
}
