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
}

/** Channel and creator of a sale with the rule that decided (ATT-1 … ATT-8). */
export interface Attribution {
  channel: Channel;
  rule: 'manual' | 'till' | 'source-pos' | 'declared' | 'code' | 'link' | 'utm' | 'source-default' | 'none';
  evidence: string | null;
  /** person id */
  creator: string | null;
  creatorRule: 'code' | 'link' | 'offer' | 'none';
  creatorCode: string | null;
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
}

export type SaleFact =
  | { kind: 'sale.recorded'; body: SaleRecorded }
  /** The exact inverse of what the sale took: back on the shelf when it was handed over, else no longer promised. */
  | {
      kind: 'sale.voided';
      body: { saleId: string; reason: string | null; restocked: Taken[]; uncommitted: Taken[]; by: string };
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
      };
    }
  /** Demand that could not be taken; the source's money is counted, the goods are owed. */
  | {
      kind: 'shortfall.found';
      body: { shortfallId: string; sku: string; quantity: number; saleId: string; source: string };
    }
  | {
      kind: 'shortfall.resolved';
      body: {
        shortfallId: string;
        how: 'fulfilled' | 'refunded' | 'substituted' | 'backordered' | 'cancelled';
        /** units settled by this; the rest stays open */
        quantity: number;
        /** what was given instead, for `substituted` */
        sku: string | null;
        taken: Taken[];
        /** true: the sale is still to be picked up, so what was taken is promised, not handed over */
        committed: boolean;
        by: string;
      };
    }
  | {
      kind: 'line.parked';
      body: {
        lineId: string;
        saleId: string;
        line: number;
        foreignSku: string;
        name: string;
        quantity: number;
        source: string;
      };
    }
  | {
      kind: 'line.mapped';
      body: { lineId: string; sku: string; taken: Taken[]; shortfall: number; remember: boolean; by: string };
    }
  | {
      kind: 'demand.missed';
      body: { sku: string; quantity: number; why: 'out-of-stock' | 'cap-reached' | 'offer-closed'; channel: Channel };
    };
