import type { Minor } from '../units.ts';
import type { SaleChannel } from '../words.ts';
import type { Taken } from './sale-facts.ts';

/** People as the ledger knows them: keyed hashes, counts and times. Names and addresses lie in `person`, apart and erasable. */
export type PeopleFact =
  /** One sign-up taken at the desk, the door or a file. `ref` is the keyed hash of the contact or of the sign-up's id. */
  | {
      kind: 'signup.recorded';
      body: { ref: string; signup: string; channel: SaleChannel | null; consent: boolean; source: string; by: string };
    }
  | { kind: 'person.checked-in'; body: { ref: string; signup: string | null; by: string } }
  /** Once a person and offer (OFR-5). `costMinor`: what the sample cost the seller. */
  | {
      kind: 'perk.redeemed';
      body: { offer: string; ref: string; sku: string; taken: Taken[]; costMinor: Minor; by: string };
    }
  /** The row is gone; the hash stays and the counts hold (DEM-3). */
  | { kind: 'person.erased'; body: { ref: string; by: string } };
