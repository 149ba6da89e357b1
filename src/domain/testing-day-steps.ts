import { DESK } from './actor.ts';
import { planFinish } from './decide/close.ts';
import { NOTHING_UNDELIVERED } from './close-blockers.ts';
import { given, offer, plan, product, restart, till as tillActor, wait } from './testing.ts';
import {
  askOf,
  comeBack,
  cutOff,
  type Day,
  deliver,
  deliverOrder,
  forgetLease,
  giveBack,
  sellCutOff,
  send,
  tick,
} from './testing-day.ts';
import { HOUR } from './units.ts';

/** What may happen in a day of testing-day.ts. One number is one step; 0 is none, so that a failing day shrinks. */

/** Enough of everything that leases are given, little enough that all of it runs out. */
export const DAY_PLAN = plan({
  show: { taxMode: 'exclusive' },
  products: [
    product('MUG', { priceMinor: 1799, reserve: 60, taxRate: '0.23' }),
    product('APRON', { priceMinor: 2501, reserve: 36, taxRate: '0.0825', tillLease: 2, flags: ['limited'] }),
    product('CARD', { priceMinor: 0, reserve: 30 }),
    product('WINE', { priceMinor: 990, reserve: 6, taxRate: '0.13', flags: ['age-check', 'event-only'] }),
  ],
  bundles: [
    {
      sku: 'SET',
      name: 'Set',
      priceMinor: 3999,
      taxRate: '0.23',
      parts: [
        { sku: 'MUG', quantity: 2 },
        { sku: 'APRON', quantity: 1 },
      ],
    },
  ],
  offers: [
    offer('drop', 'MUG', { priceMinor: 1501, cap: 9, perBuyer: 3, closesAt: '2026-11-28T18:20:00Z' }),
    offer('pre', 'SET', { kind: 'preorder', cap: 9 }),
  ],
  tills: Array.from({ length: 8 }, (_, n) => ({ id: `till-${n + 1}`, name: `Table ${n + 1}` })),
});

const SKUS = ['MUG', 'APRON', 'CARD', 'WINE', 'SET'] as const;
const LEASED = ['MUG', 'APRON', 'CARD', 'SET'] as const;
const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];

interface Dice {
  a: number;
  b: number;
  /** 1 … 4 */
  n: number;
  /** 0 … 7 */
  flag: number;
}

type Step = (day: Day, dice: Dice) => void;

/** Decodes a number from 0 to 2³¹ − 1 and lets it happen; then the timer looks, but now and then it is late. */
export function step(day: Day, code: number): string {
  if (code === 0) return 'nothing';
  const [name, happen] = STEPS[code % STEPS.length] ?? ['nothing', () => undefined];
  let rest = Math.floor(code / STEPS.length);
  const next = (sides: number): number => {
    const rolled = rest % sides;
    rest = Math.floor(rest / sides);
    return rolled;
  };
  const dice = { flag: next(8), n: 1 + next(4), a: next(97), b: next(89) };
  happen(day, dice);
  if (dice.flag !== 5) tick(day);
  return name;
}

const sell: Step = (day, { a, b, n, flag }) => {
  const { stock } = day.show.state;
  const till = flag < 3 ? pick(day.tills, a) : undefined;
  if (till?.online === false) return;
  const hold = flag >= 6 ? pick([...stock.holds.keys(), ...stock.endedHolds.keys()], a) : undefined;
  const held = hold === undefined ? undefined : stock.holds.get(hold);
  const inOffer = flag === 1 ? { offer: 'drop' } : flag === 3 ? { offer: 'pre' } : {};
  const sku = flag === 1 ? 'MUG' : flag === 3 ? 'SET' : (pick(SKUS, b) ?? 'MUG');
  const lines = held?.lines ?? [
    { sku, quantity: n, ...(sku === 'CARD' ? {} : { discountMinor: (a * 7) % 180 }), ageChecked: b % 7 !== 0 },
    ...(b % 3 === 0 ? [{ sku: pick(SKUS, a) ?? 'MUG', quantity: 1, ageChecked: true }] : []),
  ];
  const command = {
    kind: 'record-sale',
    channel: a % 2 === 0 ? 'in-person' : 'stream',
    tender: b % 4 === 0 ? 'card' : 'cash',
    lines: lines.map((line) => ({ ageChecked: true, ...line })),
    priceReason: 'as agreed',
    tipMinor: b % 5 === 0 ? 100 : 0,
    signup: `buyer-${a % 5}`,
    creatorCode: b % 2 === 0 ? ' ana10' : 'nobody',
    ...(hold === undefined ? inOffer : { hold }),
    ...(flag === 4 ? { pickup: 'later' as const } : {}),
    ...(flag === 5 && b % 3 === 0 ? { paid: true, pickup: 'later' as const } : {}),
  } as const;
  send(day, command, till ? tillActor(till.id) : DESK);
};

const sellAway: Step = (day, { a, b, n, flag }) => {
  const till = pick(
    day.tills.filter(({ online }) => !online),
    a,
  );
  if (till) sellCutOff(day, till, { sku: pick(LEASED, b) ?? 'MUG', quantity: n > 2 ? 1 : n }, flag === 7);
};

const hold: Step = (day, { a, b, n, flag }) => {
  const till = flag < 3 ? pick(day.tills, b) : undefined;
  if (till?.online === false) return;
  const lines = [{ sku: flag === 2 ? 'SET' : (pick(SKUS, a) ?? 'MUG'), quantity: n }];
  const offered = flag === 2 ? { offer: 'pre' } : {};
  send(day, { kind: 'place-hold', lines, ttlMs: 60_000 * n, ...offered }, till ? tillActor(till.id) : DESK);
};

const endHold: Step = (day, { a, flag }) => {
  const holdId = pick([...day.show.state.stock.holds.keys()], a) ?? 'h0';
  send(day, flag % 2 === 0 ? { kind: 'release-hold', holdId } : { kind: 'extend-hold', holdId });
};

const undo: Step = (day, { a }) => {
  send(day, { kind: 'void-sale', saleId: pick([...day.show.state.sales.byId.keys()].slice(-6), a) ?? 's0' });
};

const refund: Step = (day, { a, b, n, flag }) => {
  const sale = pick([...day.show.state.sales.byId.values()], a);
  const line = sale && pick(sale.lines, b);
  const part = line && pick(line.parts, n);
  const wanted = flag % 3 === 0 ? part?.sku : line?.sku;
  send(day, {
    kind: 'refund-sale',
    saleId: flag === 7 ? null : (sale?.saleId ?? 's0'),
    lines: [{ sku: wanted ?? 'MUG', quantity: Math.min(n, 2) }],
    reason: 'changed-mind',
    restock: pick(['reserve', 'quarantine', 'no'] as const, b) ?? 'no',
    ...(b % 4 === 0 ? { amountMinor: a } : {}),
  });
};

const exchange: Step = (day, { a, b, n }) => {
  const sale = pick([...day.show.state.sales.byId.values()], a);
  send(day, {
    kind: 'exchange-items',
    saleId: sale?.saleId ?? 's0',
    lines: [{ sku: pick(sale?.lines ?? [], b)?.sku ?? 'MUG', quantity: 1 }],
    reason: 'size-or-colour',
    restock: pick(['reserve', 'quarantine', 'no'] as const, b) ?? 'no',
    take: [{ sku: pick(SKUS, n) ?? 'MUG', quantity: 1 }],
    tender: b % 2 === 0 ? 'cash' : 'card',
  });
};

const outside: Step = (day, { a, b, n, flag }) => {
  const line = { name: null, unitPriceMinor: 1000 + b, discountMinor: b };
  deliverOrder(day, {
    type: 'sale',
    source: 'shop',
    sourceId: String(a),
    at: new Date(day.show.at - b * 1000).toISOString(),
    channel: flag % 2 === 0 ? 'social' : null,
    lines: [
      { ...line, sku: flag === 3 ? 'mug' : (pick(SKUS, b) ?? 'MUG'), quantity: n * 2 },
      { ...line, sku: pick(SKUS, a) ?? 'MUG', quantity: 1, unitPriceMinor: null, discountMinor: 0 },
    ],
    creatorCode: null,
    tender: 'card',
    tipMinor: 0,
    personRef: null,
  });
};

const outsideRefund: Step = (day, { a, b, n, flag }) => {
  deliverOrder(day, {
    type: 'refund',
    source: 'shop',
    sourceId: `r${b}`,
    saleSourceId: flag === 0 ? null : String(a),
    at: new Date(day.show.at).toISOString(),
    channel: null,
    lines: flag === 1 ? [] : [{ sku: pick(SKUS, n) ?? 'MUG', quantity: n }],
    amountMinor: flag > 4 ? b * 5 : null,
    tender: 'card',
  });
};

const POOLS = ['reserve', 'allot:drop', 'quarantine', 'till:till-1', 'till:till-2'];
const stockOf: Step = (day, { a, b, n, flag }) => {
  const sku = pick(SKUS, a) ?? 'MUG';
  const pool = pick(POOLS, b) ?? 'reserve';
  if (flag < 2) send(day, { kind: 'receive-stock', sku, quantity: n * 2, pool, location: `place-${b % 2}` });
  else if (flag < 4) send(day, { kind: 'give-back-stock', sku, quantity: n, pool, location: `place-${b % 2}` });
  else if (flag < 6) send(day, { kind: 'write-off-stock', sku, quantity: n, pool, reason: 'other', note: 'fell' });
  else send(day, { kind: 'move-stock', sku, quantity: n, from: pool, to: pick(POOLS, n) ?? '' });
  // Only of a lost till's lease may others take: then nothing it believes holds any more.
  for (const till of day.tills) if (day.show.state.stock.frozenTills.has(till.id)) forgetLease(day, till);
};

const owed: Step = (day, { a, b, flag }) => {
  const { shortfalls, parked } = day.show.state.sales;
  const sku = pick(SKUS, b) ?? 'MUG';
  if (flag > 5) send(day, { kind: 'map-sku', line: pick([...parked.keys()], a) ?? 'l0', sku, remember: flag === 6 });
  const how = pick(['fulfilled', 'refunded', 'substituted', 'backordered'] as const, b) ?? 'fulfilled';
  const shortfall = pick([...shortfalls.keys()], a) ?? 'o0';
  send(day, { kind: 'resolve-shortfall', shortfall, how, ...(how === 'substituted' ? { sku: 'CARD' } : {}) });
};

const offers: Step = (day, { a, flag }) => {
  const id = a % 2 === 0 ? 'drop' : 'pre';
  const isOpen = day.show.state.offers.byId.get(id)?.open === true;
  send(day, { kind: isOpen && flag === 0 ? 'close-offer' : 'open-offer', offer: id });
};

const tillGoes: Step = (day, { a }) => {
  const till = pick(day.tills, a);
  if (till) cutOff(day, till);
};

const tillComes: Step = (day, { a }) => {
  const away = day.tills.filter(({ online }) => !online);
  const till = pick(away, a);
  if (till) comeBack(day, till);
};

const tillGives: Step = (day, { a, flag }) => {
  const till = pick(day.tills, a);
  if (!till?.online) return;
  if (flag === 0) send(day, { kind: 'return-lease' }, tillActor(till.id));
  else giveBack(day, till);
};

const tillLost: Step = (day, { a, b, n }) => {
  const till = pick(day.tills, a);
  if (!till || b % 4 !== 0) return;
  send(day, { kind: 'declare-till-lost', till: till.id });
  const from = `till:${till.id}`;
  const moved = send(day, { kind: 'move-stock', sku: pick(SKUS, n) ?? 'MUG', quantity: 1, from, to: 'reserve' });
  if (moved.ok) forgetLease(day, till);
};

/** Sent again: any command of the day, or any order from outside, however old. */
const again: Step = (day, { a, b, flag }) => {
  const before = day.show.entries.length;
  const command = pick(day.sent, a * 89 + b);
  const order = pick(day.orders, a * 89 + b);
  if (flag < 5 && command) deliver(day, command.command, command.actor);
  else if (order) deliverOrder(day, order);
  if (day.show.entries.length !== before) throw new Error('I7 a repeat was booked');
};

const time: Step = (day, { a, b }) => wait(day.show, a * b * 40);
const clockJump: Step = (day, { a, flag }) => {
  const deltaMs = (a - 48) * 60_000;
  day.show.at += deltaMs;
  given(day.show, { kind: 'clock.jumped', body: { deltaMs } });
  if (flag < 4) send(day, { kind: 'adopt-clock', as: pick(['sleep', 'clock', 'ignore'] as const, flag) ?? 'ignore' });
};
const hubDies: Step = (day, { a, flag }) => restart(day.show, flag === 0 ? a * HOUR : a * 200);

/** The show is closed, counted and explained; then it goes on, or is written first. */
const close: Step = (day, { a, b, n, flag }) => {
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

const money: Step = (day, { a, b, n, flag }) => {
  const till = flag < 4 ? pick(day.tills, a) : undefined;
  const at = till ? { till: till.id } : {};
  const amountMinor = 1 + a * 50;
  if (n === 1) send(day, { kind: 'open-drawer', floatMinor: 10_000, ...at });
  else if (n === 2) send(day, { kind: 'count-drawer', countedMinor: a * 400, reason: 'as it is', ...at });
  else send(day, { kind: b % 2 === 0 ? 'pay-in' : 'pay-out', amountMinor, reason: 'change', ...at });
};

const pickup: Step = (day, { a, b, n, flag }) => {
  const later = [...day.show.state.sales.byId.values()].filter((sale) => sale.pickup === 'later');
  const saleId = pick(later, a)?.saleId ?? 's0';
  if (n === 1) send(day, { kind: 'ready-pickup', saleId });
  else if (n === 2 && flag === 0) send(day, { kind: 'miss-pickup', saleId });
  else if (n === 3 && flag === 0) send(day, { kind: 'release-promise', saleId, reason: 'not paid' });
  else send(day, { kind: 'hand-over-pickup', saleId, ...(b % 3 === 0 ? { lines: [1] } : {}) });
};

const STEPS: readonly (readonly [string, Step])[] = [
  ['sell', sell],
  ['sell', sell],
  ['sell', sell],
  ['sell', sell],
  ['sell', sell],
  ['sell cut off', sellAway],
  ['sell cut off', sellAway],
  ['sell cut off', sellAway],
  ['hold', hold],
  ['hold', hold],
  ['hold', hold],
  ['end hold', endHold],
  ['undo', undo],
  ['refund', refund],
  ['refund', refund],
  ['exchange', exchange],
  ['outside', outside],
  ['outside', outside],
  ['outside refund', outsideRefund],
  ['stock', stockOf],
  ['stock', stockOf],
  ['owed', owed],
  ['owed', owed],
  ['offers', offers],
  ['till goes', tillGoes],
  ['till goes', tillGoes],
  ['till comes', tillComes],
  ['till comes', tillComes],
  ['till gives', tillGives],
  ['till lost', tillLost],
  ['again', again],
  ['again', again],
  ['time', time],
  ['time', time],
  ['clock jump', clockJump],
  ['hub dies', hubDies],
  ['close', close],
  ['money', money],
  ['money', money],
  ['pickup', pickup],
  ['pickup', pickup],
];
