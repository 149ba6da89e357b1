import type { Iso, Minor } from '../domain/units.ts';
import type { OfferKind } from '../domain/words.ts';

export interface CellView {
  physical: number;
  held: number;
  committed: number;
  available: number;
}

export interface StockView extends CellView {
  name: string;
  /** what can still be sold at the show: `available` (the reserve's) and what lies with tills in case they are cut off */
  left: number;
  pools: Record<string, CellView>;
  sold: number;
  refunded: number;
  reserve: number;
  lowAt: number;
  perMinute: number;
  soldOutAt: Iso | null;
  /** gone between these, eight times out of ten at this pace; null with `soldOutAt` */
  soldOutRange: { from: Iso; to: Iso } | null;
  level: 'ok' | 'low' | 'out';
  bundle: boolean;
  /** a bundle's scarcest part */
  limitedBy: string | null;
  counted: number | null;
  variance: number | null;
}

export interface OfferView {
  kind: OfferKind;
  sku: string;
  open: boolean;
  openedAt: Iso | null;
  closesAt: Iso | null;
  sold: number;
  cap: number | null;
  remaining: number | null;
  priceMinor: Minor;
  held: number;
  perBuyer: number | null;
  gate: 'none' | 'code' | 'signup';
  /** how many codes it has, and how many of them sales have used; the codes themselves stay in the plan */
  codes: { count: number; used: number; use: 'once' | 'many' } | null;
  depositMinor: Minor | null;
  closedWhy: 'hand' | 'cue' | 'window' | 'cap' | 'close' | null;
}
