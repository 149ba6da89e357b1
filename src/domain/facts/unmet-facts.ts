import type { Channel } from '../words.ts';
import type { Taken } from './sale-facts.ts';

/** What was asked or paid for and could not be given: goods owed, lines nobody can name, demand sent away. */
export type UnmetFact =
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
      body: {
        sku: string;
        quantity: number;
        why: 'out-of-stock' | 'cap-reached' | 'offer-closed';
        channel: Channel;
        /** keyed hash, when the buyer is known: one person counts once (R21) */
        personRef?: string;
      };
    };
