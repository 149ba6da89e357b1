import type { Attribution } from '../domain/facts/sale-facts.ts';
import type { CuePhase, CueState } from '../domain/cue-times.ts';
import type { Rung } from '../domain/floor.ts';
import type { Duration, Iso, Minor } from '../domain/units.ts';
import type {
  Channel,
  CostKind,
  CueKind,
  DeviceRole,
  HelpKind,
  Level,
  OfferKind,
  Phase,
  Priority,
  StreamLayer,
  StreamSource,
  TenderKind,
} from '../domain/words.ts';
import type { PickupsView, SettleView } from './settle-state.ts';

/** The whole desk view: `GET /api/state`, the desk socket's `state`, and the props of every panel. Stable paths: contract §3. */
export interface DeskState {
  contractVersion: number;
  seq: number;
  /** sync epoch of the show file; new when it was restored from a snapshot */
  epoch: string | null;
  now: Iso;
  show: ShowView | null;
  plan: PlanView | null;
  sales: SalesView;
  stock: Record<string, StockView>;
  offers: Record<string, OfferView>;
  holds: { id: string; lines: { sku: string; quantity: number }[]; expiresAt: Iso; offer: string | null }[];
  shortfalls: { id: string; sku: string; quantity: number; saleId: string; source: string; at: Iso }[];
  parked: { id: string; saleId: string; foreignSku: string; name: string; quantity: number; source: string; at: Iso }[];
  checklist: {
    id: string;
    text: string;
    owner: string | null;
    dueAt: Iso | null;
    blocks: boolean;
    done: boolean;
    note: string | null;
    tickedBy: string | null;
    tickedAt: Iso | null;
    overdue: boolean;
  }[];
  costs: {
    id: string;
    label: string;
    costKind: CostKind;
    amountMinor: Minor;
    creator: string | null;
    partner: string | null;
    by: string;
    at: Iso;
  }[];
  drawers: DrawerView[];
  pickups: PickupsView;
  /** everything that waits for a person */
  settle: SettleView;
  cues: CuesView;
  messages: {
    id: string;
    to: string[];
    text: string;
    sentAt: Iso;
    receipts: { person: string | null; device: string | null; state: Rung; at: Iso }[];
  }[];
  requests: {
    id: string;
    what: HelpKind;
    note: string | null;
    sku: string | null;
    person: string | null;
    device: string;
    times: number;
    at: Iso;
    answer: string | null;
  }[];
  stream: StreamView;
  failover: { mode: 'observe' | 'confirm' | 'auto'; state: string; pending: null };
  recording: {
    active: boolean;
    paused: boolean;
    path: string | null;
    sinceMs: Duration | null;
    diskMinutes: number | null;
  };
  people: PeopleView;
  alarms: AlarmView[];
  moments: {
    id: string;
    at: Iso;
    by: string;
    person: string | null;
    note: string | null;
    sku: string | null;
    cue: string | null;
    uncertaintyMs: number;
    timeUncertain: boolean;
  }[];
  devices: DeviceView[];
  storage: StorageView;
  connectors: ConnectorView[];
  /** order files that are being booked */
  imports: ImportView[];
  close: CloseView | null;
  /** newest first; `folder` is relative to the data folder */
  shows: { id: string; name: string; phase: Phase; startsAt: Iso | null; demo: boolean; folder: string }[];
  settings: Record<string, unknown>;
  floor: { url: string | null; message: string | null };
  ingest: { url: string | null };
  answers: FourAnswers;
  /** null without a plan */
  funnel: FunnelView | null;
}

/** A file of orders on its way into the ledger; `cancel-action` with its id stops it. */
export interface ImportView {
  /** the id of the command that brought it */
  id: string;
  /** the file's name */
  name: string;
  /** orders booked so far */
  done: number;
  total: number;
  stopping: boolean;
}

/** A cash session; while it is open what it should hold is not said, so that the count stays blind. */
export interface DrawerView {
  id: string;
  till: string;
  openedAt: Iso;
  floatMinor: Minor;
  countedAt: Iso | null;
  expectedMinor: Minor | null;
  countedMinor: Minor | null;
  varianceMinor: Minor | null;
  reason: string | null;
}

export interface ShowView {
  id: string;
  name: string;
  phase: Phase;
  timeZone: string;
  currency: string;
  /** ISO 4217 digits of the currency */
  currencyDigits: number;
  language: string;
  openedAt: Iso | null;
  closingAt: Iso | null;
  closedAt: Iso | null;
  startsAt: Iso | null;
  endsAt: Iso | null;
  salesTargetMinor: Minor | null;
  demo: boolean;
}

/** What set-up and the panels need to name things; the file itself is `GET /api/plan`. */
export interface PlanView {
  taxMode: 'inclusive' | 'exclusive';
  products: {
    sku: string;
    name: string;
    priceMinor: Minor;
    reserve: number;
    lowAt: number;
    flags: string[];
    taxRate: string;
    bundle: boolean;
    parts: { sku: string; quantity: number }[];
  }[];
  people: { id: string; name: string; role: string; code: string | null }[];
  tills: { id: string; name: string }[];
  stream: { obs: string | null; rtmpStat: string | null; hls: string | null; edge: string | null };
  warnings: string[];
}

export interface ChannelFigures {
  count: number;
  units: number;
  netMinor: Minor;
}

export interface SalesView {
  count: number;
  units: number;
  refundedUnits: number;
  grossMinor: Minor;
  discountMinor: Minor;
  refundedMinor: Minor;
  netMinor: Minor;
  collectedMinor: Minor;
  voids: number;
  /** sales in the last 10 min ÷ min(10, minutes open), at least 1 */
  perMinute: number;
  netPerMinuteMinor: Minor;
  lastAt: Iso | null;
  byChannel: Record<Channel, ChannelFigures>;
  byProduct: Record<string, { units: number; netMinor: Minor }>;
  byCreator: Record<string, CreatorFigures>;
  byTender: Record<TenderKind, { count: number; amountMinor: Minor }>;
  missed: Record<string, number>;
  /** newest first, 20 */
  latest: LatestSale[];
  /** net per minute by channel group, oldest first, last 30 minutes; the chart's bars */
  minutes: { at: Iso; inPersonMinor: Minor; streamMinor: Minor; otherMinor: Minor }[];
}

/** What a person is credited with. `suggested` and `self` stand beside `confirmed`, never in it (ATT-9, ATT-10). */
export interface CreatorFigures {
  confirmed: {
    units: number;
    netMinor: Minor;
    /** buyers whose first known order it was */
    newBuyers: number;
    /** as the plan agrees it; 0 when it names none */
    feeMinor: Minor;
  };
  suggested: { units: number; netMinor: Minor };
  /** own purchases, no base for a fee */
  self: { units: number; netMinor: Minor };
}

/** Channel and creator with the rule that decided each. */
export interface AttributionView {
  channel: Channel;
  rule: Attribution['rule'];
  evidence: string | null;
  creator: string | null;
  creatorRule: Attribution['creatorRule'];
  /** the creator's own time was over */
  late: boolean;
  /** person whose credit is suggested; in no total until it is accepted */
  suggested: string | null;
}

export interface LatestSale {
  saleId: string;
  at: Iso;
  channel: Channel;
  rule: string;
  source: string;
  till: string | null;
  creator: string | null;
  attribution: AttributionView;
  lines: { sku: string | null; name: string; quantity: number }[];
  units: number;
  totalMinor: Minor;
  netMinor: Minor;
  state: 'sold' | 'voided' | 'refunded' | 'part-refunded';
}

export interface CellView {
  physical: number;
  held: number;
  committed: number;
  available: number;
}

export interface StockView extends CellView {
  name: string;
  /** what can still be sold at the show: `available` (the reserve's) and what lies with tills in case they are cut off */
  left: number;
  pools: Record<string, CellView>;
  sold: number;
  refunded: number;
  reserve: number;
  lowAt: number;
  perMinute: number;
  soldOutAt: Iso | null;
  /** gone between these, eight times out of ten at this pace; null with `soldOutAt` */
  soldOutRange: { from: Iso; to: Iso } | null;
  level: 'ok' | 'low' | 'out';
  bundle: boolean;
  /** a bundle's scarcest part */
  limitedBy: string | null;
  counted: number | null;
  variance: number | null;
}

/** Counts only: names are asked for one at a time and never travel with the state. */
export interface PeopleView {
  /** people, each counted once */
  signups: number;
  attended: number;
  /** of `attended`: came without a sign-up, or signed up at the door */
  walkIns: number;
  consented: number;
  /** perks redeemed, all together */
  redeemed: number;
  byKind: Record<string, number>;
  byChannel: Record<string, number>;
  /** by offer of kind perk */
  perks: Record<string, { issued: number; redeemed: number; expired: number; costMinor: Minor }>;
  /** by sku: asked for and not sold. A known person counts once, with the most they asked for at once */
  missed: Record<string, { people: number; units: number; unknownAttempts: number; unknownUnits: number }>;
}

export interface OfferView {
  kind: OfferKind;
  sku: string;
  open: boolean;
  openedAt: Iso | null;
  closesAt: Iso | null;
  sold: number;
  cap: number | null;
  remaining: number | null;
  priceMinor: Minor;
  held: number;
  perBuyer: number | null;
  gate: 'none' | 'code' | 'signup';
  /** how many codes it has, and how many of them sales have used; the codes themselves stay in the plan */
  codes: { count: number; used: number; use: 'once' | 'many' } | null;
  depositMinor: Minor | null;
  closedWhy: 'hand' | 'cue' | 'window' | 'cap' | 'close' | null;
}

export type { CuePhase, CueState, Rung };

export interface CueView {
  id: string;
  title: string;
  kind: CueKind;
  rule: 'soft' | 'hard' | 'linked';
  state: CueState;
  plannedStart: Iso | null;
  expectedStart: Iso | null;
  startedAt: Iso | null;
  endedAt: Iso | null;
  durationMs: Duration;
  addedMs: Duration;
  elapsedMs: Duration | null;
  remainingMs: Duration | null;
  overlapMs: Duration;
  phase: CuePhase | null;
  owners: string[];
  sku: string | null;
  offer: string | null;
  points: { id: string; text: string; mustSay: boolean; ticked: boolean }[];
  priceNote: string | null;
  /** all owners accepted */
  ready: boolean;
  /** entry that last changed it; `edit-cue` sends it back, so that two windows never overwrite each other */
  rev: number;
  /** on the cue that GO would start: why its offer will not open, else null */
  warning: string | null;
  outcome: { leg: string; outcome: 'opened' | 'closed' | 'refused' | 'unknown'; message: string | null } | null;
  dispatches: { id: string; person: string; state: Rung; at: Iso; online: boolean }[];
}

export interface CuesView {
  current: string | null;
  next: string | null;
  standby: string | null;
  overUnderMs: Duration;
  relativeMs: Duration;
  endDeltaMs: Duration | null;
  showEndAt: Iso | null;
  list: CueView[];
}

export type Metrics = Record<string, number | string | boolean | null>;

export interface StreamView {
  level: Level;
  cause: string | null;
  message: string | null;
  advice: string | null;
  since: Iso | null;
  layers: Partial<Record<StreamLayer, { level: Level; cause: string | null; since: Iso | null }>>;
  sources: Partial<
    Record<StreamSource, { level: Level; since: Iso | null; metrics: Metrics; message: string; ageMs: Duration | null }>
  >;
  incidents: {
    id: string;
    layer: StreamLayer;
    level: Level;
    cause: string;
    message: string;
    startedAt: Iso;
    endedAt: Iso | null;
    darkMs: Duration | null;
  }[];
}

export interface AlarmView {
  id: string;
  kind: string;
  subject: string | null;
  priority: Priority;
  message: string;
  action: string;
  raisedAt: Iso;
  acknowledgedAt: Iso | null;
  shelvedUntil: Iso | null;
  /** on the shelf, by time or until the next cue */
  shelved: boolean;
  clearedAt: Iso | null;
  times: number;
  related: string[];
}

export interface DeviceView {
  id: string;
  role: DeviceRole;
  name: string;
  person: string | null;
  till: string | null;
  state: 'pending' | 'online' | 'stale' | 'offline' | 'revoked';
  lastSeen: Iso | null;
  /** what the device says of itself */
  awake: string | null;
  unsent: number;
}

export interface StorageView {
  level: 'ok' | 'warn' | 'critical' | 'recovering';
  freeBytes: number | null;
  walBytes: number;
  lastSnapshotAt: Iso | null;
  message: string | null;
  pragmas: Record<string, string | number>;
  copiedSeq: number;
  secondDisk: string | null;
}

export interface ConnectorView {
  id: string;
  kind: string;
  state: 'up' | 'connecting' | 'down' | 'off';
  since: Iso | null;
  message: string;
}

export interface Blocker {
  code: string;
  state: 'closing' | 'counting' | 'reconciled';
  count: number;
  message: string;
  action: string;
  hard: boolean;
  items: string[];
}

export interface CloseView {
  state: 'closing' | 'counting' | 'reconciled' | 'closed';
  version: number;
  blockers: Blocker[];
  files: WrittenFile[];
  progress: { step: string; done: number; total: number } | null;
  reopenUntil: Iso | null;
}

export interface WrittenFile {
  /** relative to the show's folder */
  path: string;
  bytes: number;
  kind: string;
}

/** A share of people, ready to show: `rate` and limits from 0 to 1, null without anybody. */
export interface ShareView {
  count: number;
  of: number;
  rate: number | null;
  low: number | null;
  high: number | null;
  /** "18.0 %" and "15.9–20.3 %" */
  text: string;
  limits: string;
}

export interface FunnelRowView {
  signedUp: number;
  attended: ShareView;
  bought: ShareView;
  /** bought and not wholly given back */
  kept: ShareView;
  boughtBefore: number;
  boughtAfter: number;
}

/** Sign-up → attended → bought, who came back, and what that says (VER-3 … VER-10). */
export interface FunnelView {
  /** what the 72 hours run from: the show's end, or each sign-up */
  clock: 'show' | 'signup';
  endsAt: Iso;
  maturesAt: Iso;
  state: 'so-far' | 'mature';
  total: FunnelRowView;
  /** by the channel of the sign-up */
  byChannel: Record<Exclude<Channel, 'unattributed'> | 'other', FunnelRowView>;
  buyersWithoutSignup: number;
  ordersOfUnknown: number;
  coverage: { identified: number; sales: number };
  /** later orders are known completely up to there; null: no shop tells of them, so nothing matures */
  coveredUntil: Iso | null;
  cohort: {
    who: 'signed-up' | 'identified';
    buyers: number;
    repeats: { days: 7 | 30 | 90; repeated: ShareView; maturesAt: Iso | null; state: 'young' | 'so-far' | 'mature' }[];
    /** spend of the first week per buyer, minor units */
    firstWeek: {
      buyers: number;
      meanMinor: Minor | null;
      lowMinor: Minor | null;
      highMinor: Minor | null;
      maturesAt: Iso | null;
      state: 'young' | 'so-far' | 'mature';
    };
  };
  verdict: VerdictView;
}

export interface VerdictView {
  verdict: 'SCALE' | 'STOP' | 'KEEP TESTING';
  reason: string;
  /** show less control in percentage points */
  repeat: { points: number; low: number; high: number } | null;
  /** show less control in minor units */
  firstWeek: { meanMinor: Minor; lowMinor: Minor; highMinor: Minor } | null;
  control: { name: string; buyers: number } | null;
  thresholds: { minRepeatGain: number; minLtvGainMinor: Minor; repeatWindow: 7 | 30 | 90; minBuyers: number };
  changedAfterOpening: boolean;
}

/** UI-2: the words and figures of the four tiles, the same on desk, wall, Companion and tests. */
export interface FourAnswers {
  stream: {
    word: 'OK' | 'WEAK' | 'DOWN' | 'NO PICTURE' | 'NO SOUND' | 'NO ANSWER' | 'OFF';
    linksUp: number;
    links: number;
  };
  selling: { percentOfPlan: number | null; word: 'behind' | 'on plan' | 'ahead' | null };
  reserve: {
    word: 'None' | 'minutes' | 'OVERSOLD';
    minutes: number | null;
    units: number | null;
    sku: string | null;
    atRisk: string[];
    soldOut: string[];
  };
  now: { cue: string | null; next: string | null; nextReady: boolean };
}
