import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DESK } from '../actor.ts';
import type { OrderSnapshot, SnapshotLine } from '../order-snapshot.ts';
import { outOf } from '../sale-record.ts';
import { openShortfalls } from '../sales.ts';
import { type TestShow, given, liveShow, now, plan, product, refold } from '../testing.ts';
import { breaches } from '../testing-invariants.ts';
import type { TenderKind } from '../words.ts';
import { DEFAULT_RULES } from './rules.ts';
import { bookSnapshot } from './snapshot.ts';

/** Histories of outside orders, told in any order and again and again (I8). fast-check prints the seed of a failure. */
const RUNS = 400;

const lineShape = fc.record({
  sku: fc.constantFrom('MUG', 'APRON', 'SET', 'NOBODY', null),
  sold: fc.integer({ min: 1, max: 4 }),
  price: fc.integer({ min: 0, max: 2999 }),
  discount: fc.integer({ min: 0, max: 900 }),
  tax: fc.integer({ min: 0, max: 300 }),
});
const change = fc.record({
  kind: fc.constantFrom(
    'pay',
    'more',
    'fewer',
    'line',
    'drop-line',
    'refund',
    'refund',
    'money',
    'price',
    'tip',
    'cancel',
    'same',
  ),
  at: fc.nat(9),
  units: fc.integer({ min: 1, max: 3 }),
  restocks: fc.boolean(),
  line: lineShape,
});
const orderShape = fc.record({
  source: fc.constantFrom('shopify', 'square', 'woocommerce', 'generic:my-shop'),
  isPaid: fc.boolean(),
  tellsMoney: fc.boolean(),
  lines: fc.array(lineShape, { minLength: 0, maxLength: 3 }),
  tip: fc.nat(200),
  shipping: fc.nat(500),
  changes: fc.array(change, { maxLength: 6 }),
});
type Order = typeof orderShape extends fc.Arbitrary<infer T> ? T : never;
type Change = Order['changes'][number];
type Line = Order['lines'][number];

/** Every state that an order went through, oldest first. */
function history(order: Order, index: number, isTidy: boolean): OrderSnapshot[] {
  let next = 1;
  const lineOf = ({ sku, sold, price, discount, tax }: Line): SnapshotLine => ({
    lineId: `l${next++}`,
    sku,
    name: sku ?? 'Something',
    sold,
    refunded: 0,
    restocked: 0,
    grossMinor: price * sold,
    discountMinor: Math.min(discount, price * sold),
    taxMinor: tax,
  });
  let state: OrderSnapshot = {
    source: order.source,
    account: 'shop-1',
    orderId: `o${index}`,
    name: `#${index}`,
    version: order.source === 'square' ? 1 : null,
    createdAt: '2026-11-28T18:30:00.000Z',
    updatedAt: '2026-11-28T18:30:00.000Z',
    currency: 'EUR',
    test: false,
    cancelled: false,
    paid: order.isPaid,
    lines: order.lines.map(lineOf),
    tenders: [],
    tipMinor: order.tip,
    shippingMinor: order.shipping,
    refundedMinor: order.tellsMoney ? 0 : null,
    hints: { channel: null, isPos: index % 2 === 0, codes: [], link: null, utm: [] },
    person: null,
  };
  const states: OrderSnapshot[] = [paying(state)];
  for (const [n, step] of order.changes.entries()) {
    // A cancelled order is over.
    if (state.cancelled) break;
    const lines = state.lines.map((line) => ({ ...line }));
    state = changed({ ...state, lines }, step, lineOf, isTidy);
    state.updatedAt = new Date(Date.parse('2026-11-28T18:30:00Z') + (n + 1) * 1000).toISOString();
    if (state.version !== null) state.version += 1;
    states.push(paying(state));
  }
  return states;
}

function changed(
  state: OrderSnapshot,
  step: Change,
  lineOf: (line: Line) => SnapshotLine,
  isTidy: boolean,
): OrderSnapshot {
  const line = state.lines[step.at % Math.max(1, state.lines.length)];
  const each = line && line.sold > 0 ? Math.floor(line.grossMinor / line.sold) : 0;
  switch (step.kind) {
    case 'pay':
      return { ...state, paid: true };
    case 'more':
      if (line) Object.assign(line, { sold: line.sold + step.units, grossMinor: line.grossMinor + each * step.units });
      return state;
    case 'fewer': {
      const units = line ? Math.min(step.units, line.sold - line.refunded) : 0;
      if (line) {
        line.sold -= units;
        line.grossMinor = Math.max(0, line.grossMinor - each * units);
        line.discountMinor = Math.min(line.discountMinor, line.grossMinor);
      }
      return state;
    }
    case 'line':
      state.lines.push(lineOf(step.line));
      return state;
    case 'drop-line':
      if (line && line.refunded === 0) state.lines = state.lines.filter((other) => other !== line);
      return state;
    case 'refund': {
      const units = line ? Math.min(step.units, line.sold - line.refunded) : 0;
      if (line && units > 0) {
        if (state.refundedMinor !== null) state.refundedMinor += each * units;
        line.refunded += units;
        if (step.restocks || isTidy) line.restocked += units;
      }
      return state;
    }
    case 'money':
      if (state.refundedMinor !== null) state.refundedMinor += step.at * 100;
      return state;
    case 'price':
      if (line) line.grossMinor += step.at * 10;
      return state;
    case 'tip':
      return { ...state, tipMinor: step.at * 10 };
    case 'cancel':
      return { ...state, cancelled: true };
    case 'same':
      return { ...state, name: `${state.name}!` };
  }
}

/** Paid in two parts of one kind: what goes back to which kind follows from what it was paid with at that time. */
function paying(state: OrderSnapshot): OrderSnapshot {
  const goods = state.lines.reduce((sum, line) => sum + line.grossMinor - line.discountMinor + line.taxMinor, 0);
  const total = goods + state.tipMinor + state.shippingMinor;
  const part = Math.floor(total / 3);
  const tender = (kind: TenderKind, amountMinor: number, n: number) => ({
    kind,
    amountMinor,
    ref: `${state.orderId}-${n}`,
  });
  const kind = state.hints.isPos ? 'cash' : 'card';
  return { ...state, tenders: [tender(kind, total - part, 1), tender(kind, part, 2)] };
}

function shop(taxMode: 'inclusive' | 'exclusive', reserve: number): TestShow {
  return liveShow(
    plan({
      show: { taxMode },
      products: [product('MUG', { priceMinor: 1799, reserve }), product('APRON', { priceMinor: 2501, reserve })],
    }),
  );
}

function deliver(show: TestShow, snapshot: OrderSnapshot): number {
  const ask = {
    id: snapshot.orderId,
    actor: { ...DESK, by: snapshot.source },
    now: now(show),
    seq: show.entries.length + 1,
    refOf: (contact: string) => `ref:${contact}`,
    rules: DEFAULT_RULES,
  };
  const facts = bookSnapshot(show.state, snapshot, ask, null);
  given(show, ...facts);
  return facts.length;
}

/** All that must not depend on the way the news came. */
function money({ state: { sales } }: TestShow): unknown {
  const { takings } = sales;
  const { count, units, refundedUnits, grossMinor, discountMinor, refundedMinor, netMinor, taxMinor } = takings;
  return {
    count,
    units,
    refundedUnits,
    grossMinor,
    discountMinor,
    refundedMinor,
    netMinor,
    taxMinor,
    tipMinor: takings.tipMinor,
    collectedMinor: takings.collectedMinor,
    tenders: Object.entries(takings.byTender).map(([kind, { amountMinor }]) => [kind, amountMinor]),
    parked: [...sales.parked.values()].reduce((sum, line) => sum + line.quantity, 0),
  };
}

function shelves({ state }: TestShow): unknown {
  return ['MUG', 'APRON'].map((sku) => state.stock.cells.get(sku)?.get('reserve')?.physical);
}

function owedOrOut({ state: { sales } }: TestShow): unknown {
  const sums: Record<string, number> = { MUG: 0, APRON: 0 };
  for (const sale of sales.byId.values())
    sale.lines.forEach((_, i) => {
      for (const { sku, quantity } of outOf(sale, i)) sums[sku] = (sums[sku] ?? 0) + quantity;
    });
  for (const { sku, quantity } of openShortfalls(sales)) sums[sku] = (sums[sku] ?? 0) + quantity;
  return sums;
}

const setting = fc.record({
  orders: fc.array(orderShape, { minLength: 1, maxLength: 5 }),
  order: fc.array(fc.nat(9999), { minLength: 80, maxLength: 80 }),
  mode: fc.constantFrom('inclusive' as const, 'exclusive' as const),
});

function inAnyOrder(states: OrderSnapshot[], order: readonly number[]): OrderSnapshot[] {
  const twice = [...states, ...states];
  return twice
    .map((state, i) => ({ state, by: order[i % order.length] ?? 0 }))
    .sort((a, b) => a.by - b.by)
    .map(({ state }) => state);
}

describe('outside orders told in any order (I8)', () => {
  it('while stock suffices, the newest states alone decide stock, money and what is owed', () => {
    fc.assert(
      fc.property(setting, ({ orders, order, mode }) => {
        const told = orders.map((each, i) => history(each, i, false));
        const [mixed, straight] = [shop(mode, 1000), shop(mode, 1000)];
        for (const state of inAnyOrder(told.flat(), order)) {
          deliver(mixed, state);
          expect(breaches(mixed.state, mixed.entries)).toEqual([]);
        }
        for (const states of told) deliver(straight, states.at(-1) as OrderSnapshot);
        expect(breaches(straight.state, straight.entries)).toEqual([]);
        expect(money(mixed)).toEqual(money(straight));
        expect(shelves(mixed)).toEqual(shelves(straight));
        expect(openShortfalls(mixed.state.sales)).toEqual([]);
        expect(refold(mixed.entries)).toEqual(mixed.state);
        const before = mixed.entries.length;
        for (const state of told.flat()) deliver(mixed, state);
        expect(mixed.entries).toHaveLength(before);
      }),
      { numRuns: RUNS },
    );
  });

  it('when stock does not suffice, what is out and what is owed are together the same', () => {
    fc.assert(
      fc.property(setting, ({ orders, order, mode }) => {
        const told = orders.map((each, i) => history(each, i, true));
        const [mixed, straight] = [shop(mode, 3), shop(mode, 3)];
        for (const state of inAnyOrder(told.flat(), order)) {
          deliver(mixed, state);
          expect(breaches(mixed.state, mixed.entries)).toEqual([]);
        }
        for (const states of told) deliver(straight, states.at(-1) as OrderSnapshot);
        expect(owedOrOut(mixed)).toEqual(owedOrOut(straight));
        expect(money(mixed)).toEqual(money(straight));
      }),
      { numRuns: RUNS },
    );
  });
});
