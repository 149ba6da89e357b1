import { type Decision, accept, refuse } from '../refusal.ts';
import { catalogueOf } from '../catalogue.ts';
import { isSample, costOf } from '../perk-book.ts';
import { offerStanding } from '../offer-standing.ts';
import { openShelf } from '../shelf.ts';
import type { Pool } from '../words.ts';
import type { Decider } from './decider.ts';
import { findShortage, offerRefusal, outOfStock, unknownSku } from './demand.ts';
import { takeLine } from './fulfil.ts';
import { atTheGate, perkOf, personNamed } from './gate.ts';

/**
 * Hands a sample to somebody who signed up, once a person (OFR-5): the goods leave the stock, nothing is paid. A perk
 * with a price is rung up as a sale instead. `sku`: another product, when the sample is out.
 *
 * Reply: `ref`, `sku`, `costMinor`, `available` left in the reserve.
 */
export const redeemPerk: Decider<'redeem-perk'> = (show, command, ask) => {
  const { plan } = show;
  const standing = offerStanding(show, command.offer, ask.now);
  if (!plan || !standing) return refuse('unknown-offer', `There is no offer "${command.offer}".`, { field: 'offer' });
  const { offer } = standing;
  if (offer.kind !== 'perk')
    return refuse('bad-value', `The offer "${offer.id}" is no perk; ring it up as a sale.`, { field: 'offer' });
  if (!isSample(offer))
    return refuse('bad-value', `The perk "${offer.id}" is a lower price; ring it up as a sale with the sign-up.`, {
      field: 'offer',
      priceMinor: offer.priceMinor,
    });
  if (show.phase !== 'live')
    return refuse('show-not-open', show.phase === 'planned' ? 'The show is not open yet.' : 'The show is over.');
  const who = command.ref ?? command.signup;
  const ref = who === undefined ? null : personNamed(show, who, ask);
  if (who !== undefined && ref === null)
    return refuse('unknown-signup', 'Nobody has signed up under this code.', {
      field: command.ref === undefined ? 'signup' : 'ref',
    });
  const refusal =
    ofOne(offerRefusal(standing, 1, 'in-person'), 'offer') ??
    atTheGate(show, offer, { code: command.code, buyer: ref, units: 1 }, ask) ??
    perkOf(show, offer, ref);
  if (refusal || ref === null) return refusal ?? refuse('gate-closed', 'Name the sign-up.', { field: 'signup' });

  const sku = command.sku ?? offer.sku;
  const article = catalogueOf(plan).get(sku);
  if (!article) return unknownSku(sku, 'sku');
  const { shelf, facts } = openShelf(show, ask.now);
  const pools: Pool[] = [`allot:${offer.id}`, 'reserve'];
  const want = { article, quantity: 1, pools };
  const shortage = findShortage(shelf, [want]);
  if (shortage) return ofOne(outOfStock(shortage, 'in-person', 'out-of-stock'), 'sku');
  const taken = takeLine(shelf, want, new Map());
  const costMinor = costOf(plan, sku);
  facts.push({ kind: 'perk.redeemed', body: { offer: offer.id, ref, sku, taken, costMinor, by: ask.actor.by } });
  return accept(facts, { ref, sku, costMinor, available: shelf.leftOf(plan, sku, ['reserve']) });
};

/** A sample has no lines that a refusal could name. */
function ofOne<R extends (Decision & { ok: false }) | null>(refused: R, field: string): R {
  return refused && { ...refused, refusal: { ...refused.refusal, field } };
}
