import type { Iso, Minor } from '../units.ts';
import type { CostKind } from '../words.ts';

/** Drawers, pre-authorisations, approvals and costs. A drawer is one cash session of one till (or of the desk): `dr<seq>`. */
export type MoneyFact =
  | { kind: 'drawer.opened'; body: { drawer: string; till: string; floatMinor: Minor; by: string } }
  /** `drawer` null: no session was open; allowed and flagged (DRW-1) */
  | {
      kind: 'drawer.paid-in';
      body: { drawer: string | null; till: string; amountMinor: Minor; reason: string; by: string };
    }
  | {
      kind: 'drawer.paid-out';
      body: { drawer: string | null; till: string; amountMinor: Minor; reason: string; by: string };
    }
  /** Blind count; ends the session. */
  | {
      kind: 'drawer.counted';
      body: {
        drawer: string;
        till: string;
        expectedMinor: Minor;
        countedMinor: Minor;
        varianceMinor: Minor;
        denominations: { valueMinor: Minor; count: number }[] | null;
        reason: string | null;
        by: string;
      };
    }
  /** A record only (STK-10): never a card number. `au<seq>` */
  | {
      kind: 'authorisation.noted';
      body: {
        authorisation: string;
        provider: string;
        /** the vendor's id of the payment */
        ref: string;
        amountMinor: Minor;
        expiresAt: Iso;
        saleId: string | null;
        by: string;
      };
    }
  /** `amountMinor`: captured, at most what was authorised; 0 otherwise */
  | {
      kind: 'authorisation.settled';
      body: { authorisation: string; how: 'captured' | 'voided' | 'failed'; amountMinor: Minor; by: string };
    }
  | { kind: 'authorisation.expired'; body: { authorisation: string } }
  /** A till asks the producer for more than its role allows (TIL-7): `ap<seq>` */
  | {
      kind: 'approval.asked';
      body: {
        approval: string;
        till: string;
        what: 'discount' | 'price' | 'refund';
        /** money to be taken off or given back */
        amountMinor: Minor;
        sku: string | null;
        saleId: string | null;
        note: string | null;
        by: string;
      };
    }
  | { kind: 'approval.answered'; body: { approval: string; approved: boolean; by: string } }
  /** `co<seq>` */
  | {
      kind: 'cost.noted';
      body: {
        cost: string;
        label: string;
        costKind: CostKind;
        amountMinor: Minor;
        creator: string | null;
        partner: string | null;
        by: string;
      };
    }
  | { kind: 'item.ticked'; body: { item: string; done: boolean; note: string | null; by: string } };
