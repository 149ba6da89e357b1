import { type AuditState, evolveAudit, initialAudit } from './audit/audit-state.ts';
import { type AlarmsState, evolveAlarms, initialAlarms } from './alarms.ts';
import { type ClockState, evolveClock, initialClock } from './clock.ts';
import { type CloseState, evolveClose, initialClose } from './closing.ts';
import { type CuesState, evolveCues, initialCues } from './cues.ts';
import { type DevicesState, evolveDevices, initialDevices } from './devices.ts';
import { type FloorState, evolveFloor, initialFloor } from './floor.ts';
import { type FailoverRecord, evolveFailover, initialFailoverRecord } from './failover/failover-record.ts';
import type { Frame } from './frame.ts';
import { type ApprovalsState, evolveApprovals, initialApprovals } from './approvals.ts';
import { type AttendanceState, evolveAttendance, initialAttendance } from './attendance.ts';
import { type AuthorisationsState, evolveAuthorisations, initialAuthorisations } from './authorisations.ts';
import { type DuplicatesState, evolveDuplicates, initialDuplicates } from './duplicates.ts';
import { type DrawersState, evolveDrawers, initialDrawers } from './drawers.ts';
import { type PickupsState, evolvePickups, initialPickups } from './pickups.ts';
import { type RoutineState, evolveRoutine, initialRoutine } from './routine.ts';
import { type OrdersState, evolveOrders, initialOrders } from './external-orders.ts';
import type { BodyOf, Entry } from './ledger.ts';
import type { Plan } from './plan.ts';
import { type ObservedState, evolveObserved, initialObserved } from './observed.ts';
import { upgradedPlan } from './plan-upgrade.ts';
import { type OffersState, changedPlan, evolveOffers, initialOffers } from './offers.ts';
import { type SalesState, evolveSales, initialSales } from './sales.ts';
import { type StockState, evolveStock, initialStock } from './stock.ts';
import { type StreamRecord, evolveStream, initialStream } from './stream-record.ts';
import { type HubTime, type Instant } from './units.ts';
import { type ViewersState, evolveViewers, initialViewers } from './viewers.ts';
import { type VerdictState, evolveVerdict, initialVerdict } from './verdict-state.ts';
import type { Phase } from './words.ts';

/**
 * The show as its ledger tells it: the one fold. It is advanced in place, entry by entry, and rebuilt from nothing at
 * every start; nothing here is ever saved. Rooms keep their own part and never read another's; what needs several parts
 * (deciding, views) takes the whole show.
 */
export interface ShowState {
  id: string;
  seq: number;
  clock: ClockState;
  plan: Plan | null;
  /** the plan as it was when the show opened, for "planned against actual" */
  planAtOpen: Plan | null;
  demo: boolean;
  phase: Phase;
  openedAt: Instant | null;
  openedT: HubTime | null;
  closingAt: Instant | null;
  closedAt: Instant | null;
  stock: StockState;
  sales: SalesState;
  orders: OrdersState;
  offers: OffersState;
  routine: RoutineState;
  pickups: PickupsState;
  drawers: DrawersState;
  authorisations: AuthorisationsState;
  attendance: AttendanceState;
  approvals: ApprovalsState;
  duplicates: DuplicatesState;
  observed: ObservedState;
  verdict: VerdictState;
  cues: CuesState;
  floor: FloorState;
  moments: MomentMark[];
  stream: StreamRecord;
  failover: FailoverRecord;
  audit: AuditState;
  viewers: ViewersState;
  alarms: AlarmsState;
  devices: DevicesState;
  close: CloseState;
}

export type MomentMark = Omit<BodyOf<'moment.marked'>, 'momentId'> & { id: string; seq: number };

export function initialShow(id: string): ShowState {
  return {
    id,
    seq: 0,
    clock: initialClock(),
    plan: null,
    planAtOpen: null,
    demo: false,
    phase: 'planned',
    openedAt: null,
    openedT: null,
    closingAt: null,
    closedAt: null,
    stock: initialStock(),
    sales: initialSales(),
    orders: initialOrders(),
    offers: initialOffers(),
    routine: initialRoutine(),
    pickups: initialPickups(),
    drawers: initialDrawers(),
    authorisations: initialAuthorisations(),
    attendance: initialAttendance(),
    approvals: initialApprovals(),
    duplicates: initialDuplicates(),
    observed: initialObserved(),
    verdict: initialVerdict(),
    cues: initialCues(),
    floor: initialFloor(),
    moments: [],
    stream: initialStream(),
    failover: initialFailoverRecord(),
    audit: initialAudit(),
    viewers: initialViewers(),
    alarms: initialAlarms(),
    devices: initialDevices(),
    close: initialClose(),
  };
}

export function evolve(show: ShowState, entry: Entry): void {
  const t = evolveClock(show.clock, entry);
  show.seq = entry.seq;
  evolveShow(show, entry, t);
  const frame: Frame = { t, plan: show.plan };
  evolveStock(show.stock, entry, frame);
  evolveSales(show.sales, entry, frame);
  evolveOrders(show.orders, entry);
  evolveOffers(show.offers, entry, frame);
  evolveRoutine(show.routine, entry, frame);
  evolvePickups(show.pickups, entry, frame);
  evolveDrawers(show.drawers, entry, frame);
  evolveAuthorisations(show.authorisations, entry, frame);
  evolveAttendance(show.attendance, entry, frame);
  evolveApprovals(show.approvals, entry, frame);
  evolveDuplicates(show.duplicates, entry, frame);
  evolveObserved(show.observed, entry);
  evolveVerdict(show.verdict, entry);
  evolveCues(show.cues, entry, frame);
  evolveFloor(show.floor, entry, frame);
  evolveStream(show.stream, entry, frame);
  evolveFailover(show.failover, entry);
  evolveAudit(show.audit, entry);
  evolveViewers(show.viewers, entry);
  evolveAlarms(show.alarms, entry, frame);
  evolveDevices(show.devices, entry, frame);
  evolveClose(show.close, entry, frame);
}

function evolveShow(show: ShowState, entry: Entry, t: HubTime): void {
  switch (entry.kind) {
    case 'plan.adopted':
      show.plan = upgradedPlan(entry.body.plan);
      show.demo = entry.body.demo;
      break;
    case 'offer.changed':
      if (show.plan) show.plan = changedPlan(show.plan, entry.body);
      break;
    case 'show.opened':
      show.phase = 'live';
      show.openedAt = entry.at;
      show.openedT = t;
      show.planAtOpen = structuredCloneOf(show.plan);
      break;
    case 'show.closing':
      show.phase = 'closing';
      show.closingAt = entry.at;
      break;
    case 'show.closed':
      show.phase = 'closed';
      // Files written again later move no border: what was bought after the show stays after it.
      show.closedAt ??= entry.at;
      break;
    case 'show.reopened':
      show.phase = 'live';
      show.closingAt = null;
      show.closedAt = null;
      break;
    case 'moment.marked':
      show.moments.push(markOf(entry.body, entry.seq));
      break;
  }
}

function markOf({ momentId, ...mark }: BodyOf<'moment.marked'>, seq: number): MomentMark {
  return { ...mark, id: momentId, seq };
}

/** Plans are plain JSON, and `structuredClone` is the platform's, not the language's. */
function structuredCloneOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
