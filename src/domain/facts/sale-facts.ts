import type { Iso, Minor } from '../units.ts';
import type { Channel, Pool, Restock, TenderKind } from '../words.ts';

/** What a line took, part by part and pool by pool: a later bundle edit changes nothing, a void is the exact inverse. */
export interface Taken {
  sku: string;
  pool: Pool;
  quantity: number;
}

/** One share of a bundle line's money (MON-6); a plain product has one part: itself. */
export interface PartShare {
  sku: string;
  quantity: number;
  netMinor: Minor;
}

export interface SaleLine {
  /** 1-based within the sale */
  line: number;
  /** null: an outside sku nobody knows yet; `foreignSku` then says what came */
  sku: string | null;
  foreignSku?: string;
  name: string;
  quantity: number;
  unitPriceMinor: Minor;
  listPriceMinor: Minor;
  /** for the whole line */
  discountMinor: Minor;
  grossMinor: Minor;
  /** gross − discount */
  netMinor: Minor;
  /** inclusive: of which; exclusive: on top */
  taxMinor: Minor;
  taxRate: string;
  offer: string | null;
  parts: PartShare[];
  taken: Taken[];
}

export interface Tender {
  kind: TenderKind;
  amountMinor: Minor;
  /** the payment's id at its terminal or vendor, by which the same sale reported twice is recognised (CON-10) */
  ref?: string;
}

/** What most sales do not have. A remembered sale without any of it keeps null. */
export interface SaleExtra {
  /** the cash part rounded to what coins allow (MON-7): Σ tenders = totalMinor + rounding − due */
  roundingMinor?: Minor;
  /** cash handed over; the change is the difference to the cash tender */
  givenMinor?: Minor;
  /** of totalMinor: not paid yet, because a preorder takes a deposit only (OFR-4) */
  dueMinor?: Minor;
  /** six characters that hand the goods over once (STK-11) */
  pickupCode?: string;
  /** the return that this sale is the other half of (STK-13) */
  exchangeId?: string;
  /** gate code that this sale used */
  code?: string;
  /** approval that allowed the price or the discount */
  approval?: string;
  /** why the price or the discount is not the plan's */
  priceReason?: string;
  /** lines whose buyer wants repair and care letters (R31) */
  careLines?: number[];
  /** cut off and out of lease, but in the seller's hand (TIL-3) */
  beyondLease?: boolean;
  /** cash taken while no drawer was open (DRW-1) */
  noDrawer?: boolean;
  /** card accepted by a terminal that was offline: may still be declined */
  atRisk?: boolean;
  /** sending it to the buyer, as an outside shop charged it; part of totalMinor, never of net (MON-8) */
  shippingMinor?: Minor;
}

/** The state of an outside order that a fact comes from (CON-1, CON-2): by it an older state is known as such later. */
export interface OrderMark {
  account: string;
  orderId: string;
  /** counts what was booked of this order, from 1 */
  revision: number;
  version: number | null;
  updatedAt: Iso;
  /** of the whole state, for sources whose stamps are too coarse to tell two states apart */
  digest: string;
  /** further names of the order at its vendor that were not known before: a file may know it by them */
  also?: string[];
}

/** Cash that left a drawer again; `drawer` null: none was open. `taken`: it is no longer among the cash sales of that session. */
export interface CashBack {
  drawer: string | null;
  how: 'taken' | 'refunded';
  amountMinor: Minor;
}

/** Channel and creator of a sale with the rule that decided (ATT-1 … ATT-8). */
export interface Attribution {
  channel: Channel;
  rule: 'manual' | 'till' | 'source-pos' | 'declared' | 'code' | 'link' | 'utm' | 'source-default' | 'none';
  evidence: string | null;
  /** person id */
  creator: string | null;
  /** `self`: the creator's own purchase, credited but no base for a fee (ATT-10) */
  creatorRule: 'code' | 'link' | 'offer' | 'self' | 'manual' | 'suggested-accepted' | 'none';
  creatorCode: string | null;
  /** the creator's own time was over by more than two minutes (ATT-8) */
  late?: true;
  /** further creators' codes on the same order: credited to nobody, kept for the exceptions */
  otherCodes?: string[];
}

export interface SaleRecorded {
  saleId: string;
  /** when the goods changed hands as far as the seller knows; advice only, order is seq */
  madeAt: Iso;
  channel: Channel;
  attribution: Attribution;
  lines: SaleLine[];
  tenders: Tender[];
  tipMinor: Minor;
  grossMinor: Minor;
  discountMinor: Minor;
  netMinor: Minor;
  /** only what is added on top (exclusive tax mode) is part of totalMinor */
  taxMinor: Minor;
  /** what the buyer paid: net + exclusive tax + tip */
  totalMinor: Minor;
  pickup: 'now' | 'later';
  till: string | null;
  /** receipt number given by the till */
  receipt: string | null;
  hold: string | null;
  retaken: boolean;
  offline: boolean;
  /** where it was rung: desk, till, or the outside source's name */
  source: string;
  /** the outside order's id there, or the row of a file */
  sourceId: string | null;
  /** keyed hash of the buyer, never a name */
  personRef: string | null;
  extra?: SaleExtra | null;
  /** of an outside order; `keys`: the source's names of its lines, in the order of `lines` */
  order?: OrderMark & { keys: string[] };
}

export type SaleFact =
  | { kind: 'sale.recorded'; body: SaleRecorded }
  /** The exact inverse of what the sale took: back on the shelf when it was handed over, else no longer promised. */
  | {
      kind: 'sale.voided';
      body: {
        saleId: string;
        reason: string | null;
        restocked: Taken[];
        uncommitted: Taken[];
        by: string;
        /** `promise`: an authorisation came to nothing, so the promise is freed (STK-10) */
        why?: 'undo' | 'promise';
        cash?: CashBack | null;
      };
    }
  | {
      kind: 'sale.refunded';
      body: {
        refundId: string;
        /** null: without receipt */
        saleId: string | null;
        /** `sku` is the line's own, or one part of it; `amountMinor` holds `taxMinor` where tax was added on top */
        lines: {
          line: number | null;
          sku: string;
          quantity: number;
          amountMinor: Minor;
          taxMinor: Minor;
          restocked: Taken[];
          uncommitted: Taken[];
        }[];
        /** money given back for goods, tax included where it was added on top */
        amountMinor: Minor;
        taxMinor: Minor;
        tenders: Tender[];
        channel: Channel;
        reason: string;
        restock: Restock;
        madeAt: Iso;
        by: string;
        source: string;
        sourceId: string | null;
        /** the other half is the sale with the same id (STK-13) */
        exchangeId?: string;
        /** part of the amount that is not for goods (shipping, tip): it takes nothing off net */
        besideMinor?: Minor;
        /** part of the amount that had never been paid and is owed no more: Σ tenders = amount + rounding − due */
        dueMinor?: Minor;
        /** cash given back rounded to what coins allow, as it was taken (MON-7) */
        roundingMinor?: Minor;
        /** of an outside order; `restocked`: units by line that its source put back on sale */
        order?: OrderMark & { restocked: { line: number; units: number }[] };
        /** the producer's yes, when a till gave the money */
        approval?: string;
        cash?: CashBack | null;
      };
    }
  /** Channel or creator put right by a person (ATT-1), or a suggested credit accepted (ATT-9). `from` is what stood before. */
  | {
      kind: 'sale.reattributed';
      body: { saleId: string; from: Attribution; to: Attribution; reason: string | null; by: string };
    }
  /** The buyer gave a contact after paying; who it is lies with the people, here only the keyed hash. */
  | { kind: 'sale.identified'; body: { saleId: string; personRef: string; by: string } }
  /** Paid goods wait for their buyer; moves nothing. */
  | { kind: 'pickup.readied'; body: { saleId: string; by: string } }
  /** Goods leave: no longer promised and no longer here. One hand-over a line. */
  | {
      kind: 'pickup.handed-over';
      body: {
        saleId: string;
        lines: number[];
        /** no longer promised: all that these lines had to hand over */
        taken: Taken[];
        /** preorders alone are promises without goods; these are the goods that were there for them */
        goods?: (Taken & { line: number })[];
        /** what was still due, paid now: Σ = due + rounding */
        paid?: Tender[];
        roundingMinor?: Minor;
        /** whose drawer took the money */
        till?: string | null;
        by: string;
        device: string | null;
      };
    }
  /** Nobody came; moves nothing, the goods stay promised. */
  | { kind: 'pickup.missed'; body: { saleId: string; by: string } };
