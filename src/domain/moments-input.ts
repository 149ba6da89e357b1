import type { Duration, Instant, Minor } from './units.ts';
import type { Channel } from './words.ts';

/**
 * What moment finding reads: a show boiled down to what people bought, said and pressed, whatever it was folded from
 * (a ledger, or a `dropdesk-moment-show` file). Instants are epoch milliseconds, lists are in order of time.
 */
export interface MomentInput {
  /** opening and closing of the show; nothing outside is looked at */
  from: Instant;
  to: Instant;
  /** of the show; times in reasons are its wall time */
  timeZone: string;
  /** neither voided nor wholly refunded (MOM-1) */
  sales: MomentSale[];
  cues: MomentCue[];
  marks: MomentPress[];
  /** `available` reached 0 by this sale */
  stockOuts: { sku: string; saleId: string; at: Instant }[];
  viewers: { at: Instant; count: number }[];
  /** scene switches, for snapping */
  scenes: Instant[];
  /** sku → name for people */
  skuNames: ReadonlyMap<string, string>;
  /** person id → name of a co-host */
  people: ReadonlyMap<string, string>;
}

export interface MomentSale {
  id: string;
  at: Instant;
  channel: Channel;
  lines: { sku: string; quantity: number; netMinor: Minor }[];
}

/** One run of one cue. */
export interface MomentCue {
  cue: string;
  run: string;
  title: string;
  from: Instant;
  to: Instant;
  /** the first one names the moment */
  skus: string[];
  owners: string[];
  ticks: { at: Instant; text: string; mustSay: boolean }[];
}

export interface MomentPress {
  id: string;
  at: Instant;
  by: string;
  sku: string | null;
  note: string | null;
  uncertaintyMs: Duration;
}

/** Sections 3 and 4 of the closing spec, as used; printed in clips.json. */
export interface MomentSettings {
  /** camera to buyer's screen; null: not known */
  'stream.delayMs': Duration | null;
  /** false discovery rate of the cue test */
  'moments.fdr': number;
  'moments.reactionMs': Duration;
  'clips.microAdMs': Duration;
  'clips.productMs': Duration;
}

export const MOMENT_DEFAULTS: MomentSettings = {
  'stream.delayMs': null,
  'moments.fdr': 0.05,
  'moments.reactionMs': 8000,
  'clips.microAdMs': 12_000,
  'clips.productMs': 60_000,
};

/** SHA-256 of UTF-8 text; the domain is handed it. */
export type Sha256 = (text: string) => Uint8Array;
