import type { Attribution, SaleLine, Tender } from './facts/sale-facts.ts';
import { atRiskOf, type RefundRecord, type SaleRecord } from './sale-record.ts';
import { tenderSum } from './sale-pricing.ts';
import type { Instant, Minor } from './units.ts';
import { CHANNELS, type Channel, TENDER_KINDS, type TenderKind } from './words.ts';

/**
 * Running totals of the show (MON-8): gross, less discounts, less returns = net. A voided sale is out of all of them as
 * if it had never been; a refund lowers net and leaves units as sold, with `refundedUnits` beside them.
 */
export interface Takings {
  count: number;
  units: number;
  refundedUnits: number;
  grossMinor: Minor;
  discountMinor: Minor;
  /** returns without tax that was added on top: gross − discount − refunded = net */
  refundedMinor: Minor;
  netMinor: Minor;
  /** tax of what stayed sold */
  taxMinor: Minor;
  tipMinor: Minor;
  /** what stayed in the tills: net + exclusive tax + tips + rounding − due */
  collectedMinor: Minor;
  /** cash rounding, up or down (MON-7) */
  roundingMinor: Minor;
  /** sold against a deposit and not paid yet (OFR-4) */
  dueMinor: Minor;
  /** of collected: cards taken offline that may still be declined */
  atRiskMinor: Minor;
  voids: number;
  lastAt: Instant | null;
  byChannel: Record<Channel, Figures>;
  byTender: Record<TenderKind, { count: number; amountMinor: Minor }>;
  /** by the sku sold; a bundle under its own */
  byProduct: Map<string, { units: number; netMinor: Minor }>;
  /** money of lines with an unknown sku, and refunds that name no line */
  unnamed: { units: number; netMinor: Minor };
  /** units of products, bundles counted as their parts */
  byPart: Map<string, { sold: number; refunded: number }>;
  /** by person id, credit confirmed by code, link or offer */
  byCreator: Map<string, Figures>;
  byOffer: Map<string, OfferTakings>;
}

export interface Figures {
  count: number;
  units: number;
  netMinor: Minor;
}

export interface OfferTakings {
  sold: number;
  /** given back to the reserve, so that they may be sold under the cap again (STK-9) */
  back: number;
  byBuyer: Map<string, number>;
}

export function initialTakings(): Takings {
  const perKind = <K extends string, V>(keys: readonly K[], make: () => V) =>
    Object.fromEntries(keys.map((key) => [key, make()])) as Record<K, V>;
  return {
    count: 0,
    units: 0,
    refundedUnits: 0,
    grossMinor: 0,
    discountMinor: 0,
    refundedMinor: 0,
    netMinor: 0,
    taxMinor: 0,
    tipMinor: 0,
    collectedMinor: 0,
    roundingMinor: 0,
    dueMinor: 0,
    atRiskMinor: 0,
    voids: 0,
    lastAt: null,
    byChannel: perKind(CHANNELS, () => ({ count: 0, units: 0, netMinor: 0 })),
    byTender: perKind(TENDER_KINDS, () => ({ count: 0, amountMinor: 0 })),
    byProduct: new Map(),
    unnamed: { units: 0, netMinor: 0 },
    byPart: new Map(),
    byCreator: new Map(),
    byOffer: new Map(),
  };
}

/** Adds a sale (`sign` 1) or takes a voided one out again (−1). */
export function countSale(takings: Takings, sale: SaleRecord, sign: 1 | -1): void {
  const units = sale.lines.reduce((sum, line) => sum + line.quantity, 0);
  takings.count += sign;
  takings.units += sign * units;
  takings.grossMinor += sign * sale.grossMinor;
  takings.discountMinor += sign * sale.discountMinor;
  takings.netMinor += sign * sale.netMinor;
  takings.taxMinor += sign * sale.taxMinor;
  takings.tipMinor += sign * sale.tipMinor;
  takings.collectedMinor += sign * tenderSum(sale.tenders);
  takings.roundingMinor += sign * (sale.extra?.roundingMinor ?? 0);
  takings.dueMinor += sign * (sale.extra?.dueMinor ?? 0);
  takings.atRiskMinor += sign * atRiskOf(sale);
  if (sign === -1) takings.voids += 1;
  addFigures(takings.byChannel[sale.channel], sign, units, sale.netMinor, sign);
  if (sale.attribution.creator !== null) {
    addFigures(creatorFigures(takings, sale.attribution.creator), sign, units, sale.netMinor, sign);
  }
  for (const { kind, amountMinor } of sale.tenders) {
    takings.byTender[kind].count += sign;
    takings.byTender[kind].amountMinor += sign * amountMinor;
  }
  for (const line of sale.lines) countLine(takings, line, sale.personRef, sign);
}

/** The rest of a deposit is paid: it was counted as sold before. */
export function countPaid(
  takings: Takings,
  paid: readonly Tender[],
  { dueMinor, roundingMinor }: { dueMinor: Minor; roundingMinor: Minor },
): void {
  takings.collectedMinor += tenderSum(paid);
  takings.roundingMinor += roundingMinor;
  takings.dueMinor -= dueMinor;
  for (const { kind, amountMinor } of paid) {
    takings.byTender[kind].count += 1;
    takings.byTender[kind].amountMinor += amountMinor;
  }
}

/** Takes a refund off. `sale` is null without receipt: then only the refund itself says what came back. */
export function countRefund(takings: Takings, refund: RefundRecord, sale: SaleRecord | null, exclusive: boolean): void {
  takings.refundedUnits += refund.lines.reduce((sum, line) => sum + line.quantity, 0);
  takings.refundedMinor += refund.netMinor;
  takings.netMinor -= refund.netMinor;
  takings.taxMinor -= refund.taxMinor;
  const { roundingMinor = 0, dueMinor = 0 } = refund;
  takings.collectedMinor -= refund.amountMinor + roundingMinor - dueMinor;
  takings.roundingMinor -= roundingMinor;
  takings.dueMinor -= dueMinor;
  takings.byChannel[refund.channel].netMinor -= refund.netMinor;
  const creator = sale?.attribution.creator ?? null;
  if (creator !== null) creatorFigures(takings, creator).netMinor -= refund.netMinor;
  for (const { kind, amountMinor } of refund.tenders) takings.byTender[kind].amountMinor -= amountMinor;
  let unlined = refund.netMinor;
  for (const back of refund.lines) {
    const line = back.line === null ? null : (sale?.lines[back.line - 1] ?? null);
    const net = netOf(back.amountMinor, back.taxMinor, exclusive);
    unlined -= net;
    productFigures(takings, line ? line.sku : sale ? null : back.sku).netMinor -= net;
    countBack(takings, line, back, refund.restock, sale?.personRef ?? null);
  }
  takings.unnamed.netMinor -= unlined;
}

/** What a returned amount takes off net: tax that was added on top is no part of it. */
export function netOf(amountMinor: Minor, taxMinor: Minor, exclusive: boolean): Minor {
  return exclusive ? amountMinor - taxMinor : amountMinor;
}

/** A standing sale goes to another channel or creator, with its refunds. Called before the sale itself is changed. */
export function moveSale(takings: Takings, sale: SaleRecord, to: Attribution, netMinor: Minor): void {
  const units = sale.lines.reduce((sum, line) => sum + line.quantity, 0);
  for (const [place, sign] of [[sale.attribution, -1] as const, [to, 1] as const]) {
    const channel = sign === -1 ? sale.channel : to.channel;
    addFigures(takings.byChannel[channel], sign, units, netMinor, sign);
    if (place.creator !== null) addFigures(creatorFigures(takings, place.creator), sign, units, netMinor, sign);
  }
}

/** The buyer of a standing sale became known: what it took of an offer and kept is theirs (STK-9). */
export function countIdentified(takings: Takings, sale: SaleRecord, buyer: string): void {
  if (sale.voided) return;
  sale.lines.forEach((line, i) => {
    if (line.offer === null) return;
    const { byBuyer } = offerTakings(takings, line.offer);
    byBuyer.set(buyer, (byBuyer.get(buyer) ?? 0) + line.quantity - (sale.refundedUnits[i] ?? 0));
  });
}

/** A parked line got its sku: its units and its money go under that name. */
export function moveToProduct(takings: Takings, line: SaleLine, netMinor: Minor): void {
  takings.unnamed.units -= line.quantity;
  takings.unnamed.netMinor -= netMinor;
  const product = productFigures(takings, line.sku);
  product.units += line.quantity;
  product.netMinor += netMinor;
  for (const { sku, quantity } of line.parts) partFigures(takings, sku).sold += quantity;
}

function countLine(takings: Takings, line: SaleLine, buyer: string | null, sign: 1 | -1): void {
  const product = productFigures(takings, line.sku);
  product.units += sign * line.quantity;
  product.netMinor += sign * line.netMinor;
  if (line.sku !== null) {
    for (const { sku, quantity } of line.parts) partFigures(takings, sku).sold += sign * quantity;
  }
  if (line.offer === null) return;
  const offer = offerTakings(takings, line.offer);
  offer.sold += sign * line.quantity;
  if (buyer !== null) offer.byBuyer.set(buyer, (offer.byBuyer.get(buyer) ?? 0) + sign * line.quantity);
}

function countBack(
  takings: Takings,
  line: SaleLine | null,
  back: RefundRecord['lines'][number],
  restock: RefundRecord['restock'],
  buyer: string | null,
): void {
  if (line?.sku === null) return;
  const whole = line === null || line.sku === back.sku;
  if (!whole || line === null) partFigures(takings, back.sku).refunded += back.quantity;
  else {
    for (const part of line.parts) {
      partFigures(takings, part.sku).refunded += (part.quantity / line.quantity) * back.quantity;
    }
  }
  const free = restock === 'reserve' || back.uncommitted.length > 0;
  if (!whole || line === null || line.offer === null || !free) return;
  const offer = offerTakings(takings, line.offer);
  offer.back += back.quantity;
  if (buyer !== null) offer.byBuyer.set(buyer, (offer.byBuyer.get(buyer) ?? 0) - back.quantity);
}

function addFigures(figures: Figures, count: number, units: number, netMinor: Minor, sign: 1 | -1): void {
  figures.count += count;
  figures.units += sign * units;
  figures.netMinor += sign * netMinor;
}

function productFigures(takings: Takings, sku: string | null): { units: number; netMinor: Minor } {
  if (sku === null) return takings.unnamed;
  return found(takings.byProduct, sku, () => ({ units: 0, netMinor: 0 }));
}
function partFigures(takings: Takings, sku: string): { sold: number; refunded: number } {
  return found(takings.byPart, sku, () => ({ sold: 0, refunded: 0 }));
}
function creatorFigures(takings: Takings, person: string): Figures {
  return found(takings.byCreator, person, () => ({ count: 0, units: 0, netMinor: 0 }));
}
function offerTakings(takings: Takings, offer: string): OfferTakings {
  return found(takings.byOffer, offer, () => ({ sold: 0, back: 0, byBuyer: new Map<string, number>() }));
}
function found<V>(table: Map<string, V>, key: string, make: () => V): V {
  let value = table.get(key);
  if (value === undefined) table.set(key, (value = make()));
  return value;
}
