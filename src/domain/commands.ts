import type { Duration, Iso, Minor } from './units.ts';
import type { Cue, Plan } from './plan.ts';
import type {
  CostKind,
  CueAnswer,
  HelpKind,
  Pool,
  Restock,
  ReturnReason,
  SaleChannel,
  TenderKind,
  WriteOff,
} from './words.ts';

/**
 * What may be asked of a show and is decided here, without `id` and `kind`. The runtime checks are contract/commands.ts,
 * which does not compile when it and this page disagree. Asks that need a disk or a socket (files, invitations,
 * settings) are procedures of the hub and live in contract/commands.ts alone.
 */
export interface CommandBodies {
  'open-show': { overrideReason?: string };
  'close-show': { overrideReason?: string };
  'reopen-show': { reason: string };
  'count-stock': { sku: string; counted: number; by?: string };
  'adjust-stock': { sku: string; delta: number; pool?: Pool; reason: string; note?: string };
  'record-sale': RecordSale;
  'void-sale': { saleId: string; reason?: string };
  'refund-sale': {
    saleId: string | null;
    lines: { sku: string; quantity: number }[];
    amountMinor?: Minor;
    reason: string;
    restock: Restock;
    /** the producer's yes, for a till; left out, the newest one for this sale is meant */
    approval?: string;
  };
  'exchange-items': {
    saleId: string;
    lines: { sku: string; quantity: number }[];
    reason: ReturnReason;
    restock: Restock;
    /** what the buyer takes instead */
    take: { sku: string; quantity: number; unitPriceMinor?: Minor; discountMinor?: Minor; ageChecked?: boolean }[];
    /** how the difference is paid, or paid back */
    tender: TenderKind;
    offer?: string;
  };
  'ready-pickup': { saleId: string };
  /** `tender`: how the rest of a deposit is paid */
  'hand-over-pickup': { code?: string; saleId?: string; lines?: number[]; tender?: TenderKind };
  'miss-pickup': { saleId: string };
  'note-authorisation': {
    provider: string;
    ref: string;
    amountMinor: Minor;
    expiresAt?: Iso;
    saleId?: string;
    /** where the card was, for the default expiry */
    present?: boolean;
  };
  'settle-authorisation': { authorisation: string; how: 'captured' | 'voided' | 'failed'; amountMinor?: Minor };
  /** `creator` null: nobody is credited */
  'reattribute-sale': { saleId: string; channel?: SaleChannel; creator?: string | null; reason: string };
  'accept-suggestion': { saleId: string };
  /** totals of the group that the show is compared with; `sumSquaresMinor` is decimal text (VER-7) */
  'set-control': { name: string; buyers: number; repeats: number; sumMinor: Minor; sumSquaresMinor: string };
  /** a person vouches that all orders of a source up to then are in the ledger */
  'cover-orders': { source: string; until: Iso };
  'dismiss-duplicate': { saleId: string; note?: string };
  'release-promise': { saleId: string; reason: string };
  'open-drawer': { till?: string; floatMinor: Minor };
  'pay-in': { till?: string; amountMinor: Minor; reason: string };
  'pay-out': { till?: string; amountMinor: Minor; reason: string };
  'count-drawer': {
    till?: string;
    countedMinor?: Minor;
    denominations?: { valueMinor: Minor; count: number }[];
    reason?: string;
  };
  'request-approval': {
    what: 'discount' | 'price' | 'refund';
    amountMinor: Minor;
    sku?: string;
    saleId?: string;
    note?: string;
  };
  'answer-approval': { approval: string; approved: boolean };
  'give-back-stock': { sku: string; quantity: number; pool?: Pool; location?: string; reason?: string };
  'write-off-stock': { sku: string; quantity: number; pool?: Pool; reason: WriteOff; note?: string };
  'return-lease': { skus?: string[] };
  'declare-till-lost': { till: string };
  'tick-item': { item: string; done: boolean; note?: string };
  /** `at`: when they were counted; left out: now */
  'note-viewers': { count: number; at?: Iso; source?: string };
  'note-cost': { label: string; costKind: CostKind; amountMinor: Minor; creator?: string; partner?: string };
  'place-hold': {
    lines: { sku: string; quantity: number }[];
    ttlMs?: Duration;
    offer?: string;
    buyer?: string;
    code?: string;
  };
  'extend-hold': { holdId: string };
  'release-hold': { holdId: string };
  'receive-stock': {
    sku: string;
    quantity: number;
    pool?: Pool;
    reason?: string;
    batch?: string;
    location?: string;
  };
  'move-stock': { sku: string; quantity: number; from: Pool; to: Pool; reason?: string };
  'resolve-shortfall': {
    shortfall: string;
    how: 'fulfilled' | 'refunded' | 'substituted' | 'backordered';
    sku?: string;
  };
  'map-sku': { line: string; sku: string; remember?: boolean };
  'open-offer': { offer: string };
  'close-offer': { offer: string };
  /** `null` takes the cap, the limit or the end away */
  'change-offer': { offer: string; cap?: number | null; perBuyer?: number | null; closesAt?: Iso | null };
  /** `code`: of a sign-up, as typed or scanned; `ref`: as a name search gave it */
  'check-in': { code?: string; ref?: string };
  /** `sku`: another product, when the sample is out */
  'redeem-perk': { offer: string; signup?: string; ref?: string; code?: string; sku?: string };
  'start-cue': { cue?: string; expect?: string; again?: boolean; overrideReason?: string };
  'standby-cue': { cue?: string };
  'finish-cue': { cue?: string };
  'back-cue': { cue?: string };
  'pause-cue': { cue?: string };
  'resume-cue': { cue?: string };
  'skip-cue': { cue?: string; skip?: boolean };
  'add-time': { cue?: string; ms: Duration };
  'add-cue': { cue: Cue; before?: string };
  'edit-cue': { cue: Cue; rev?: number };
  'move-cue': { cue: string; before?: string };
  'remove-cue': { cue: string };
  'tick-point': { cue: string; point: string; ticked?: boolean };
  'send-message': {
    to: string[];
    text: string;
    needsAck?: boolean;
    tone?: 'info' | 'hurry' | 'stop';
    expiresMs?: Duration;
  };
  'answer-cue': { dispatch: string; answer: CueAnswer };
  'request-help': { what: HelpKind; note?: string; sku?: string };
  'answer-request': { request: string; answer: 'coming' | 'done' | 'no'; text?: string };
  'mark-moment': { note?: string; sku?: string; pressedAt?: Iso; uncertaintyMs?: number };
  'acknowledge-alarm': { alarm: string };
  'shelve-alarm': { alarm: string; untilMs?: Duration; untilCue?: boolean };
  'adopt-clock': { as: 'sleep' | 'clock' | 'ignore' };
}

export interface RecordSale {
  lines: {
    sku: string;
    quantity: number;
    unitPriceMinor?: Minor;
    discountMinor?: Minor;
    care?: boolean;
    /** the seller has looked at the buyer's age (flag `age-check`) */
    ageChecked?: boolean;
  }[];
  channel: SaleChannel;
  tender: TenderKind | { kind: TenderKind; amountMinor: Minor; ref?: string }[];
  /** off the whole basket, spread over its lines by gross (MON-5) */
  basketDiscount?: { amountMinor: Minor } | { percent: string };
  /** why a price or a discount is not the plan's (TIL-5, TIL-7) */
  priceReason?: string;
  /** the producer's answer to `request-approval` */
  approval?: string;
  /** opens a gated offer */
  code?: string;
  /** cash handed over; the reply says the change */
  givenMinor?: Minor;
  till?: string;
  creatorCode?: string;
  signup?: string;
  offer?: string;
  hold?: string;
  pickup?: 'now' | 'later';
  tipMinor?: Minor;
  madeAt?: Iso;
  offline?: boolean;
  paid?: boolean;
  beyondLease?: boolean;
  receipt?: string;
}

export type DomainCommandKind = keyof CommandBodies;
export type DomainCommand = { [K in DomainCommandKind]: { id: string; kind: K } & CommandBodies[K] }[DomainCommandKind];
export type CommandOf<K extends DomainCommandKind> = { id: string; kind: K } & CommandBodies[K];

/** Adopting a plan may make a new show, so the hub asks this after its schema has spoken. */
export interface AdoptPlan {
  plan: Plan;
  warnings: string[];
  demo: boolean;
}

/** A sale or refund that has already happened elsewhere: never refused for stock, cap, window or phase (STK-6). */
export interface OutsideSale {
  type: 'sale';
  /** e.g. "generic:my-shop", "csv:square-items" */
  source: string;
  sourceId: string;
  at: Iso;
  /** null: apply the attribution rules, else the source declared it */
  channel: SaleChannel | null;
  lines: {
    sku: string | null;
    name: string | null;
    quantity: number;
    unitPriceMinor: Minor | null;
    discountMinor: Minor;
  }[];
  creatorCode: string | null;
  tender: TenderKind;
  tipMinor: Minor;
  personRef: string | null;
}
export interface OutsideRefund {
  type: 'refund';
  source: string;
  sourceId: string;
  /** the order it gives back, by the source's id; null: money only */
  saleSourceId: string | null;
  at: Iso;
  channel: SaleChannel | null;
  lines: { sku: string | null; quantity: number }[];
  amountMinor: Minor | null;
  tender: TenderKind;
}
export type OutsideOrder = OutsideSale | OutsideRefund;
