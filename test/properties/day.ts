import { type Actor, DESK } from '../../src/domain/actor.ts';
import type { DomainCommand, OutsideOrder } from '../../src/domain/commands.ts';
import type { Ask } from '../../src/domain/decide/ask.ts';
import { decide } from '../../src/domain/decide/decide.ts';
import { DUES } from '../../src/domain/decide/due.ts';
import { dueLeases } from '../../src/domain/decide/lease.ts';
import { dueOffers } from '../../src/domain/decide/offer.ts';
import { dueHolds } from '../../src/domain/decide/stock.ts';
import { DEFAULT_RULES } from '../../src/domain/decide/rules.ts';
import { bookOutside } from '../../src/domain/decide/sell.ts';
import type { Vitals } from '../../src/domain/decide/vitals.ts';
import { explode } from '../../src/domain/catalogue.ts';
import { leaseOf, leaseWantedBack } from '../../src/domain/leases.ts';
import type { OriginFact } from '../../src/domain/ledger.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { type TestShow, type TestReply, given, liveShow, now, till as tillActor } from '../../src/domain/testing.ts';

/**
 * A day at the market in memory: the show, the hub around it (answers to repeated ids, one booking for each origin id,
 * what time brings about) and tills that are cut off and come back. Only for tests.
 */
export interface Day {
  show: TestShow;
  tills: ModelTill[];
  vitals: Vitals;
  /** every command that was sent, for repeats */
  sent: { command: DomainCommand; actor: Actor }[];
  /** `actor id` → what was answered (STK-2) */
  answers: Map<string, TestReply>;
  /** `origin id` of what was booked: the same news twice is booked once */
  booked: Set<string>;
  /** outside orders that were delivered, for repeats */
  orders: OutsideOrder[];
  /** receipts of sales that a till made cut off, within its lease: each must come from that lease alone (I13) */
  withinLease: Map<string, string>;
  made: number;
  ticks: number;
}

/** A till as it sees itself: cut off, it knows its lease as it last saw it, and sells from that. */
export interface ModelTill {
  id: string;
  online: boolean;
  /** units it may still sell, as it counts them itself; only while cut off */
  lease: Map<string, number>;
  outbox: DomainCommand[];
}

export type Unsent = DomainCommand extends infer C ? (C extends { id: string } ? Omit<C, 'id'> : never) : never;

export const DAY_TILLS = Array.from({ length: 8 }, (_, n) => `till-${n + 1}`);

/** A live show with 8 tills, all of them on line. */
export function makeDay(plan: Plan): Day {
  const show = liveShow(plan);
  for (const id of DAY_TILLS) {
    const body = { device: `device-${id}`, role: 'till' as const, name: id, person: null, till: id };
    given(show, { kind: 'device.joined', body: { ...body, state: 'joined' } });
  }
  const online = new Set(DAY_TILLS.map((id) => `device-${id}`));
  return {
    show,
    tills: DAY_TILLS.map((id) => ({ id, online: true, lease: new Map(), outbox: [] })),
    vitals: { cannotSave: null, freeBytes: null, online, pending: new Map() },
    sent: [],
    answers: new Map(),
    booked: new Set(),
    orders: [],
    withinLease: new Map(),
    made: 0,
    ticks: 0,
  };
}

/** Sends a command as a device does: under a new id, remembered so that it can be repeated. */
export function send(day: Day, command: Unsent, actor: Actor = DESK): TestReply {
  day.made += 1;
  return deliver(day, { ...command, id: `c${day.made}` } as DomainCommand, actor);
}

/** A command arrives, perhaps not for the first time. */
export function deliver(day: Day, command: DomainCommand, actor: Actor): TestReply {
  const key = `${actor.key} ${command.id}`;
  const known = day.answers.get(key);
  if (known) return known;
  day.sent.push({ command, actor });
  const decision = decide(day.show.state, command, askOf(day, command.id, actor));
  const facts = decision.facts ?? [];
  book(
    day,
    facts.map((fact, n) => ({
      ...fact,
      origin: actor.key,
      originId: `${decision.ok ? '' : 'missed:'}${command.id}#${n}`,
    })),
  );
  const reply: TestReply = decision.ok
    ? { ok: true, seq: day.show.entries.length, ...decision.reply }
    : { ok: false, ...decision.refusal };
  day.answers.set(key, reply);
  return reply;
}

/** An outside order arrives, perhaps not for the first time. */
export function deliverOrder(day: Day, order: OutsideOrder): void {
  given(day.show, ...bookOutside(day.show.state, order, askOf(day, 'order', DESK)));
  day.orders.push(order);
}

/** What the hub does four times a second. Where there is something to book it is asked twice before, and booked once. */
export function tick(day: Day): void {
  day.ticks += 1;
  for (const due of day.ticks % ALARMS_EVERY === 0 ? DUES : STOCK_DUES) {
    const facts = due(day.show.state, now(day.show), day.vitals);
    if (facts.length === 0) continue;
    const again = due(day.show.state, now(day.show), day.vitals);
    book(day, facts);
    book(day, again);
  }
}

/** Alarms change no stock and cost most of a tick. */
const ALARMS_EVERY = 40;
const STOCK_DUES: typeof DUES = [dueHolds, dueOffers, dueLeases];

export function cutOff(day: Day, till: ModelTill): void {
  if (!till.online) return;
  till.online = false;
  till.lease = leaseOf(day.show.state.stock, till.id);
  day.vitals = { ...day.vitals, online: onlineOf(day) };
}

/** Back in reach: everything it sold is sent in order, then it gives back what it is asked for. */
export function comeBack(day: Day, till: ModelTill): void {
  for (const command of till.outbox) deliver(day, command, tillActor(till.id));
  till.outbox = [];
  till.online = true;
  day.vitals = { ...day.vitals, online: onlineOf(day) };
  giveBack(day, till);
}

export function giveBack(day: Day, till: ModelTill): void {
  if (!till.online) return;
  const skus = leaseWantedBack(day.show.state, till.id);
  if (skus.length > 0) send(day, { kind: 'return-lease', skus }, tillActor(till.id));
}

/** A sale at a till that is cut off: within its lease, or of goods in the seller's hand (TIL-3). */
export function sellCutOff(day: Day, till: ModelTill, line: { sku: string; quantity: number }, inHand: boolean): void {
  const demand = explode(day.show.state.plan, [line]);
  const fits = demand.size > 0 && [...demand].every(([sku, units]) => (till.lease.get(sku) ?? 0) >= units);
  if (!fits && !inHand) return;
  day.made += 1;
  const receipt = `${till.id}-${day.made}`;
  // What is in the hand may be of the lease too: the hub takes it from there first.
  for (const [sku, units] of demand) till.lease.set(sku, Math.max(0, (till.lease.get(sku) ?? 0) - units));
  if (fits) day.withinLease.set(receipt, till.id);
  till.outbox.push({
    id: `c${day.made}`,
    kind: 'record-sale',
    channel: 'in-person',
    tender: day.made % 2 === 0 ? 'cash' : 'card',
    lines: [line],
    receipt,
    offline: true,
    madeAt: new Date(day.show.at).toISOString(),
    ...(fits ? {} : { beyondLease: true }),
  });
}

/** The leases that tills believe to have no longer bind anybody: they were lost or the close took them back. */
export function forgetLease(day: Day, till: ModelTill): void {
  till.lease = new Map();
  for (const [receipt, owner] of day.withinLease) if (owner === till.id) day.withinLease.delete(receipt);
}

/** I13: what a till sold within its lease came from there, all of it, and nothing of it is owed. */
export function leaseBreaches({ show, withinLease }: Day): string[] {
  const found: string[] = [];
  for (const entry of show.entries) {
    if (entry.kind !== 'sale.recorded' || entry.body.receipt === null) continue;
    const till = withinLease.get(entry.body.receipt);
    if (till === undefined) continue;
    const { saleId, lines } = entry.body;
    const asked = lines.flatMap(({ parts }) => parts).reduce((sum, part) => sum + part.quantity, 0);
    const got = lines.flatMap(({ taken }) => taken).filter(({ pool }) => pool === `till:${till}`);
    const units = got.reduce((sum, each) => sum + each.quantity, 0);
    if (units !== asked) found.push(`I13 ${saleId} of ${till}: ${units} of ${asked} units came from its lease`);
  }
  return found;
}

export function askOf(day: Day, id: string, actor: Actor): Ask {
  const seq = day.show.entries.length + 1;
  return { id, actor, now: now(day.show), seq, refOf: (contact) => `ref:${contact}`, rules: DEFAULT_RULES };
}

/** Books what was not booked before under this origin and id, as the ledger does. */
export function book(day: Day, facts: readonly OriginFact[]): void {
  for (const { origin, originId, ...fact } of facts) {
    const key = `${origin} ${originId}`;
    if (day.booked.has(key)) continue;
    day.booked.add(key);
    given(day.show, fact);
  }
}

function onlineOf(day: Day): Set<string> {
  return new Set(day.tills.filter(({ online }) => online).map(({ id }) => `device-${id}`));
}
