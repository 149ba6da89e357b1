import type { Rung } from '../domain/floor.ts';
import type { StreamPlan } from '../domain/plan.ts';
import type { Duration, Iso, Minor } from '../domain/units.ts';
import type { CostKind, DeviceRole, HelpKind, Phase, Priority } from '../domain/words.ts';
import type { CuesView } from './cue-state.ts';
import type { FunnelView } from './funnel-state.ts';
import type { SalesView } from './sales-state.ts';
import type { PickupsView, SettleView } from './settle-state.ts';
import type { OfferView, StockView } from './stock-state.ts';
import type { AuditView } from './audit-state.ts';
import type { FailoverView } from './failover-state.ts';
import type { StreamView } from './stream-state.ts';

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
  failover: FailoverView;
  audit: AuditView;
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
  stream: StreamPlan;
  warnings: string[];
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
