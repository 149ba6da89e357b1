import { DEFAULT_RULES } from './rules.ts';
import { describe, expect, it } from 'vitest';
import type { OutsideRefund, OutsideSale } from '../commands.ts';
import { cell } from '../stock.ts';
import { type TestShow, given, liveShow, makeShow, now, plan, run, wait } from '../testing.ts';
import { DESK } from '../actor.ts';
import { bookOutside } from './sell.ts';

const SALE: OutsideSale = {
  type: 'sale',
  source: 'generic:my-shop',
  sourceId: '1001',
  at: '2026-11-28T17:55:00+00:00',
  channel: 'stream',
  lines: [{ sku: 'MUG', name: null, quantity: 2, unitPriceMinor: 1800, discountMinor: 100 }],
  creatorCode: 'ANA10',
  tender: 'card',
  tipMinor: 0,
  personRef: null,
};
const REFUND: OutsideRefund = {
  type: 'refund',
  source: 'generic:my-shop',
  sourceId: 'refund-1',
  saleSourceId: '1001',
  at: '2026-11-28T18:00:00Z',
  channel: null,
  lines: [{ sku: 'MUG', quantity: 1 }],
  amountMinor: null,
  tender: 'card',
};
function book(show: TestShow, order: Partial<OutsideSale> | OutsideRefund) {
  const whole =
    'type' in order && order.type === 'refund'
      ? (order as OutsideRefund)
      : { ...SALE, ...(order as Partial<OutsideSale>) };
  const ask = {
    id: 'x',
    actor: DESK,
    now: now(show),
    seq: show.entries.length + 1,
    refOf: String,
    rules: DEFAULT_RULES,
  };
  return given(show, ...bookOutside(show.state, whole, ask)).map(({ kind }) => kind);
}
const sales = (show: TestShow) => [...show.state.sales.byId.values()];

describe('an outside sale', () => {
  it('is booked with its own price, source and channel, once', () => {
    const show = liveShow();
    expect(book(show, {})).toEqual(['sale.recorded']);
    expect(book(show, {})).toEqual([]);
    expect(sales(show)).toMatchObject([
      {
        source: 'generic:my-shop',
        sourceId: '1001',
        netMinor: 3500,
        totalMinor: 3500,
        channel: 'stream',
        madeAt: '2026-11-28T17:55:00.000Z',
      },
    ]);
    expect(sales(show)[0]?.attribution).toMatchObject({ rule: 'declared', creator: 'ana' });
    expect(cell(show.state.stock, 'MUG', 'reserve').physical).toBe(8);
  });

  it('without a channel is placed by its code, and never guessed', () => {
    const show = liveShow(plan({ channels: { ana10: 'social' } }));
    book(show, { channel: null, creatorCode: 'Ana10 ' });
    book(show, { channel: null, creatorCode: null, sourceId: '2' });
    expect(sales(show).map(({ attribution: { channel, rule, evidence } }) => [channel, rule, evidence])).toEqual([
      ['social', 'code', 'ana10'],
      ['unattributed', 'none', null],
    ]);
  });

  it('beyond stock takes what is there; the rest is owed', () => {
    const show = liveShow();
    const lines = [{ sku: 'SET', name: null, quantity: 12, unitPriceMinor: null, discountMinor: 0 }];
    expect(book(show, { lines })).toEqual(['sale.recorded', 'shortfall.found', 'shortfall.found']);
    expect([...show.state.sales.shortfalls.values()].map(({ sku, quantity }) => [sku, quantity])).toEqual([
      ['MUG', 2],
      ['APRON', 2],
    ]);
    expect(show.state.sales.takings).toMatchObject({ units: 12, netMinor: 45600 });
  });

  it('is booked before, while and after the show', () => {
    expect(book(makeShow(), {})).toEqual(['sale.recorded']);
    const show = liveShow();
    given(show, { kind: 'show.closing', body: { by: 'desk' } });
    expect(book(show, {})).toEqual(['sale.recorded']);
  });
});

it('made after the show was closed is a buyer who came back where a contact was left, and touches nothing else', () => {
  const show = liveShow();
  given(show, { kind: 'show.closing', body: { by: 'desk' } });
  const closed = { version: 1, ledgerSeq: 2, contentSha256: '', manifestSha256: '', files: [] };
  given(show, { kind: 'show.closed', body: closed });
  wait(show, 60_000);
  const at = new Date(show.at).toISOString();
  expect(book(show, { at, personRef: 'ref:a' })).toEqual(['purchase.observed']);
  expect(book(show, { at, sourceId: 'other' })).toEqual([]);
  expect(show.state.sales.takings.count).toBe(0);
  expect(cell(show.state.stock, 'MUG', 'reserve').physical).toBe(10);
  const before = new Date(show.at - 120_000).toISOString();
  expect(book(show, { at: before, sourceId: 'late' })).toEqual(['sale.recorded']);
});

describe('a sku that nobody knows', () => {
  const lines = [{ sku: 'mug-blue', name: 'Mug (blue)', quantity: 3, unitPriceMinor: 1700, discountMinor: 0 }];

  it('counts in money at once, and waits as a parked line', () => {
    const show = liveShow();
    expect(book(show, { lines })).toEqual(['sale.recorded', 'line.parked']);
    expect(show.state.sales.takings).toMatchObject({ netMinor: 5100, unnamed: { units: 3, netMinor: 5100 } });
    expect([...show.state.sales.parked.values()]).toMatchObject([
      { foreignSku: 'mug-blue', name: 'Mug (blue)', quantity: 3 },
    ]);
    expect(cell(show.state.stock, 'MUG', 'reserve').physical).toBe(10);
  });

  it('takes stock when it is mapped, and is known from then on', () => {
    const show = liveShow();
    book(show, { lines });
    const [line = ''] = show.state.sales.parked.keys();
    expect(run(show, { kind: 'map-sku', line, sku: 'CUP' })).toMatchObject({ code: 'unknown-sku' });
    expect(run(show, { kind: 'map-sku', line, sku: 'MUG', remember: true })).toMatchObject({ taken: 3, shortfall: 0 });
    expect(show.state.sales.takings.byProduct.get('MUG')).toEqual({ units: 3, netMinor: 5100 });
    expect(show.state.sales.takings.unnamed).toEqual({ units: 0, netMinor: 0 });
    expect(book(show, { lines, sourceId: '1002' })).toEqual(['sale.recorded']);
    expect(cell(show.state.stock, 'MUG', 'reserve').physical).toBe(4);
  });

  it('owes what is not there when it is mapped', () => {
    const show = liveShow();
    run(show, { kind: 'move-stock', sku: 'MUG', quantity: 8, from: 'reserve', to: 'quarantine' });
    book(show, { lines });
    const [line = ''] = show.state.sales.parked.keys();
    expect(run(show, { kind: 'map-sku', line, sku: 'MUG' })).toMatchObject({ taken: 2, shortfall: 1 });
    expect([...show.state.sales.shortfalls.values()]).toMatchObject([{ sku: 'MUG', quantity: 1 }]);
  });

  it('that was refunded meanwhile takes that much less, in goods and in money', () => {
    const show = liveShow();
    book(show, { lines });
    book(show, { ...REFUND, lines: [{ sku: 'mug-blue', quantity: 1 }] });
    const [line = ''] = show.state.sales.parked.keys();
    expect(run(show, { kind: 'map-sku', line, sku: 'MUG' })).toMatchObject({ taken: 2 });
    expect(show.state.sales.takings.byProduct.get('MUG')).toEqual({ units: 3, netMinor: 3400 });
  });
});

describe('an outside refund', () => {
  it('finds its sale by the source’s id and guesses no return of goods', () => {
    const show = liveShow();
    book(show, {});
    expect(book(show, REFUND)).toEqual(['sale.refunded']);
    expect(book(show, REFUND)).toEqual([]);
    expect(show.state.sales.takings).toMatchObject({ netMinor: 1750, refundedMinor: 1750, refundedUnits: 1 });
    expect(show.state.sales.takings.byChannel.stream.netMinor).toBe(1750);
    expect(cell(show.state.stock, 'MUG', 'reserve').physical).toBe(8);
  });

  it('of everything that is left needs no lines', () => {
    const show = liveShow();
    book(show, {});
    book(show, REFUND);
    book(show, { ...REFUND, sourceId: 'refund-2', lines: [] });
    expect(show.state.sales.takings).toMatchObject({ netMinor: 0, refundedUnits: 2 });
  });

  it('beyond what the sale took stands apart, so that no money is lost and no sale overdrawn', () => {
    const show = liveShow();
    book(show, {});
    expect(book(show, { ...REFUND, amountMinor: 5000, lines: [{ sku: 'MUG', quantity: 7 }] })).toEqual([
      'sale.refunded',
      'sale.refunded',
    ]);
    expect(show.state.sales.takings.netMinor).toBe(3500 - 5000);
    expect(sales(show)[0]?.refundedMinor).toBe(3500);
  });

  it('of a sale nobody knows is money alone', () => {
    const show = liveShow();
    expect(book(show, { ...REFUND, saleSourceId: '77' })).toEqual(['sale.refunded']);
    expect(show.state.sales.refunds).toMatchObject([{ saleId: null, amountMinor: 1800, channel: 'unattributed' }]);
  });
});

describe('goods that are owed', () => {
  function owing(): { show: TestShow; shortfall: string } {
    const show = liveShow();
    book(show, { lines: [{ sku: 'MUG', name: null, quantity: 12, unitPriceMinor: 1800, discountMinor: 0 }] });
    return { show, shortfall: [...show.state.sales.shortfalls.keys()][0] ?? '' };
  }

  it('cannot be fulfilled from nothing, and take new stock when it comes', () => {
    const { show, shortfall } = owing();
    expect(run(show, { kind: 'resolve-shortfall', shortfall, how: 'fulfilled' })).toMatchObject({
      code: 'out-of-stock',
      available: 0,
    });
    run(show, { kind: 'receive-stock', sku: 'MUG', quantity: 5 });
    expect(run(show, { kind: 'resolve-shortfall', shortfall, how: 'fulfilled' })).toMatchObject({
      settled: 2,
      open: 0,
    });
    expect(cell(show.state.stock, 'MUG', 'reserve').physical).toBe(3);
    expect(run(show, { kind: 'resolve-shortfall', shortfall, how: 'refunded' })).toMatchObject({
      code: 'unknown-shortfall',
    });
  });

  it('may be given as something else, which a void puts back', () => {
    const { show, shortfall } = owing();
    expect(run(show, { kind: 'resolve-shortfall', shortfall, how: 'substituted' })).toMatchObject({
      code: 'bad-value',
      field: 'sku',
    });
    run(show, { kind: 'resolve-shortfall', shortfall, how: 'substituted', sku: 'APRON' });
    expect(cell(show.state.stock, 'APRON', 'reserve').physical).toBe(8);
    run(show, { kind: 'void-sale', saleId: sales(show)[0]?.saleId ?? '' });
    expect([
      cell(show.state.stock, 'APRON', 'reserve').physical,
      cell(show.state.stock, 'MUG', 'reserve').physical,
    ]).toEqual([10, 10]);
  });

  it.each(['refunded', 'backordered'] as const)('are settled as %s without moving goods or money', (how) => {
    const { show, shortfall } = owing();
    const { netMinor } = show.state.sales.takings;
    expect(run(show, { kind: 'resolve-shortfall', shortfall, how })).toMatchObject({ settled: 2, open: 0 });
    expect(show.state.sales.takings.netMinor).toBe(netMinor);
  });
});
