import { catalogueOf } from './catalogue.ts';
import type { SaleRecorded } from './facts/sale-facts.ts';
import type { BodyOf } from './ledger.ts';
import { times } from './money.ts';
import type { Offer, Plan } from './plan.ts';
import type { Minor } from './units.ts';

/** One perk: for whom it was issued and who has redeemed it (OFR-5). */
export interface PerkBook {
  /** refs whose sign-up carries it */
  issued: Set<string>;
  redeemed: Map<string, Redemption>;
}

export interface Redemption {
  sku: string;
  /** what it cost the seller: the goods of a sample, the money taken off a purchase */
  costMinor: Minor;
  /** of a discount: the sale that used it */
  saleId: string | null;
}

export interface PerkFigures {
  issued: number;
  redeemed: number;
  /** issued, not redeemed, and too late */
  expired: number;
  costMinor: Minor;
}

type PerkState = { perks: Map<string, PerkBook>; perkSales: Map<string, { offer: string; ref: string }> };

/** A perk without a price is a sample: goods for nothing. One with a price is a discount on a purchase. */
export function isSample(offer: Offer): boolean {
  return offer.priceMinor === null || offer.priceMinor === 0;
}

/** A perk that no sign-up names is for everyone who signed up. */
export function isForAll(perks: Map<string, PerkBook>, offer: string): boolean {
  return (perks.get(offer)?.issued.size ?? 0) === 0;
}

/** @param isOver nobody can redeem it any more */
export function perkFigures(
  { perks, counts }: { perks: Map<string, PerkBook>; counts: { signups: number } },
  offer: string,
  isOver: boolean,
): PerkFigures {
  const book = perks.get(offer);
  const redemptions = [...(book?.redeemed.values() ?? [])];
  const issued = isForAll(perks, offer) ? counts.signups : (book?.issued.size ?? 0);
  return {
    issued,
    redeemed: redemptions.length,
    expired: isOver ? Math.max(0, issued - redemptions.length) : 0,
    costMinor: redemptions.reduce((sum, { costMinor }) => sum + costMinor, 0),
  };
}

/** What one unit of a sku costs the seller: its cost price, else its list price; of a bundle its parts'. */
export function costOf(plan: Plan, sku: string): Minor {
  const parts = catalogueOf(plan).get(sku)?.parts ?? [];
  return parts.reduce((sum, part) => {
    const product = plan.products.find((each) => each.sku === part.sku);
    return sum + times(product?.costMinor ?? product?.priceMinor ?? 0, part.quantity);
  }, 0);
}

export function issuePerk(perks: Map<string, PerkBook>, offer: string, ref: string): void {
  bookOf(perks, offer).issued.add(ref);
}

export function redeemByHand(perks: Map<string, PerkBook>, body: BodyOf<'perk.redeemed'>): void {
  const { offer, ref, sku, costMinor } = body;
  bookOf(perks, offer).redeemed.set(ref, { sku, costMinor, saleId: null });
}

/** A sale at a perk's price redeems it. One that was rung while cut off may name nobody; it counts none the less. */
export function redeemBySale(state: PerkState, sale: SaleRecorded, plan: Plan | null): void {
  for (const line of sale.lines) {
    if (line.offer === null || line.sku === null) continue;
    const offer = plan?.offers.find(({ id }) => id === line.offer);
    if (offer?.kind !== 'perk') continue;
    const ref = sale.personRef ?? `sale:${sale.saleId}`;
    const costMinor = Math.max(0, times(line.listPriceMinor, line.quantity) - line.netMinor);
    bookOf(state.perks, offer.id).redeemed.set(ref, { sku: line.sku, costMinor, saleId: sale.saleId });
    state.perkSales.set(sale.saleId, { offer: offer.id, ref });
  }
}

/** A voided sale gives the perk back. */
export function unredeem(state: PerkState, saleId: string): void {
  const used = state.perkSales.get(saleId);
  if (!used) return;
  state.perkSales.delete(saleId);
  const redeemed = state.perks.get(used.offer)?.redeemed;
  if (redeemed?.get(used.ref)?.saleId === saleId) redeemed.delete(used.ref);
}

function bookOf(perks: Map<string, PerkBook>, offer: string): PerkBook {
  let book = perks.get(offer);
  if (!book) perks.set(offer, (book = { issued: new Set(), redeemed: new Map() }));
  return book;
}
