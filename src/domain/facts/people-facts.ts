import type { Iso, Minor } from '../units.ts';
import type { SaleChannel } from '../words.ts';
import type { Taken } from './sale-facts.ts';

/** People as the ledger knows them: keyed hashes, counts and times. Names and addresses lie in `person`, apart and erasable. */
export type PeopleFact =
  /** One sign-up taken at the desk, the door or a file. `ref` is the keyed hash of the contact or of the sign-up's id. */
  | {
      kind: 'signup.recorded';
      body: {
        ref: string;
        /** the code that the door asks for; no name and no number of a phone */
        signup: string;
        channel: SaleChannel | null;
        consent: boolean;
        source: string;
        by: string;
        /** when the person signed up; absent: when this was written */
        at?: Iso;
        /** `rsvp`, `waitlist`, `interest` or the plan's own word; absent: `rsvp` */
        as?: string;
        /** offer of kind perk that comes with it */
        perk?: string;
      };
    }
  | { kind: 'person.checked-in'; body: { ref: string; signup: string | null; by: string } }
  /** Once a person and offer (OFR-5). `costMinor`: what the sample cost the seller. */
  | {
      kind: 'perk.redeemed';
      body: { offer: string; ref: string; sku: string; taken: Taken[]; costMinor: Minor; by: string };
    }
  /** A later or earlier order of a known buyer, seen at a shop: no stock, no takings, only cohorts (VER-2). */
  | { kind: 'purchase.observed'; body: { personRef: string; at: Iso; netMinor: Minor; source: string } }
  /** A source has told of every order up to there; until it has, silence is no sign that nobody came back. */
  | { kind: 'feed.covered'; body: { source: string; until: Iso } }
  /**
   * The group that the show is compared with (VER-7): totals only, never persons. `sumSquaresMinor` is Σ of squared
   * first-week spend as decimal text, because it passes 2^53.
   */
  | {
      kind: 'control.set';
      body: {
        name: string;
        buyers: number;
        repeats: number;
        sumMinor: Minor;
        sumSquaresMinor: string;
        by: string;
      };
    }
  /** The row is gone; the hash stays and the counts hold (DEM-3). */
  | { kind: 'person.erased'; body: { ref: string; by: string } };
