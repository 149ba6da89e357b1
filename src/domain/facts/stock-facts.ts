import type { Duration, HubTime, Iso } from '../units.ts';
import type { Pool, WriteOff } from '../words.ts';
import type { Taken } from './sale-facts.ts';

export interface HoldPlaced {
  holdId: string;
  /** as asked, bundles under their own sku */
  lines: { sku: string; quantity: number }[];
  /** exploded to parts, as taken */
  held: Taken[];
  offer: string | null;
  /** keyed hash, never a name */
  buyer: string | null;
  /** gate code that opened the offer for it; the sale uses it up */
  code?: string;
  ttlMs: Duration;
  /** hub time; a restart keeps at least 30 s of it (STK-4) */
  deadline: HubTime;
  expiresAt: Iso;
  by: string;
}

export type StockFact =
  | {
      kind: 'stock.received';
      body: {
        sku: string;
        pool: Pool;
        quantity: number;
        reason: string | null;
        by: string;
        batch?: string | null;
        location?: string | null;
      };
    }
  /** Back to where it came from (allocate in, give back); never again part of this show's reserve. */
  | {
      kind: 'stock.given-back';
      body: { sku: string; pool: Pool; quantity: number; location: string | null; reason: string | null; by: string };
    }
  | {
      kind: 'stock.written-off';
      body: { sku: string; pool: Pool; quantity: number; reason: WriteOff; note: string | null; by: string };
    }
  /** The till will not come back: nothing more is leased to it, and its goods must be counted (STK-8). */
  | { kind: 'lease.frozen'; body: { till: string; by: string } }
  | {
      kind: 'stock.moved';
      body: {
        sku: string;
        from: Pool;
        to: Pool;
        quantity: number;
        why: 'rebalance' | 'lease' | 'lease-back' | 'quarantine' | 'release';
        reason: string | null;
        by: string;
      };
    }
  /** Blind count; `expected` is what the ledger said at that entry, never shown before. */
  | {
      kind: 'stock.counted';
      body: { sku: string; counted: number; expected: number; variance: number; pass: 1 | 2; by: string };
    }
  | {
      kind: 'stock.adjusted';
      body: { sku: string; pool: Pool; delta: number; reason: string; note: string | null; by: string };
    }
  | { kind: 'hold.placed'; body: HoldPlaced }
  | { kind: 'hold.extended'; body: { holdId: string; deadline: HubTime; expiresAt: Iso; by: string } }
  | { kind: 'hold.released'; body: { holdId: string; why: 'asked' | 'close' | 'offer-closed'; by: string } }
  | { kind: 'hold.expired'; body: { holdId: string } }
  | {
      kind: 'offer.opened';
      body: { offer: string; why: 'hand' | 'cue' | 'window'; closesAtT: HubTime | null; by: string };
    }
  /** Terms of an offer put otherwise by a person; what is not named stays (STK-9). `closesAtT`: its end in hub time. */
  | {
      kind: 'offer.changed';
      body: {
        offer: string;
        cap?: number | null;
        perBuyer?: number | null;
        closesAt?: Iso | null;
        closesAtT?: HubTime | null;
        by: string;
      };
    }
  | { kind: 'offer.closed'; body: { offer: string; why: 'hand' | 'cue' | 'window' | 'cap' | 'close'; by: string } };
