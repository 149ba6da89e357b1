import type { Duration, Iso, Minor } from './units.ts';
import type { CueKind, OfferKind, Platform, SaleChannel } from './words.ts';

/**
 * A show's plan as the ledger keeps it (body of `plan.adopted`): every default filled in, money in minor units,
 * instants as ISO text. The file that people write is read and written by contract/plan-file.ts. Sign-ups are not part
 * of it: they are people, and people never enter the ledger.
 */
export interface Plan {
  show: PlanShow;
  products: Product[];
  bundles: Bundle[];
  people: Person[];
  offers: Offer[];
  cues: Cue[];
  stream: StreamPlan;
  tills: { id: string; name: string }[];
  /** code, link or utm value (lower case) → channel (ATT-5) */
  channels: Record<string, SaleChannel>;
  /** nearby makers; `rate`: their share of the net, a decimal fraction as text */
  partners: { id: string; name: string; rate: string }[];
  packagings: Packaging[];
  checklist: ChecklistItem[];
}

export interface PlanShow {
  name: string;
  timeZone: string;
  currency: string;
  startsAt: Iso | null;
  endsAt: Iso | null;
  salesTargetMinor: Minor | null;
  series: string | null;
  taxMode: 'inclusive' | 'exclusive';
  language: string;
}

export interface Product {
  sku: string;
  name: string;
  priceMinor: Minor;
  /** units set aside for this show */
  reserve: number;
  /** units that each till is leased, in place of the shares of STK-7; 0: none. null: by the shares */
  tillLease: number | null;
  lowAt: number;
  flags: string[];
  /** decimal fraction as text, e.g. "0.23" */
  taxRate: string;
  costMinor: Minor | null;
  barcode: string | null;
  location: string | null;
  partner: string | null;
  packaging: string | null;
}

export interface Bundle {
  sku: string;
  name: string;
  priceMinor: Minor;
  parts: { sku: string; quantity: number }[];
  taxRate: string;
}

export interface Person {
  id: string;
  name: string;
  role: string;
  /** creator code that credits a sale, e.g. "ANA10" */
  code: string | null;
  feeMinor: Minor | null;
}

export interface Offer {
  id: string;
  kind: OfferKind;
  sku: string;
  /** null: the list price holds */
  priceMinor: Minor | null;
  /** units; null: no cap but the stock */
  cap: number | null;
  perBuyer: number | null;
  holdTtlMs: Duration | null;
  gate: 'none' | 'code' | 'signup';
  codes: string[];
  /** `once`: each code opens the offer for one sale */
  codeUse: 'once' | 'many';
  depositMinor: Minor | null;
  opensAt: Iso | null;
  closesAt: Iso | null;
  creator: string | null;
}

export interface Cue {
  id: string;
  title: string;
  kind: CueKind;
  start: { rule: 'soft' | 'hard'; at: Iso } | { rule: 'linked' };
  /** 0: untimed, counts up */
  durationMs: Duration;
  countTo: 'duration' | 'end';
  warnMs: Duration;
  dangerMs: Duration;
  /** person ids */
  owners: string[];
  sku: string | null;
  offer: string | null;
  /** drops only: close with the cue, by hand, or so many ms after opening */
  offerCloses: 'cue-end' | 'manual' | Duration;
  points: { id: string; text: string; mustSay: boolean; sku: string | null }[];
  priceNote: string | null;
  script: string | null;
  autoStart: boolean;
  group: string | null;
}

export interface StreamPlan {
  obs: { url: string } | null;
  rtmpStat: { url: string; application: string; name: string } | null;
  /** MediaMTX's API (v3) and the path that is ours; in place of `rtmpStat` */
  mediamtx: { url: string; path: string } | null;
  hls: { url: string } | null;
  edge: { url: string } | null;
  /** where the relay sends on to; without a relay OBS knows it */
  primaryIngest: string | null;
  backupIngest: string | null;
  /** OBS sends to a server of our own (`url` is what is read from it) and we carry on from there (STR-84) */
  relay: { url: string } | null;
  slateScene: string | null;
  liveScene: string | null;
  /** further scenes that automation may leave, and those that stand still on purpose */
  allowScenes: string[];
  stillScenes: string[];
  /** OBS inputs whose level is watched (STR-7); none: sound is not watched */
  audioInputs: string[];
  platform: Platform | null;
  /** origin of the page that plays the stream, for the audit of its CORS headers */
  shopOrigin: string | null;
}

export interface ChecklistItem {
  id: string;
  text: string;
  owner: string | null;
  dueAt: Iso | null;
  /** without an hour of its own: so long before the show's start (negative) or after its end (positive) */
  dueMs: Duration | null;
  /** the show does not open while this is to be done */
  blocks: boolean;
}

/** How a product is packed, so that a show can tell whether a better box cuts returns (R18). */
export interface Packaging {
  id: string;
  name: string;
  costMinor: Minor | null;
  /** share of sold units that came back so far, a decimal fraction as text; null: nobody has measured */
  returnRate: string | null;
}

/** One thing that does not fit, for a person: `products[2].price: 18.005 has too many digits for EUR`. */
export interface Fault {
  path: string;
  message: string;
}
