import { describe, expect, it } from 'vitest';
import { DESK } from '../actor.ts';
import type { OutsideRefund } from '../commands.ts';
import type { OrderSnapshot, SnapshotLine } from '../order-snapshot.ts';
import { available } from '../stock.ts';
import { type TestShow, given, liveShow, now, refold, run } from '../testing.ts';
import { breaches } from '../testing-invariants.ts';
import { DEFAULT_RULES } from './rules.ts';
import { bookOutside } from './outside.ts';
import { bookSnapshot } from './snapshot.ts';

/** One order at both doors of its vendor: the connector and the file that a person exports there. */
function line(lineId: string, sold: number, more: Partial<SnapshotLine> = {}): SnapshotLine {
  const money = { grossMinor: 1800 * sold, discountMinor: 0, taxMinor: 0 };
  return { lineId, sku: 'MUG', name: 'Blue mug', sold, refunded: 0, restocked: 0, ...money, ...more };
}

function order(more: Partial<OrderSnapshot>): OrderSnapshot {
  const lines = more.lines ?? [line('line-1', 2)];
  return {
    source: 'shopify',
    account: 'harbour.myshopify.com',
    orderId: '4507',
    name: '#1001',
    also: ['#1001'],
    version: null,
    createdAt: '2026-11-28T18:05:00.000Z',
    updatedAt: '2026-11-28T18:05:00.000Z',
    currency: 'EUR',
    test: false,
    cancelled: false,
    paid: true,
    tenders: [{ kind: 'card', amountMinor: 3600, ref: 'pay-1' }],
    tipMinor: 0,
    shippingMinor: 0,
    refundedMinor: 0,
    hints: { channel: null, isPos: false, codes: [], link: null, utm: [] },
    person: null,
    ...more,
    lines,
  };
}

const file = (more: Partial<OrderSnapshot> = {}): OrderSnapshot => {
  const lines = [line('MUG | Blue mug | 1800 1', 2)];
  return order({ source: 'csv:shopify-orders', account: '', version: 2, also: [], lines, ...more });
};
const shop = (more: Partial<OrderSnapshot> = {}): OrderSnapshot => order(more);
const LATER = '2026-11-28T19:05:00.000Z';
const ONE_BACK = { updatedAt: LATER, refundedMinor: 1800, lines: [line('line-1', 2, { refunded: 1, restocked: 1 })] };

function tell(show: TestShow, snapshot: OrderSnapshot): string[] {
  const ask = askOf(show, snapshot.source);
  const facts = bookSnapshot(show.state, snapshot, ask, null);
  given(show, ...facts);
  return facts.map(({ kind }) => kind);
}

function askOf(show: TestShow, by: string) {
  const seq = show.entries.length + 1;
  return { id: 'x', actor: { ...DESK, by }, now: now(show), seq, refOf: (text: string) => text, rules: DEFAULT_RULES };
}

/** sales, net, units back, what is free, and nothing out of joint, also when the ledger is read again */
function standing(show: TestShow): number[] {
  const { count, netMinor, refundedUnits } = show.state.sales.takings;
  expect(breaches(show.state, show.entries)).toEqual([]);
  expect(refold(show.entries).orders).toEqual(show.state.orders);
  return [count, netMinor, refundedUnits, available(show.state.stock, 'MUG')];
}

describe('an order that comes by connector and by file', () => {
  it.each([
    ['the file knows the id', file()],
    ['the file knows the name only', file({ orderId: '#1001' })],
  ])('counts once in either order of arrival: %s', (_, told) => {
    for (const [first, second] of [
      [shop(), told],
      [told, shop()],
    ] as const) {
      const show = liveShow();
      tell(show, first);
      expect(tell(show, second)).toEqual(['order.joined']);
      expect(standing(show)).toEqual([1, 3600, 0, 8]);
      expect(tell(show, first)).toEqual([]);
      expect(tell(show, second)).toEqual([]);
    }
  });

  it('gives its refund back once, whichever door tells it first', () => {
    const refundedFile = file({ version: 14_402, updatedAt: LATER, refundedMinor: 1800 });
    for (const states of [
      [shop(), file(), shop(ONE_BACK), refundedFile],
      [file(), shop(), refundedFile, shop(ONE_BACK)],
      [refundedFile, shop(ONE_BACK)],
      [shop(ONE_BACK), refundedFile],
      [shop(ONE_BACK), file()],
      [refundedFile, shop(), shop(ONE_BACK)],
    ]) {
      const show = liveShow();
      for (const state of states) tell(show, state);
      expect(standing(show)).toEqual([1, 1800, 1, 9]);
    }
  });

  it('is told anew by its connector alone: the file neither adds nor takes', () => {
    const show = liveShow();
    tell(show, file());
    tell(show, shop({ updatedAt: LATER, lines: [line('line-1', 3)] }));
    expect(standing(show)).toEqual([1, 5400, 0, 7]);
    tell(show, file({ version: 3, updatedAt: '2026-11-28T20:05:00.000Z' }));
    expect(standing(show)).toEqual([1, 5400, 0, 7]);
  });

  it('has the lines of its connector where the file knew no product, or money alone', () => {
    const unknown = [line('? | Something | 1800 1', 2, { sku: null, name: 'Something' })];
    for (const lines of [unknown, []]) {
      const show = liveShow();
      tell(show, file({ lines }));
      tell(show, shop());
      expect(standing(show)).toEqual([1, 3600, 0, 8]);
      expect(show.state.sales.parked.size).toBe(0);
    }
  });

  it('meets by the payment id where Square’s file calls the sale otherwise, and a return of it is one', () => {
    const square = { source: 'square', account: 'L1', orderId: 'ORD-1', name: 'ORD-1', also: ['pay-1', 'RET-1'] };
    const items = file({ source: 'csv:square', orderId: 'TX-1', name: 'TX-1', also: ['pay-1'] });
    for (const states of [
      [order(square), items],
      [items, order(square)],
    ]) {
      const show = liveShow();
      for (const state of states) tell(show, state);
      expect(standing(show)).toEqual([1, 3600, 0, 8]);
      tell(show, order({ ...square, ...ONE_BACK }));
      const named = { source: 'csv:square', sourceId: 'RET-1', saleSourceId: 'RET-1', channel: null };
      const back: OutsideRefund = { type: 'refund', ...named, at: LATER, lines: [], amountMinor: 1800, tender: 'card' };
      expect(bookOutside(show.state, back, askOf(show, 'csv:square'))).toEqual([]);
      expect(standing(show)).toEqual([1, 1800, 1, 9]);
    }
  });

  it('rung here stays as it was rung, by whichever door it is told again', () => {
    for (const states of [
      [shop(), file()],
      [file(), shop()],
    ]) {
      const show = liveShow();
      const tender = [{ kind: 'card' as const, amountMinor: 3600, ref: 'pay-1' }];
      run(show, { kind: 'record-sale', channel: 'in-person', lines: [{ sku: 'MUG', quantity: 2 }], tender });
      for (const state of states) expect(tell(show, state)).toEqual(['order.joined']);
      tell(show, shop({ ...ONE_BACK, lines: [line('line-1', 5, { refunded: 1, restocked: 1 })] }));
      expect(standing(show)).toEqual([1, 1800, 1, 9]);
    }
  });

  it('is another order at another shop, and a name that two orders bear joins neither', () => {
    const show = liveShow();
    tell(show, shop());
    tell(show, shop({ account: 'second.myshopify.com', orderId: '9' }));
    expect(tell(show, file({ orderId: '#1001' }))).toEqual(['sale.recorded']);
    expect(tell(show, file({ orderId: '77', name: '#2002' }))).toEqual(['sale.recorded']);
  });
});
