import type { AuditFact } from './facts/audit-facts.ts';
import type { CueFact } from './facts/cue-facts.ts';
import type { FailoverFact } from './facts/failover-facts.ts';
import type { MoneyFact } from './facts/money-facts.ts';
import type { OrderFact } from './facts/order-facts.ts';
import type { PeopleFact } from './facts/people-facts.ts';
import type { SaleFact } from './facts/sale-facts.ts';
import type { ShowFact } from './facts/show-facts.ts';
import type { StockFact } from './facts/stock-facts.ts';
import type { StreamFact } from './facts/stream-facts.ts';
import type { UnmetFact } from './facts/unmet-facts.ts';
import type { Duration, Instant } from './units.ts';

/**
 * Every fact the ledger can hold. Bodies are written as they travel: instants as ISO text, money in minor units.
 *
 * Adding a fact? Give it a body in its room's file under facts/, fold it in that room's `evolve…`, name it in
 * show.ts's fold, and never put a person's name or address in it. Changing one? Old entries are read for ever: upgrade
 * on read, never rewrite.
 */
export type Fact =
  | ShowFact
  | SaleFact
  | OrderFact
  | UnmetFact
  | StockFact
  | MoneyFact
  | PeopleFact
  | CueFact
  | StreamFact
  | FailoverFact
  | AuditFact;
export type FactKind = Fact['kind'];
export type BodyOf<K extends FactKind> = Extract<Fact, { kind: K }>['body'];

/** Where and when an entry was written. `origin` + `originId` are unique: the same news twice is booked once. */
export interface EntryMeta {
  seq: number;
  at: Instant;
  /** ms since the start of `boot` */
  mono: Duration;
  boot: string;
  origin: string;
  originId: string;
  prevHash: string;
  hash: string;
}
export type Entry = EntryMeta & Fact;
export type EntryOf<K extends FactKind> = EntryMeta & Extract<Fact, { kind: K }>;

/** A fact with the name its source gave it. */
export type OriginFact = Fact & { origin: string; originId: string };
