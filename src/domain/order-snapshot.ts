import type { Iso, Minor } from './units.ts';
import type { SaleChannel, TenderKind } from './words.ts';

/**
 * A whole outside order as it now stands at its source (CON-1). A message from outside is only a trigger: the source's
 * connector fetches or reads the order, and the hub books the difference to what it has booked before.
 */
export interface OrderSnapshot {
  /** `shopify`, `square`, `stripe`, `woocommerce`, `generic:<name>` */
  source: string;
  /** the shop, merchant or account at the source; '' when the source has one only */
  account: string;
  orderId: string;
  /** what people call it, e.g. "#1001" */
  name: string;
  /** by what else the vendor's other door (its connector, its file) may name it: payment ids, "#1001"; no words of people */
  also?: string[];
  /** grows with every change at the source; null when it keeps none, then `updatedAt` decides which is newer */
  version: number | null;
  createdAt: Iso;
  updatedAt: Iso;
  /** '': the show's own */
  currency: string;
  /** made while the source was in its test mode: books nothing */
  test: boolean;
  /** cancelled before it was paid: books nothing; after it was paid: what is left is refunded */
  cancelled: boolean;
  /** money has come, or is authorised for certain, at some time: a refund or a cancellation does not make it unpaid */
  paid: boolean;
  /** whether `grossMinor` of the lines holds their tax; left out: as the show's own tax mode */
  taxIncluded?: boolean;
  lines: SnapshotLine[];
  /** what was paid, by kind; refunds are not subtracted */
  tenders: SnapshotTender[];
  tipMinor: Minor;
  shippingMinor: Minor;
  /** money given back in all; null: the refunded units say how much */
  refundedMinor: Minor | null;
  hints: SnapshotHints;
  /** the buyer's contact; it goes to the people of the show and never to the ledger (CON-12) */
  person: SnapshotPerson | null;
}

export interface SnapshotLine {
  /** the source's own id of the line, unique within the order */
  lineId: string;
  sku: string | null;
  name: string;
  /** units sold, refunded ones included */
  sold: number;
  refunded: number;
  /** of the refunded units: those the source put back on sale */
  restocked: number;
  /** for all `sold` units, before discounts */
  grossMinor: Minor;
  discountMinor: Minor;
  taxMinor: Minor;
}

export interface SnapshotTender {
  kind: TenderKind;
  amountMinor: Minor;
  /** the source's payment id, by which the same sale rung elsewhere is recognised (CON-10) */
  ref: string | null;
  /** card accepted by a terminal that was offline: may still be declined */
  atRisk?: boolean;
}

export interface SnapshotHints {
  /** declared by the source itself */
  channel: SaleChannel | null;
  /** rung at the source's point of sale */
  isPos: boolean;
  /** discount and creator codes, in the order they stand on the order */
  codes: string[];
  /** landing page or referral link */
  link: string | null;
  /** utm_source, utm_campaign, … */
  utm: string[];
}

export interface SnapshotPerson {
  email: string | null;
  phone: string | null;
  name: string | null;
  /** agreed to be written to */
  consent: boolean;
}
