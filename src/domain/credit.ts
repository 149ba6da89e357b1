import type { Attribution } from './facts/sale-facts.ts';
import type { SaleRecord } from './sale-record.ts';
import type { Figures } from './takings.ts';
import { type Instant, type Minor, fromIso } from './units.ts';

/**
 * Beside the takings by creator: what of them is a creator's own purchase, who was won as a new buyer (ATT-10), and which
 * sales nobody is credited with yet, so that a credit may be suggested (ATT-9). Kept as running totals, because a view is
 * made many times a second and a show has tens of thousands of sales.
 */
export interface CreditState {
  /** by person: purchases by themselves, no base for a fee */
  own: Map<string, Figures>;
  /** by person: buyers whose first known order they are credited with */
  newBuyers: Map<string, number>;
  /** known buyers → their first standing order of the show */
  firstOf: Map<string, string>;
  /** earliest order of a buyer that was heard of from a shop */
  heardOf: Map<string, Instant>;
  /** ids of sales with a known buyer, in order; voided ones stay */
  identified: string[];
  /** ids of sales to look at for a suggestion (ATT-9): once booked without a sign of a creator, and again at each change */
  open: string[];
}

export function initialCredit(): CreditState {
  return {
    own: new Map(),
    newBuyers: new Map(),
    firstOf: new Map(),
    heardOf: new Map(),
    identified: [],
    open: [],
  };
}

type Sales = ReadonlyMap<string, SaleRecord>;

/** A sale was booked. */
export function creditSale(credit: CreditState, sale: SaleRecord, byId: Sales): void {
  countOwn(credit, sale.attribution, figuresOf(sale, sale.netMinor), 1);
  if (isOpen(sale)) credit.open.push(sale.saleId);
  creditIdentified(credit, sale, byId);
}

/** A sale has a known buyer, from the beginning or since now. */
export function creditIdentified(credit: CreditState, sale: SaleRecord, byId: Sales): void {
  const ref = sale.personRef;
  if (ref === null || sale.voided) return;
  credit.identified.push(sale.saleId);
  const first = byId.get(credit.firstOf.get(ref) ?? '');
  if (first && first.seq < sale.seq) return;
  if (first) countBuyer(credit, first, first.attribution, -1);
  credit.firstOf.set(ref, sale.saleId);
  countBuyer(credit, sale, sale.attribution, 1);
}

/** A sale is as if it had never been; the next order of its buyer becomes the first. */
export function uncreditSale(credit: CreditState, sale: SaleRecord, byId: Sales): void {
  countOwn(credit, sale.attribution, figuresOf(sale, sale.netMinor), -1);
  lookAgain(credit, sale);
  const ref = sale.personRef;
  if (ref === null || credit.firstOf.get(ref) !== sale.saleId) return;
  countBuyer(credit, sale, sale.attribution, -1);
  credit.firstOf.delete(ref);
  let next: SaleRecord | null = null;
  for (const id of credit.identified) {
    const other = byId.get(id);
    if (other?.personRef === ref && !other.voided && (!next || other.seq < next.seq)) next = other;
  }
  if (!next) return;
  credit.firstOf.set(ref, next.saleId);
  countBuyer(credit, next, next.attribution, 1);
}

/** Part of a sale was given back (no units: they count as sold), or its source tells it smaller than before. */
export function creditLess(credit: CreditState, sale: SaleRecord, less: { units: number; netMinor: Minor }): void {
  countOwn(credit, sale.attribution, { count: 0, ...less }, -1);
  lookAgain(credit, sale);
}

/**
 * A sale moves from one creator to another. Called before the sale itself is changed.
 *
 * @param netMinor what the sale is worth now, refunds off
 */
export function moveCredit(credit: CreditState, sale: SaleRecord, to: Attribution, netMinor: Minor): void {
  if (sale.voided) return;
  const figures = figuresOf(sale, netMinor);
  countOwn(credit, sale.attribution, figures, -1);
  countOwn(credit, to, figures, 1);
  if (sale.personRef !== null && credit.firstOf.get(sale.personRef) === sale.saleId) {
    countBuyer(credit, sale, sale.attribution, -1);
    countBuyer(credit, sale, to, 1);
  }
  lookAgain(credit, sale);
}

/** Something about a sale has changed that a suggestion depends on: its articles, its worth, its standing. */
export function lookAgain(credit: CreditState, sale: SaleRecord): void {
  credit.open.push(sale.saleId);
}

/** A shop tells of an order made elsewhere: whoever had bought before is no new buyer of this show. */
export function hearOfBuyer(credit: CreditState, heard: { personRef: string; at: Instant }, byId: Sales): void {
  const { personRef, at } = heard;
  if (at >= (credit.heardOf.get(personRef) ?? Infinity)) return;
  const first = byId.get(credit.firstOf.get(personRef) ?? '');
  if (first) countBuyer(credit, first, first.attribution, -1);
  credit.heardOf.set(personRef, at);
  if (first) countBuyer(credit, first, first.attribution, 1);
}

/** May a creator be suggested? Not for sales in person, nor where a code, a link or a person has spoken. */
export function isOpen({ channel, attribution, voided }: SaleRecord): boolean {
  return channel !== 'in-person' && attribution.creatorRule === 'none' && attribution.creatorCode === null && !voided;
}

/** A buyer's first order, counted for whoever is credited with it unless the buyer had bought before. */
function countBuyer(credit: CreditState, first: SaleRecord, { creator, creatorRule }: Attribution, by: 1 | -1): void {
  const hadBought = (credit.heardOf.get(first.personRef ?? '') ?? Infinity) < fromIso(first.madeAt);
  if (hadBought || creator === null || creatorRule === 'self') return;
  credit.newBuyers.set(creator, (credit.newBuyers.get(creator) ?? 0) + by);
}

function countOwn(credit: CreditState, { creator, creatorRule }: Attribution, figures: Figures, sign: 1 | -1): void {
  if (creator === null || creatorRule !== 'self') return;
  const own = credit.own.get(creator) ?? { count: 0, units: 0, netMinor: 0 };
  own.count += sign * figures.count;
  own.units += sign * figures.units;
  own.netMinor += sign * figures.netMinor;
  credit.own.set(creator, own);
}

function figuresOf({ lines }: SaleRecord, netMinor: Minor): Figures {
  return { count: 1, units: lines.reduce((sum, { quantity }) => sum + quantity, 0), netMinor };
}
