import { DESK } from '../../src/domain/actor.ts';
import { till as tillActor } from '../../src/domain/testing.ts';
import { deliverOrder, sellCutOff, send } from './day.ts';
import { LEASED, SKUS, pick, type Step } from './day-dice.ts';

/** Steps of a day in which something is sold, held or given back, here or outside. */

export const sell: Step = (day, { a, b, n, flag }) => {
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

export const sellAway: Step = (day, { a, b, n, flag }) => {
  const till = pick(
    day.tills.filter(({ online }) => !online),
    a,
  );
  if (till) sellCutOff(day, till, { sku: pick(LEASED, b) ?? 'MUG', quantity: n > 2 ? 1 : n }, flag === 7);
};

export const hold: Step = (day, { a, b, n, flag }) => {
  const till = flag < 3 ? pick(day.tills, b) : undefined;
  if (till?.online === false) return;
  const lines = [{ sku: flag === 2 ? 'SET' : (pick(SKUS, a) ?? 'MUG'), quantity: n }];
  const offered = flag === 2 ? { offer: 'pre' } : {};
  send(day, { kind: 'place-hold', lines, ttlMs: 60_000 * n, ...offered }, till ? tillActor(till.id) : DESK);
};

export const endHold: Step = (day, { a, flag }) => {
  const holdId = pick([...day.show.state.stock.holds.keys()], a) ?? 'h0';
  send(day, flag % 2 === 0 ? { kind: 'release-hold', holdId } : { kind: 'extend-hold', holdId });
};

export const undo: Step = (day, { a }) => {
  send(day, { kind: 'void-sale', saleId: pick([...day.show.state.sales.byId.keys()].slice(-6), a) ?? 's0' });
};

export const refund: Step = (day, { a, b, n, flag }) => {
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

export const exchange: Step = (day, { a, b, n }) => {
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

export const outside: Step = (day, { a, b, n, flag }) => {
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

export const outsideRefund: Step = (day, { a, b, n, flag }) => {
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
