import type { Duration, Iso, Minor } from '../domain/units.ts';
import type { Phase } from '../domain/words.ts';
import type { CuePhase, CueState, Rung } from './cue-state.ts';

/**
 * What may reach the floor: whole views, ≤ 4 kB, listed key by key (CUE-38). There is no money in a co-host's or a
 * viewer's view and no buyer in any. Times are hub clock time; a screen turns them into countdowns by its own sync.
 */
export interface CueBrief {
  id: string;
  title: string;
  kind: string;
  /** names, not ids: a phone has no list of people */
  owners: string[];
  /** owned by the person of this device */
  mine: boolean;
  state: CueState;
  startsAt: Iso | null;
  endsAt: Iso | null;
  /** null: untimed */
  durationMs: Duration | null;
  remainingMs: Duration | null;
  elapsedMs: Duration | null;
  paused: boolean;
  phase: CuePhase | null;
  warnMs: Duration;
}

export interface FloorBase {
  /** `id` stays the same when the show's file is restored, the sync epoch does not: what a screen keeps is bound to it */
  show: { id: string | null; name: string; phase: Phase; timeZone: string; language: string; demo: boolean };
  /** hub time T and clock time W of this view: remainingMs counts from here */
  t: number;
  at: Iso;
  now: CueBrief | null;
  next: CueBrief | null;
  stream: 'ok' | 'trouble' | 'down' | 'off';
}

export interface FloorMessage {
  id: string;
  text: string;
  tone: 'info' | 'hurry' | 'stop';
  sentAt: Iso;
  /** after it the phone drops the message by itself */
  expiresAt: Iso | null;
  needsAck: boolean;
}

export interface CueScreenView extends FloorBase {
  role: 'co-host';
  me: { person: string; name: string; code: string | null };
  /** next of my own, with its rev, so that content is fetched ahead */
  mine: { id: string; title: string; rev: number; startsAt: Iso | null }[];
  /** the dispatch that waits for me */
  dispatch: { id: string; cue: string; state: Rung } | null;
  stock: { sku: string; name: string; left: number | null; level: 'ok' | 'low' | 'out' } | null;
  /** of the running cue, or of mine coming next: ticked point ids */
  ticked: string[];
  contentRev: number;
  messages: FloorMessage[];
  requests: { id: string; what: string; state: string; text: string | null }[];
}

export interface WallView extends FloorBase {
  role: 'viewer';
  messages: FloorMessage[];
}

export interface TillView extends FloorBase {
  role: 'till';
  till: { id: string; name: string };
  currency: { code: string; digits: number };
  /** what a bill is made with, by the same arithmetic as the hub's */
  rules: {
    taxMode: 'inclusive' | 'exclusive';
    /** smallest cash step, 0 for none (MON-7) */
    cashStepMinor: Minor;
    /** more of what a sale costs than this needs the producer's yes (TIL-7) */
    discountPercent: number;
  };
  /** what is usual is left out, so that 40 tiles fit */
  items: TillItem[];
  /** open now, gated ones too */
  offers: TillOffer[];
  messages: FloorMessage[];
  last: { saleId: string; totalMinor: Minor; at: Iso; receipt: string | null } | null;
  /** `none`: nobody keeps drawers at this show. What should be in it is not said: counts are blind (DRW-1) */
  drawer: { state: 'none' | 'closed' | 'open'; openedAt: Iso | null };
  /** this till's own questions that still matter, oldest first */
  approvals: { id: string; what: 'discount' | 'price' | 'refund'; amountMinor: Minor; state: 'asked' | 'yes' | 'no' }[];
  /** the hub asks for the lease back (STK-8); absent: it does not */
  returnLease?: true;
}

export interface TillItem {
  sku: string;
  name: string;
  /** of the open offer that holds for everybody, else of the plan */
  priceMinor: Minor;
  /** units that this till can sell while the hub is heard: the reserve and its own lease */
  left: number;
  /** absent: enough is left */
  level?: 'low' | 'out';
  /** the offer whose price holds for whoever walks up */
  offer?: string;
  /** sold by promise only: a preorder, of which `left` may still be promised */
  promise?: true;
  /** units of its own lease, which it may sell while cut off (STK-7); absent: none. A bundle has its parts' */
  lease?: number;
  barcode?: string;
  /** only where tax is added on top: decimal fraction as text */
  taxRate?: string;
  /** of a bundle */
  parts?: { sku: string; quantity: number }[];
  /** what the seller must know before the goods are handed over */
  notes?: ('age-check' | 'pickup-only' | 'fragile')[];
  /** sold out here: who still has some in a lease */
  elsewhere?: { till: string; units: number }[];
}

export interface TillOffer {
  id: string;
  sku: string;
  priceMinor: Minor;
  gate?: 'code' | 'signup';
  /** units under its cap; absent: no cap */
  left?: number;
  /** of a preorder: what one unit costs now, the rest when it is handed over */
  depositMinor?: Minor;
}

export type FloorView = CueScreenView | WallView | TillView;

/** `read-cue`: the long text of one cue (≤ 32 kB), own cues and the one on air only. */
export interface CueContent {
  cue: string;
  rev: number;
  title: string;
  points: { id: string; text: string; mustSay: boolean }[];
  priceNote: string | null;
  script: string | null;
}
