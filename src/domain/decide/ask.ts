import type { Actor } from '../actor.ts';
import type { Undelivered } from '../close-blockers.ts';
import type { Now } from '../units.ts';
import type { Rules } from './rules.ts';

/** Everything a decision may know besides the show and the command. */
export interface Ask {
  /** the command's id; also seeds nothing: ids of new things come from `seq` */
  id: string;
  actor: Actor;
  now: Now;
  /** seq of the first fact this decision would write, so that a sale can be named `s<seq>` */
  seq: number;
  /** keyed hash of a contact, so that no address enters the ledger (CON-12) */
  refOf: (contact: string) => string;
  rules: Rules;
  /** keyed hash of a text as bytes, for codes that nobody can work out (STK-11); absent: anybody could */
  codeOf?: (text: string) => Iterable<number>;
  /** for closing: what has not reached the ledger yet; absent: nothing is known to be on its way */
  undelivered?: Undelivered;
}
