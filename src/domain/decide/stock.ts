import { accept, refuse } from '../refusal.ts';
import { catalogueOf } from '../catalogue.ts';
import { openShelf, unitsOf } from '../shelf.ts';
import type { ShowState } from '../show.ts';
import { available } from '../stock.ts';
import type { Pool } from '../words.ts';
import type { Decider } from './decider.ts';
import { unknownSku } from './demand.ts';
import { shortfallFacts, takeLine } from './fulfil.ts';
import { goodsRefusal, nameOf, newLeaseRefusal } from './goods.ts';
import { leaseRefusal } from './shelf-changes.ts';

export { dueHolds, extendHold, placeHold, releaseHold } from './hold.ts';

/** Goods arrive. Reply: `available` in the reserve. */
export const receiveStock: Decider<'receive-stock'> = (show, command, ask) => {
  const { sku, quantity, pool = 'reserve', reason = null, batch = null, location = null } = command;
  const refusal = goodsRefusal(show, sku, pool, 'pool') ?? newLeaseRefusal(show, pool, 'pool');
  if (refusal) return refusal;
  const left = available(show.stock, sku) + (pool === 'reserve' ? quantity : 0);
  const body = { sku, pool, quantity, reason, by: ask.actor.by, batch, location };
  return accept([{ kind: 'stock.received', body }], { available: left });
};

/** Moves free goods between pools; what is held or promised stays where it is. Reply: `available` in the reserve. */
export const moveStock: Decider<'move-stock'> = (show, command, ask) => {
  const { sku, quantity, from, to, reason = null } = command;
  const refusal =
    goodsRefusal(show, sku, from, 'from') ??
    goodsRefusal(show, sku, to, 'to') ??
    leaseRefusal(show, from, 'from') ??
    newLeaseRefusal(show, to, 'to');
  if (refusal) return refusal;
  if (from === to) return refuse('bad-value', 'Goods move from one pool to another.', { field: 'to' });
  const { shelf, facts } = openShelf(show, ask.now);
  const left = shelf.left(sku, [from]);
  if (quantity > left) {
    return refuse('not-enough', `${nameOf(show, sku)}: ${left} can be moved from ${from}.`, {
      field: 'quantity',
      sku,
      available: left,
    });
  }
  facts.push({
    kind: 'stock.moved',
    body: { sku, from, to, quantity, why: whyMoved(from, to), reason, by: ask.actor.by },
  });
  const change = to === 'reserve' ? quantity : from === 'reserve' ? -quantity : 0;
  return accept(facts, { available: shelf.left(sku, ['reserve']) + change });
};

/**
 * Settles goods that are owed. `fulfilled` and `substituted` take what is there, up to what is owed, and leave the rest
 * open; `refunded` and `backordered` settle all of it and move no money: `refund-sale` does that.
 */
export const resolveShortfall: Decider<'resolve-shortfall'> = (show, command, ask) => {
  const shortfall = show.sales.shortfalls.get(command.shortfall);
  if (!shortfall || shortfall.quantity === 0) {
    return refuse('unknown-shortfall', `There is no open shortfall "${command.shortfall}".`, { field: 'shortfall' });
  }
  const { shelf, facts } = openShelf(show, ask.now);
  const takes = command.how === 'fulfilled' || command.how === 'substituted';
  const sku = command.how === 'substituted' ? command.sku : shortfall.sku;
  if (sku === undefined) return refuse('bad-value', 'Say which product was given instead.', { field: 'sku' });
  const noProduct = takes ? goodsRefusal(show, sku, 'reserve', 'sku') : null;
  if (noProduct) return noProduct;
  const taken = takes ? shelf.take(sku, shortfall.quantity, ['reserve']) : [];
  if (takes && taken.length === 0) {
    return refuse('out-of-stock', `${nameOf(show, sku)}: none is left in reserve.`, {
      field: command.how === 'substituted' ? 'sku' : 'how',
      sku,
      available: 0,
    });
  }
  const quantity = takes ? unitsOf(taken) : shortfall.quantity;
  const committed = show.sales.byId.get(shortfall.saleId)?.pickup === 'later';
  const body = {
    shortfallId: shortfall.id,
    how: command.how,
    quantity,
    sku: command.how === 'substituted' ? sku : null,
    taken,
    committed,
    by: ask.actor.by,
  };
  facts.push({ kind: 'shortfall.resolved', body });
  return accept(facts, { settled: quantity, open: shortfall.quantity - quantity });
};

/** Says which product a parked line was: its goods are taken now, by the rule for outside sales. */
export const mapSku: Decider<'map-sku'> = (show, command, ask) => {
  const parked = show.sales.parked.get(command.line);
  if (!parked) return refuse('unknown-line', `There is no parked line "${command.line}".`, { field: 'line' });
  const article = catalogueOf(show.plan).get(command.sku);
  if (!article) return unknownSku(command.sku, 'sku');
  const { shelf, facts } = openShelf(show, ask.now);
  const missing = new Map<string, number>();
  const taken = takeLine(shelf, { article, quantity: stillOut(show, parked), pools: ['reserve'] }, missing);
  const shortfall = [...missing.values()].reduce((sum, units) => sum + units, 0);
  const { id: lineId, saleId, source } = parked;
  const remember = command.remember ?? false;
  facts.push({ kind: 'line.mapped', body: { lineId, sku: command.sku, taken, shortfall, remember, by: ask.actor.by } });
  facts.push(...shortfallFacts(missing, { saleId, source, firstSeq: ask.seq + facts.length }));
  return accept(facts, { taken: unitsOf(taken), shortfall });
};

/** Units of a parked line that were not refunded meanwhile. */
function stillOut(show: ShowState, parked: { saleId: string; line: number; quantity: number }): number {
  const sale = show.sales.byId.get(parked.saleId);
  return parked.quantity - (sale?.refundedUnits[parked.line - 1] ?? 0);
}

function whyMoved(from: Pool, to: Pool): 'rebalance' | 'lease' | 'lease-back' | 'quarantine' | 'release' {
  if (to === 'quarantine') return 'quarantine';
  if (from === 'quarantine') return 'release';
  if (to.startsWith('till:')) return 'lease';
  return from.startsWith('till:') ? 'lease-back' : 'rebalance';
}
