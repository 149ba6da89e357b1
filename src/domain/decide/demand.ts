import { type Decision, refuse } from '../refusal.ts';
import type { Article } from '../catalogue.ts';
import type { Fact } from '../ledger.ts';
import { type OfferStanding, heldUnits } from '../offer-standing.ts';
import type { Offer } from '../plan.ts';
import type { Leased, Shelf } from '../shelf.ts';
import type { ShowState } from '../show.ts';
import type { Hold } from '../stock.ts';
import type { Channel, Pool } from '../words.ts';
import type { Ask } from './ask.ts';

/** What a line wants of the shelf. */
export interface Want {
  article: Article;
  quantity: number;
  /** first pool first */
  pools: readonly Pool[];
}

/** The first product that does not suffice for all lines together, named as the buyer knows it. */
export interface Shortage {
  sku: string;
  name: string;
  asked: number;
  available: number;
  pools: readonly Pool[];
  /** units that lie with other tills, which are asked to give them back (STK-8) */
  leased?: readonly Leased[];
}

/** Demand is summed per product over all lines before anything is compared (STK-1). @returns null when all is there */
export function findShortage(shelf: Shelf, wants: readonly Want[]): Shortage | null {
  const demand = new Map<string, { units: number; pools: Set<Pool>; wants: Want[] }>();
  for (const want of wants) {
    for (const part of want.article.parts) {
      const sum = demand.get(part.sku) ?? { units: 0, pools: new Set<Pool>(), wants: [] };
      sum.units += part.quantity * want.quantity;
      for (const pool of want.pools) sum.pools.add(pool);
      sum.wants.push(want);
      demand.set(part.sku, sum);
    }
  }
  for (const [sku, { units, pools, wants: askers }] of demand) {
    const left = shelf.left(sku, [...pools]);
    if (units > left || !reachable(shelf, sku, askers)) return shortageOf(shelf, sku, left, askers);
  }
  return null;
}

/** A sale that was refused for want of goods, and the demand it leaves behind. */
export function outOfStock(
  shortage: Shortage,
  channel: Channel,
  code: 'out-of-stock' | 'hold-expired',
): Decision & { ok: false } {
  const { sku, name, asked, available, pools, leased = [] } = shortage;
  const where = pools.includes('reserve') ? 'in reserve' : `in ${pools.join(', ')}`;
  const left =
    available <= 0
      ? `none is left ${where}`
      : available === 1
        ? `only 1 is left ${where}`
        : `only ${available} are left ${where}`;
  const said = leased.length === 0 ? left : available <= 0 ? leasedText(leased) : `${left}; ${leasedText(leased)}`;
  const message = code === 'hold-expired' ? `The hold has expired, and of "${name}" ${said}.` : `${name}: ${said}.`;
  const details = {
    field: 'lines',
    sku,
    available: Math.max(0, available),
    ...(leased.length === 0 ? {} : { leased }),
  };
  return {
    ...refuse(code, message, details),
    facts: [missed(sku, asked, 'out-of-stock', channel)],
  };
}

/** Is the offer open, and does its cap leave so many? */
export function offerRefusal(
  { offer, open, closedWhy, remaining }: OfferStanding,
  units: number,
  channel: Channel,
): (Decision & { ok: false }) | null {
  const left = Math.max(0, remaining ?? 0);
  // One that its cap has shut stays shut when units come back; then it is closed, not full: `open-offer` opens it again.
  if ((open || closedWhy === 'cap') && remaining !== null && units > remaining) {
    const message =
      left === 0
        ? `All ${offer.cap} of the offer "${offer.id}" are taken.`
        : `The offer "${offer.id}" has only ${left} left.`;
    const refusal = refuse('cap-reached', message, {
      field: 'lines',
      offer: offer.id,
      sku: offer.sku,
      available: left,
    });
    return { ...refusal, facts: [missed(offer.sku, units, 'cap-reached', channel)] };
  }
  if (open) return null;
  const message =
    closedWhy === null ? `The offer "${offer.id}" is not open yet.` : `The offer "${offer.id}" is closed.`;
  const refusal = refuse('offer-closed', message, { field: 'offer', offer: offer.id });
  return { ...refusal, facts: [missed(offer.sku, units, 'offer-closed', channel)] };
}

/**
 * `perBuyer` binds buyers who are known over all they have bought, kept and hold, others sale by sale (STK-9).
 *
 * @param asked.hold the sale's own hold, whose units are among those asked for
 */
export function personLimit(
  show: ShowState,
  offer: Offer,
  { units, buyer, hold = null }: { units: number; buyer: string | null; hold?: Hold | null },
  ask: Pick<Ask, 'now'>,
): (Decision & { ok: false }) | null {
  if (offer.perBuyer === null) return null;
  const before =
    buyer === null
      ? 0
      : (show.sales.takings.byOffer.get(offer.id)?.byBuyer.get(buyer) ?? 0) +
        heldUnits(show, offer, ask.now, (each) => each.buyer === buyer && each.holdId !== hold?.holdId);
  const left = Math.max(0, offer.perBuyer - before);
  if (units <= left) return null;
  return refuse(
    'person-limit',
    `The offer "${offer.id}" gives ${offer.perBuyer} to each buyer; ${left} left for this one.`,
    { field: 'lines', offer: offer.id, available: left },
  );
}

export function unknownSku(sku: string, field: string): Decision & { ok: false } {
  return refuse('unknown-sku', `Nothing in the plan has the sku "${sku}".`, { field, sku });
}

function missed(
  sku: string,
  quantity: number,
  why: 'out-of-stock' | 'cap-reached' | 'offer-closed',
  channel: Channel,
): Fact {
  return { kind: 'demand.missed', body: { sku, quantity, why, channel } };
}

/** Enough in all pools together may still lie where one of the lines cannot reach. */
function reachable(shelf: Shelf, sku: string, askers: readonly Want[]): boolean {
  return askers.every(({ article, quantity, pools }) => {
    const part = article.parts.find((each) => each.sku === sku);
    return part === undefined || part.quantity * quantity <= shelf.left(sku, pools);
  });
}

function shortageOf(shelf: Shelf, sku: string, left: number, askers: readonly Want[]): Shortage {
  const only = askers.length === 1 ? askers[0] : undefined;
  if (only) {
    const { article, quantity, pools } = only;
    const available = Math.min(...article.parts.map((part) => Math.floor(shelf.left(part.sku, pools) / part.quantity)));
    const leased = article.bundle ? [] : shelf.leasedApart(sku, pools);
    return { sku: article.sku, name: article.name, asked: quantity, available, pools, leased };
  }
  const name = askers.find(({ article }) => article.sku === sku)?.article.name ?? sku;
  const asked = askers.reduce((sum, { article, quantity }) => {
    return sum + quantity * (article.parts.find((part) => part.sku === sku)?.quantity ?? 0);
  }, 0);
  const pools = askers.flatMap((asker) => [...asker.pools]);
  return { sku, name, asked, available: left, pools, leased: shelf.leasedApart(sku, pools) };
}

function leasedText(leased: readonly Leased[]): string {
  const units = leased.reduce((sum, each) => sum + each.units, 0);
  return `${units} left, leased to ${leased.map(({ name }) => name).join(' and ')}`;
}
