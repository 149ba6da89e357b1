import { DESK } from '../../src/domain/actor.ts';
import { NOTHING_UNDELIVERED } from '../../src/domain/close-blockers.ts';
import { planFinish } from '../../src/domain/decide/close.ts';
import { given, restart, wait } from '../../src/domain/testing.ts';
import { till as tillActor } from '../../src/domain/testing.ts';
import { askOf, comeBack, cutOff, deliver, deliverOrder, forgetLease, giveBack, send, type Day } from './day.ts';
import { SKUS, pick, type Step } from './day-dice.ts';
import { HOUR } from '../../src/domain/units.ts';

/** Steps of a day in which goods move, tills come and go, and time passes. */

const POOLS = ['reserve', 'allot:drop', 'quarantine', 'till:till-1', 'till:till-2'];
export const stockOf: Step = (day, { a, b, n, flag }) => {
  const sku = pick(SKUS, a) ?? 'MUG';
  const pool = pick(POOLS, b) ?? 'reserve';
  if (flag < 2) send(day, { kind: 'receive-stock', sku, quantity: n * 2, pool, location: `place-${b % 2}` });
  else if (flag < 4) send(day, { kind: 'give-back-stock', sku, quantity: n, pool, location: `place-${b % 2}` });
  else if (flag < 6) send(day, { kind: 'write-off-stock', sku, quantity: n, pool, reason: 'other', note: 'fell' });
  else send(day, { kind: 'move-stock', sku, quantity: n, from: pool, to: pick(POOLS, n) ?? '' });
  // Only of a lost till's lease may others take: then nothing it believes holds any more.
  for (const till of day.tills) if (day.show.state.stock.frozenTills.has(till.id)) forgetLease(day, till);
};

export const owed: Step = (day, { a, b, flag }) => {
  const { shortfalls, parked } = day.show.state.sales;
  const sku = pick(SKUS, b) ?? 'MUG';
  if (flag > 5) send(day, { kind: 'map-sku', line: pick([...parked.keys()], a) ?? 'l0', sku, remember: flag === 6 });
  const how = pick(['fulfilled', 'refunded', 'substituted', 'backordered'] as const, b) ?? 'fulfilled';
  const shortfall = pick([...shortfalls.keys()], a) ?? 'o0';
  send(day, { kind: 'resolve-shortfall', shortfall, how, ...(how === 'substituted' ? { sku: 'CARD' } : {}) });
};

export const offers: Step = (day, { a, flag }) => {
  const id = a % 2 === 0 ? 'drop' : 'pre';
  const isOpen = day.show.state.offers.byId.get(id)?.open === true;
  send(day, { kind: isOpen && flag === 0 ? 'close-offer' : 'open-offer', offer: id });
};

export const tillGoes: Step = (day, { a }) => {
  const till = pick(day.tills, a);
  if (till) cutOff(day, till);
};

export const tillComes: Step = (day, { a }) => {
  const away = day.tills.filter(({ online }) => !online);
  const till = pick(away, a);
  if (till) comeBack(day, till);
};

export const tillGives: Step = (day, { a, flag }) => {
  const till = pick(day.tills, a);
  if (!till?.online) return;
  if (flag === 0) send(day, { kind: 'return-lease' }, tillActor(till.id));
  else giveBack(day, till);
};

export const tillLost: Step = (day, { a, b, n }) => {
  const till = pick(day.tills, a);
  if (!till || b % 4 !== 0) return;
  send(day, { kind: 'declare-till-lost', till: till.id });
  const from = `till:${till.id}`;
  const moved = send(day, { kind: 'move-stock', sku: pick(SKUS, n) ?? 'MUG', quantity: 1, from, to: 'reserve' });
  if (moved.ok) forgetLease(day, till);
};

/** Sent again: any command of the day, or any order from outside, however old. */
export const again: Step = (day, { a, b, flag }) => {
  const before = day.show.entries.length;
  const command = pick(day.sent, a * 89 + b);
  const order = pick(day.orders, a * 89 + b);
  if (flag < 5 && command) deliver(day, command.command, command.actor);
  else if (order) deliverOrder(day, order);
  if (day.show.entries.length !== before) throw new Error('I7 a repeat was booked');
};

export const time: Step = (day, { a, b }) => wait(day.show, a * b * 40);
export const clockJump: Step = (day, { a, flag }) => {
  const deltaMs = (a - 48) * 60_000;
  day.show.at += deltaMs;
  given(day.show, { kind: 'clock.jumped', body: { deltaMs } });
  if (flag < 4) send(day, { kind: 'adopt-clock', as: pick(['sleep', 'clock', 'ignore'] as const, flag) ?? 'ignore' });
};
export const hubDies: Step = (day, { a, flag }) => restart(day.show, flag === 0 ? a * HOUR : a * 200);

/** The show is closed, counted and explained; then it goes on, or is written first. */
export const close: Step = (day, { a, b, n, flag }) => {
  if (day.show.state.phase === 'live' && b % 3 !== 0) return;
  send(day, { kind: 'close-show' });
  send(day, { kind: 'close-show', overrideReason: 'the tills are away' });
  const sku = pick(SKUS, a) ?? 'MUG';
  const counted = send(day, { kind: 'count-stock', sku, counted: Math.max(0, a - 30) });
  if (counted.ok && typeof counted['variance'] === 'number' && counted['variance'] !== 0)
    send(day, { kind: 'adjust-stock', sku, delta: counted['variance'], reason: 'miscount' });
  if (flag === 0) finish(day);
  if (n > 1) send(day, { kind: 'reopen-show', reason: 'it goes on' });
};

function finish(day: Day): void {
  const ask = { ...askOf(day, 'finish', DESK), undelivered: NOTHING_UNDELIVERED };
  const decision = planFinish(day.show.state, 'it is late', ask);
  if (!decision.ok) return;
  given(day.show, ...decision.facts);
  for (const till of day.tills) forgetLease(day, till);
}

export const money: Step = (day, { a, b, n, flag }) => {
  const till = flag < 4 ? pick(day.tills, a) : undefined;
  const at = till ? { till: till.id } : {};
  const amountMinor = 1 + a * 50;
  if (n === 1) send(day, { kind: 'open-drawer', floatMinor: 10_000, ...at });
  else if (n === 2) send(day, { kind: 'count-drawer', countedMinor: a * 400, reason: 'as it is', ...at });
  else send(day, { kind: b % 2 === 0 ? 'pay-in' : 'pay-out', amountMinor, reason: 'change', ...at });
};

export const pickup: Step = (day, { a, b, n, flag }) => {
  const later = [...day.show.state.sales.byId.values()].filter((sale) => sale.pickup === 'later');
  const saleId = pick(later, a)?.saleId ?? 's0';
  if (n === 1) send(day, { kind: 'ready-pickup', saleId });
  else if (n === 2 && flag === 0) send(day, { kind: 'miss-pickup', saleId });
  else if (n === 3 && flag === 0) send(day, { kind: 'release-promise', saleId, reason: 'not paid' });
  else send(day, { kind: 'hand-over-pickup', saleId, ...(b % 3 === 0 ? { lines: [1] } : {}) });
};
