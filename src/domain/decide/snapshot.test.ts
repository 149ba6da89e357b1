import { describe, expect, it } from 'vitest';
import { DESK } from '../actor.ts';
import type { OriginFact } from '../ledger.ts';
import type { OrderSnapshot, SnapshotLine } from '../order-snapshot.ts';
import { openShortfalls } from '../sales.ts';
import { available, cell } from '../stock.ts';
import { type TestShow, given, liveShow, now, plan, product, refold, run, wait } from '../testing.ts';
import { breaches } from '../testing-invariants.ts';
import { DEFAULT_RULES } from './rules.ts';
import { bookSnapshot } from './snapshot.ts';

function line(sku: string | null, sold: number, more: Partial<SnapshotLine> = {}): SnapshotLine {
  return {
    lineId: `line-${sku ?? 'none'}`,
    sku,
    name: sku ?? 'Something blue',
    sold,
    refunded: 0,
    restocked: 0,
    grossMinor: 1800 * sold,
    discountMinor: 0,
    taxMinor: 0,
    ...more,
  };
}

/** Paid by card to the unit, unless the test says otherwise. */
function order(more: Partial<OrderSnapshot> = {}): OrderSnapshot {
  const lines = more.lines ?? [line('MUG', 2)];
  const { tipMinor = 0, shippingMinor = 0 } = more;
  const goods = lines.reduce((sum, each) => sum + each.grossMinor - each.discountMinor, 0);
  return {
    source: 'shopify',
    account: 'harbour.myshopify.com',
    orderId: '1001',
    name: '#1001',
    version: null,
    createdAt: '2026-11-28T18:05:00.000Z',
    updatedAt: '2026-11-28T18:05:00.000Z',
    currency: 'EUR',
    test: false,
    cancelled: false,
    paid: true,
    tenders: [{ kind: 'card', amountMinor: goods + tipMinor + shippingMinor, ref: 'pay-1' }],
    tipMinor,
    shippingMinor,
    refundedMinor: null,
    hints: { channel: null, isPos: false, codes: [], link: null, utm: [] },
    person: null,
    ...more,
    lines,
  };
}

/** The same order, changed so many minutes later. */
function later(minutes: number, more: Partial<OrderSnapshot>): OrderSnapshot {
  return order({ updatedAt: new Date(Date.parse('2026-11-28T18:05:00Z') + minutes * 60_000).toISOString(), ...more });
}

function tell(
  show: TestShow,
  snapshot: OrderSnapshot,
  since: number | null = null,
  rules = DEFAULT_RULES,
): OriginFact[] {
  const ask = {
    id: snapshot.orderId,
    actor: { ...DESK, by: snapshot.source },
    now: now(show),
    seq: show.entries.length + 1,
    refOf: (contact: string) => `ref:${contact}`,
    rules,
  };
  const facts = bookSnapshot(show.state, snapshot, ask, since);
  given(show, ...facts);
  expect(breaches(show.state, show.entries)).toEqual([]);
  return facts;
}

const kinds = (facts: readonly OriginFact[]): string[] => facts.map(({ kind }) => kind);
const takings = (show: TestShow) => show.state.sales.takings;

describe('an outside order', () => {
  it('is a sale when it is paid, with the channel its signs say and the buyer as a hash', () => {
    const show = liveShow(plan({ channels: { 'harbour-live': 'stream' } }));
    const person = { email: 'a@example.org', phone: null, name: 'A', consent: true };
    const hints = { channel: null, isPos: false, codes: ['ANA10'], link: null, utm: ['Harbour-Live'] };
    const facts = tell(show, order({ person, hints }));
    expect(kinds(facts)).toEqual(['sale.recorded']);
    expect(facts[0]).toMatchObject({ origin: 'shopify:harbour.myshopify.com', originId: '1001:0:sale.recorded:1' });
    expect([...show.state.sales.byId.values()][0]).toMatchObject({
      channel: 'stream',
      attribution: { rule: 'utm', evidence: 'harbour-live', creator: 'ana', creatorRule: 'code' },
      source: 'shopify',
      sourceId: '1001',
      personRef: 'ref:a@example.org',
      totalMinor: 3600,
    });
    expect(JSON.stringify(facts)).not.toContain('"a@example.org"');
    expect(available(show.state.stock, 'MUG')).toBe(8);
  });

  it('books nothing while it is unpaid, in test mode, cancelled before payment, or of a former show', () => {
    const show = liveShow();
    tell(show, order({ test: true }));
    tell(show, order({ orderId: '2', paid: false }));
    tell(show, order({ orderId: '3', paid: false, cancelled: true }));
    tell(show, order({ orderId: '4' }), Date.parse('2026-11-28T18:06:00Z'));
    expect(takings(show)).toMatchObject({ count: 0, grossMinor: 0 });
    expect(available(show.state.stock, 'MUG')).toBe(10);
    tell(show, order({ orderId: '2', updatedAt: '2026-11-28T18:07:00.000Z' }));
    expect(takings(show).count).toBe(1);
  });

  it('that was heard of as cancelled is not sold by an older state that comes late', () => {
    const show = liveShow();
    tell(show, later(2, { paid: false, cancelled: true }));
    expect(tell(show, later(1, {}))).toEqual([]);
    expect(takings(show).count).toBe(0);
  });

  it('takes what it grew by and gives back what it shrank by, as if it had been so from the start', () => {
    const show = liveShow();
    tell(show, order());
    expect(kinds(tell(show, later(1, { lines: [line('MUG', 3), line('APRON', 1)] })))).toEqual(['sale.amended']);
    expect([available(show.state.stock, 'MUG'), available(show.state.stock, 'APRON')]).toEqual([7, 9]);
    expect(kinds(tell(show, later(2, { lines: [line('MUG', 1)] })))).toEqual(['sale.amended']);
    expect([available(show.state.stock, 'MUG'), available(show.state.stock, 'APRON')]).toEqual([9, 10]);
    expect(takings(show)).toMatchObject({
      count: 1,
      units: 1,
      grossMinor: 1800,
      refundedMinor: 0,
      netMinor: 1800,
      voids: 0,
    });
  });

  it('gives back units that its source put on sale again; others stay with the buyer', () => {
    const show = liveShow();
    tell(show, order({ lines: [line('MUG', 4)] }));
    const facts = tell(show, later(1, { lines: [line('MUG', 4, { refunded: 3, restocked: 1 })] }));
    expect(kinds(facts)).toEqual(['sale.refunded', 'sale.refunded']);
    expect(takings(show)).toMatchObject({ refundedUnits: 3, refundedMinor: 5400, netMinor: 1800 });
    expect(available(show.state.stock, 'MUG')).toBe(7);
  });

  it('cancelled after payment gives back the rest, shipping and tip included, which were never net', () => {
    const show = liveShow();
    tell(show, order({ tipMinor: 200, shippingMinor: 490 }));
    expect(takings(show)).toMatchObject({ netMinor: 3600, collectedMinor: 4290 });
    tell(show, later(1, { tipMinor: 200, shippingMinor: 490, cancelled: true }));
    expect(takings(show)).toMatchObject({ netMinor: 0, refundedMinor: 3600, collectedMinor: 0, refundedUnits: 2 });
    expect(available(show.state.stock, 'MUG')).toBe(10);
  });

  it('refunds money beyond its units as money alone', () => {
    const show = liveShow();
    tell(show, order());
    tell(show, later(1, { refundedMinor: 500 }));
    expect(takings(show)).toMatchObject({ netMinor: 3100, refundedMinor: 500, refundedUnits: 0 });
    tell(show, later(2, { refundedMinor: 1800, lines: [line('MUG', 2, { refunded: 1, restocked: 1 })] }));
    expect(takings(show)).toMatchObject({ netMinor: 1800, refundedMinor: 1800, refundedUnits: 1 });
    tell(show, later(3, { refundedMinor: 1000, lines: [line('MUG', 2, { refunded: 1, restocked: 1 })] }));
    expect(takings(show)).toMatchObject({ netMinor: 2600, refundedMinor: 1000 });
  });

  it('is not refunded twice when the desk gave the money back first', () => {
    const show = liveShow();
    tell(show, order());
    const [sale] = show.state.sales.byId.keys();
    const lines = [{ sku: 'MUG', quantity: 1 }];
    run(show, { kind: 'refund-sale', saleId: sale ?? '', lines, reason: 'late', restock: 'reserve' });
    tell(show, later(1, { refundedMinor: 1800, lines: [line('MUG', 2, { refunded: 1, restocked: 1 })] }));
    expect(takings(show)).toMatchObject({ refundedMinor: 1800, refundedUnits: 1, netMinor: 1800 });
    expect(available(show.state.stock, 'MUG')).toBe(9);
  });

  it('owes what is not there; a decrease is owed less before goods come back (example B, step 7)', () => {
    const show = liveShow(plan({ products: [product('MUG', { reserve: 3 })], bundles: [] }));
    const facts = tell(show, order({ lines: [line('MUG', 5)] }));
    expect(kinds(facts)).toEqual(['sale.recorded', 'shortfall.found']);
    expect(openShortfalls(show.state.sales)).toMatchObject([{ sku: 'MUG', quantity: 2 }]);
    expect(tell(show, order({ lines: [line('MUG', 5)] }))).toEqual([]);
    expect(kinds(tell(show, later(1, { lines: [line('MUG', 4)] })))).toEqual(['shortfall.resolved', 'sale.amended']);
    expect(openShortfalls(show.state.sales)).toMatchObject([{ quantity: 1 }]);
    expect(available(show.state.stock, 'MUG')).toBe(0);
    tell(show, later(2, { lines: [line('MUG', 4, { refunded: 2, restocked: 2 })] }));
    expect(openShortfalls(show.state.sales)).toEqual([]);
    expect(available(show.state.stock, 'MUG')).toBe(1);
  });

  it('counts the money of an unknown sku and parks the line; mapped with "remember" the next one is known', () => {
    const show = liveShow();
    tell(show, order({ lines: [line('mug-1', 2)] }));
    const [parked] = show.state.sales.parked.values();
    expect(parked).toMatchObject({ foreignSku: 'mug-1', quantity: 2 });
    expect(takings(show)).toMatchObject({ netMinor: 3600, unnamed: { netMinor: 3600 } });
    run(show, { kind: 'map-sku', line: parked?.id ?? '', sku: 'MUG', remember: true });
    expect(available(show.state.stock, 'MUG')).toBe(8);
    tell(show, later(1, { lines: [line('mug-1', 3)] }));
    tell(show, order({ orderId: '1002', lines: [line('mug-1', 1)], tenders: [] }));
    expect(available(show.state.stock, 'MUG')).toBe(6);
    expect(show.state.sales.parked.size).toBe(0);
  });

  it('without lines counts its money, without a unit and without a parked line, until the lines come', () => {
    const show = liveShow();
    const tenders = [{ kind: 'card' as const, amountMinor: 3600, ref: null }];
    tell(show, order({ lines: [], tenders }));
    expect(takings(show)).toMatchObject({ count: 1, units: 0, netMinor: 3600, unnamed: { netMinor: 3600 } });
    expect(show.state.sales.parked.size).toBe(0);
    tell(show, later(1, { tenders }));
    expect(takings(show)).toMatchObject({ count: 1, units: 2, netMinor: 3600, unnamed: { units: 0, netMinor: 0 } });
    expect(available(show.state.stock, 'MUG')).toBe(8);
  });

  it('in another currency is kept apart and in no sum', () => {
    const show = liveShow();
    expect(kinds(tell(show, order({ currency: 'USD' })))).toEqual(['order.set-apart']);
    expect(takings(show).count).toBe(0);
    expect([...show.state.orders.apart.values()]).toEqual([
      { source: 'shopify', orderId: '1001', currency: 'USD', totalMinor: 3600, why: 'currency', at: show.at },
    ]);
    expect(kinds(tell(show, later(1, { currency: 'USD', name: '#1001 packed' })))).toEqual(['order.seen']);
  });

  it('of a point of sale is kept apart where in-person sales are rung here, and counted once that is said otherwise', () => {
    const show = liveShow();
    const rules = { ...DEFAULT_RULES, inPerson: 'rung-here' as const };
    const hints = { channel: null, isPos: true, codes: [], link: null, utm: [] };
    expect(kinds(tell(show, order({ hints }), null, rules))).toEqual(['order.set-apart']);
    expect(takings(show).count).toBe(0);
    expect(available(show.state.stock, 'MUG')).toBe(10);
    expect([...show.state.orders.apart.values()]).toMatchObject([
      { orderId: '1001', why: 'rung-here', totalMinor: 3600 },
    ]);
    expect(kinds(tell(show, order({ orderId: '1002', tenders: [] }), null, rules))).toEqual(['sale.recorded']);
    expect(kinds(tell(show, later(1, { hints })))).toEqual(['sale.recorded']);
    expect(show.state.orders.apart.size).toBe(0);
    expect(takings(show)).toMatchObject({ count: 2, netMinor: 7200 });
  });

  it('paid by a card that was offline is at risk until it is captured, or gone when it is declined', () => {
    const tenders = [{ kind: 'card' as const, amountMinor: 3600, ref: 'pay-1', atRisk: true }];
    const [taken, declined] = [liveShow(), liveShow()];
    for (const show of [taken, declined]) {
      tell(show, order({ tenders }));
      expect(takings(show)).toMatchObject({ atRiskMinor: 3600, collectedMinor: 3600 });
      expect([...show.state.sales.byId.values()][0]?.extra).toEqual({ atRisk: true });
    }
    const facts = tell(taken, later(1, {}));
    expect(facts).toMatchObject([{ kind: 'sale.amended', body: { atRisk: false, lines: [] } }]);
    expect(takings(taken)).toMatchObject({ atRiskMinor: 0, collectedMinor: 3600, netMinor: 3600 });
    tell(declined, later(1, { paid: false, tenders: [] }));
    expect(takings(declined)).toMatchObject({ atRiskMinor: 0, netMinor: 0 });
    for (const show of [taken, declined]) expect(refold(show.entries).sales.takings).toEqual(takings(show));
  });

  it('brings tax told on top into an inclusive show, and the other way round, with the same total', () => {
    const lines = [line('MUG', 1, { taxMinor: 414 })];
    const inclusive = liveShow();
    tell(inclusive, order({ lines, taxIncluded: false, tenders: [{ kind: 'card', amountMinor: 2214, ref: null }] }));
    expect(takings(inclusive)).toMatchObject({ netMinor: 2214, collectedMinor: 2214 });
    const exclusive = liveShow(plan({ show: { taxMode: 'exclusive' } }));
    tell(exclusive, order({ lines, taxIncluded: true, tenders: [{ kind: 'card', amountMinor: 1800, ref: null }] }));
    expect(takings(exclusive)).toMatchObject({ netMinor: 1386, taxMinor: 414, collectedMinor: 1800 });
  });

  it('rung here and paid under the same payment id is that sale (CON-10); only refunds follow its source', () => {
    const show = liveShow();
    run(show, {
      kind: 'record-sale',
      channel: 'in-person',
      lines: [{ sku: 'MUG', quantity: 2 }],
      tender: [{ kind: 'card', amountMinor: 3600, ref: 'pay-1' }],
    });
    expect(kinds(tell(show, order()))).toEqual(['order.joined']);
    expect(takings(show)).toMatchObject({ count: 1, netMinor: 3600 });
    expect(available(show.state.stock, 'MUG')).toBe(8);
    tell(show, later(1, { lines: [line('MUG', 2, { refunded: 1, restocked: 1 })] }));
    expect(takings(show)).toMatchObject({ netMinor: 1800, refundedUnits: 1 });
    expect(available(show.state.stock, 'MUG')).toBe(9);
  });

  it('rung here to be fetched later: refunded there it is promised no more, and only what was fetched comes back', () => {
    const show = liveShow();
    const lines = [{ sku: 'MUG', quantity: 3 }];
    const tender = [{ kind: 'card' as const, amountMinor: 5400, ref: 'pay-1' }];
    const sold = run(show, { kind: 'record-sale', channel: 'in-person', pickup: 'later', lines, tender });
    const mug = () => cell(show.state.stock, 'MUG', 'reserve');
    tell(show, order({ lines: [line('MUG', 3)] }));
    tell(show, later(1, { lines: [line('MUG', 3, { refunded: 1 })] }));
    expect(mug()).toMatchObject({ physical: 10, committed: 2 });
    tell(show, later(2, { lines: [line('MUG', 3, { refunded: 1, restocked: 1 })] }));
    expect(mug()).toMatchObject({ physical: 10, committed: 2 });
    run(show, { kind: 'hand-over-pickup', saleId: sold.ok ? String(sold['saleId']) : '' });
    expect(mug()).toMatchObject({ physical: 8, committed: 0 });
    tell(show, later(3, { lines: [line('MUG', 3, { refunded: 2, restocked: 2 })] }));
    expect(mug()).toMatchObject({ physical: 9, committed: 0 });
    expect(breaches(show.state, show.entries)).toEqual([]);
  });

  it('made after the show is a buyer who came back, once, and touches neither stock nor takings', () => {
    const show = liveShow();
    given(show, { kind: 'show.closing', body: { overrideReason: null, by: 'desk' } } as never);
    given(show, { kind: 'show.closed', body: { version: 1, by: 'desk' } } as never);
    wait(show, 60_000);
    const person = { email: 'a@example.org', phone: null, name: null, consent: false };
    const createdAt = new Date(show.at).toISOString();
    const facts = tell(show, order({ person, createdAt, updatedAt: createdAt }));
    expect(kinds(facts)).toEqual(['purchase.observed', 'order.seen']);
    expect(facts[0]?.originId).toBe('1001:observed');
    expect(takings(show).count).toBe(0);
    expect(available(show.state.stock, 'MUG')).toBe(10);
  });
});
