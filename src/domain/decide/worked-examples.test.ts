import { DEFAULT_RULES } from './rules.ts';
import { describe, expect, it } from 'vitest';
import type { OutsideSale } from '../commands.ts';
import { available, availableUnits, cell, goods } from '../stock.ts';
import { type TestShow, given, liveShow, now, plan, product, run, till } from '../testing.ts';
import { breaches } from '../testing-invariants.ts';
import { dueLeases } from './lease.ts';
import { bookOutside } from './sell.ts';

/** The two worked examples of specs/commerce.md §11, figure by figure. */

describe('example A, money: a basket at −10 %, tax on top, paid in cash and by card', () => {
  const taxRate = '0.0825';
  const shop = plan({
    show: { currency: 'USD', taxMode: 'exclusive' },
    products: [
      product('PEELER', { priceMinor: 1900, taxRate }),
      product('BOARD', { priceMinor: 3600, taxRate }),
      product('MUG', { priceMinor: 1250, taxRate }),
    ],
    bundles: [
      {
        sku: 'SET',
        name: 'Peeler and board',
        priceMinor: 4999,
        taxRate,
        parts: [
          { sku: 'PEELER', quantity: 1 },
          { sku: 'BOARD', quantity: 1 },
        ],
      },
    ],
  });

  function sold(): TestShow {
    const show = liveShow(shop);
    const reply = run(show, {
      kind: 'record-sale',
      channel: 'in-person',
      lines: [
        { sku: 'SET', quantity: 1 },
        { sku: 'MUG', quantity: 2 },
      ],
      basketDiscount: { percent: '10' },
      tender: [
        { kind: 'cash', amountMinor: 4000 },
        { kind: 'card', amountMinor: 3306 },
      ],
    });
    expect(reply).toMatchObject({ ok: true, totalMinor: 7306, remaining: { SET: 9, MUG: 8 } });
    return show;
  }
  const saleOf = (show: TestShow) => {
    const [sale] = show.state.sales.byId.values();
    if (!sale) throw new Error('the example sold nothing');
    return sale;
  };
  const refund = (show: TestShow, ...lines: { sku: string; quantity: number }[]) =>
    run(show, { kind: 'refund-sale', saleId: saleOf(show).saleId, lines, reason: 'changed-mind', restock: 'reserve' });

  it('prices every line and the whole', () => {
    const sale = saleOf(sold());
    expect(sale).toMatchObject({
      grossMinor: 7499,
      discountMinor: 750,
      netMinor: 6749,
      taxMinor: 557,
      totalMinor: 7306,
    });
    expect(
      sale.lines.map(({ grossMinor, discountMinor, netMinor, taxMinor }) => [
        grossMinor,
        discountMinor,
        netMinor,
        taxMinor,
      ]),
    ).toEqual([
      [4999, 500, 4499, 371],
      [2500, 250, 2250, 186],
    ]);
    expect(sale.lines[0]?.parts.map(({ netMinor }) => netMinor)).toEqual([1554, 2945]);
  });

  it('refunds a part of the bundle, then one of two mugs, both to the card', () => {
    const show = sold();
    expect(refund(show, { sku: 'PEELER', quantity: 1 })).toMatchObject({
      refundedMinor: 1682,
      tenders: [{ kind: 'card', amountMinor: 1682 }],
    });
    expect(refund(show, { sku: 'MUG', quantity: 1 })).toMatchObject({
      refundedMinor: 1218,
      tenders: [{ kind: 'card', amountMinor: 1218 }],
    });
    const { totalMinor, refundedMinor } = saleOf(show);
    expect(totalMinor - refundedMinor).toBe(4406);
  });

  it('leaves nothing when three refunds have given everything back', () => {
    const show = sold();
    refund(show, { sku: 'PEELER', quantity: 1 });
    refund(show, { sku: 'MUG', quantity: 1 });
    const last = refund(show, { sku: 'BOARD', quantity: 1 }, { sku: 'MUG', quantity: 1 });
    expect(last).toMatchObject({
      refundedMinor: 4406,
      tenders: [
        { kind: 'card', amountMinor: 406 },
        { kind: 'cash', amountMinor: 4000 },
      ],
    });
    expect(show.state.sales.takings).toMatchObject({
      netMinor: 0,
      taxMinor: 0,
      collectedMinor: 0,
      refundedMinor: 6749,
    });
    expect(show.state.sales.takings.byTender).toMatchObject({ card: { amountMinor: 0 }, cash: { amountMinor: 0 } });
    expect([available(show.state.stock, 'PEELER'), available(show.state.stock, 'MUG')]).toEqual([10, 10]);
    expect(refund(show, { sku: 'MUG', quantity: 1 })).toMatchObject({
      ok: false,
      code: 'more-than-sold',
      available: 0,
    });
  });
});

describe('example B, stock: leases, holds, a cut-off till, an order beyond stock', () => {
  const shop = plan({
    products: [product('PEELER', { reserve: 0, tillLease: 2 }), product('BOARD', { reserve: 0 })],
    bundles: [
      {
        sku: 'SET',
        name: 'Peeler and board',
        priceMinor: 1800,
        taxRate: '0',
        parts: [
          { sku: 'PEELER', quantity: 1 },
          { sku: 'BOARD', quantity: 1 },
        ],
      },
    ],
  });
  const order: OutsideSale = {
    type: 'sale',
    source: 'generic:shop',
    sourceId: '1001',
    at: '2026-11-28T18:00:00Z',
    channel: 'stream',
    lines: [{ sku: 'PEELER', name: null, quantity: 5, unitPriceMinor: 1000, discountMinor: 0 }],
    creatorCode: null,
    tender: 'card',
    tipMinor: 0,
    personRef: null,
  };

  it('has each row’s figures after each step', () => {
    const show = liveShow(shop);
    const { state } = show;
    const row = () => {
      const text = (sku: string) => {
        const { physical, held, committed } = cell(state.stock, sku, 'reserve');
        return `${physical}/${held}/${committed}/${available(state.stock, sku)}`;
      };
      const physical = (pool: string) => cell(state.stock, 'PEELER', pool).physical;
      return [text('PEELER'), physical('till:till-1'), physical('quarantine'), text('BOARD')];
    };
    const sell = (sku: string, quantity: number, more: object = {}, by = {}) =>
      run(show, { kind: 'record-sale', channel: 'stream', tender: 'card', lines: [{ sku, quantity }], ...more }, by);

    run(show, { kind: 'receive-stock', sku: 'PEELER', quantity: 10 });
    run(show, { kind: 'receive-stock', sku: 'BOARD', quantity: 6 });
    expect(row()).toEqual(['10/0/0/10', 0, 0, '6/0/0/6']);

    const joined = { device: 'd1', role: 'till', name: 'Till', person: null, till: 'till-1', state: 'joined' } as const;
    given(show, { kind: 'device.joined', body: joined });
    given(show, ...dueLeases(state, now(show), { online: new Set(['d1']) }));
    expect(row()).toEqual(['8/0/0/8', 2, 0, '6/0/0/6']);

    const { holdId } = run(show, { kind: 'place-hold', lines: [{ sku: 'SET', quantity: 2 }] }) as unknown as {
      holdId: string;
    };
    expect(row()).toEqual(['8/2/0/6', 2, 0, '6/2/0/4']);

    const first = sell('PEELER', 3) as unknown as { saleId: string };
    expect(sell('PEELER', 4)).toMatchObject({ ok: false, code: 'out-of-stock', sku: 'PEELER', available: 3 });
    expect(availableUnits(state.stock, state.plan, 'SET')).toBe(3);
    expect(row()).toEqual(['5/2/0/3', 2, 0, '6/2/0/4']);

    const later = sell('SET', 2, { hold: holdId, pickup: 'later' }) as unknown as { saleId: string };
    expect(row()).toEqual(['5/0/2/3', 2, 0, '6/0/2/4']);

    sell('PEELER', 2, { offline: true, madeAt: '2026-11-28T17:59:00Z' }, { actor: till('till-1') });
    expect(row()).toEqual(['5/0/2/3', 0, 0, '6/0/2/4']);

    const ask = {
      id: 'x',
      actor: till(),
      now: now(show),
      seq: show.entries.length + 1,
      refOf: String,
      rules: DEFAULT_RULES,
    };
    given(show, ...bookOutside(state, order, ask));
    expect([...state.sales.shortfalls.values()]).toMatchObject([{ sku: 'PEELER', quantity: 2 }]);
    expect(row()).toEqual(['2/0/2/0', 0, 0, '6/0/2/4']);
    expect(bookOutside(state, order, ask)).toEqual([]);

    const back = (restock: 'reserve' | 'quarantine') =>
      run(show, {
        kind: 'refund-sale',
        saleId: first.saleId,
        lines: [{ sku: 'PEELER', quantity: 1 }],
        reason: 'damaged-item',
        restock,
      });
    back('quarantine');
    expect(row()).toEqual(['2/0/2/0', 0, 1, '6/0/2/4']);
    back('reserve');
    expect(row()).toEqual(['3/0/2/1', 0, 1, '6/0/2/4']);

    const [shortfall] = state.sales.shortfalls.keys();
    expect(run(show, { kind: 'resolve-shortfall', shortfall: shortfall ?? '', how: 'fulfilled' })).toMatchObject({
      settled: 1,
      open: 1,
    });
    expect(row()).toEqual(['2/0/2/0', 0, 1, '6/0/2/4']);

    expect(run(show, { kind: 'hand-over-pickup', saleId: later.saleId })).toMatchObject({ ok: true });
    expect(row()).toEqual(['0/0/0/0', 0, 1, '4/0/0/4']);
    expect(breaches(state, show.entries)).toEqual([]);
    // I5: 10 received + 2 restocked = 1 here + 11 handed over.
    expect(goods(state.stock, 'PEELER')).toEqual({ physical: 1, held: 0, committed: 0 });
  });
});
