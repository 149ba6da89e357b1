import { describe, expect, it } from 'vitest';
import { cell } from '../stock.ts';
import type { Restock } from '../words.ts';
import { type TestReply, type TestShow, liveShow, plan, product, refold, run } from '../testing.ts';

function sold(show: TestShow, quantity: number, more: object = {}): string {
  const lines = [{ sku: 'MUG', quantity }];
  const reply = run(show, { kind: 'record-sale', channel: 'social', tender: 'card', lines, ...more });
  return String((reply as { saleId?: string }).saleId);
}
function refund(
  show: TestShow,
  saleId: string | null,
  quantity: number,
  more: { restock?: Restock; amountMinor?: number } = {},
): TestReply {
  const lines = [{ sku: 'MUG', quantity }];
  return run(show, { kind: 'refund-sale', saleId, lines, reason: 'changed-mind', restock: 'reserve', ...more });
}
const reserve = (show: TestShow) => cell(show.state.stock, 'MUG', 'reserve');

describe('a void', () => {
  it('is the exact inverse: stock, money and counts are as if the sale had never been', () => {
    const show = liveShow();
    const before = structuredClone({ ...show.state.sales.takings, voids: 1, lastAt: null });
    const saleId = sold(show, 3, { pickup: 'later', tipMinor: 50, creatorCode: 'ANA10' });
    run(show, { kind: 'void-sale', saleId });
    const after = structuredClone({ ...show.state.sales.takings, lastAt: null });
    expect(after.byProduct.get('MUG')).toEqual({ units: 0, netMinor: 0 });
    expect(after.byCreator.get('ana')).toEqual({ count: 0, units: 0, netMinor: 0 });
    const emptied = { ...after, byProduct: before.byProduct, byPart: before.byPart, byCreator: before.byCreator };
    expect(emptied).toEqual(before);
    expect(reserve(show)).toEqual({ physical: 10, held: 0, committed: 0 });
  });

  it('happens once, to a sale that exists', () => {
    const show = liveShow();
    const saleId = sold(show, 1);
    run(show, { kind: 'void-sale', saleId });
    expect(run(show, { kind: 'void-sale', saleId })).toMatchObject({ code: 'already-voided' });
    expect(run(show, { kind: 'void-sale', saleId: 's99' })).toMatchObject({ code: 'unknown-sale' });
    expect(refund(show, saleId, 1)).toMatchObject({ code: 'already-voided' });
  });

  it('owes nothing any more', () => {
    const show = liveShow();
    const saleId = sold(show, 12, { paid: true });
    run(show, { kind: 'void-sale', saleId });
    expect([...show.state.sales.shortfalls.values()]).toMatchObject([{ quantity: 0, how: 'cancelled' }]);
    expect(reserve(show).physical).toBe(10);
  });
});

describe('a refund', () => {
  it('unit by unit gives back exactly what the whole would', () => {
    const show = liveShow();
    const saleId = sold(show, 3, { lines: [{ sku: 'MUG', quantity: 3, discountMinor: 400 }] });
    const parts = [1, 1, 1].map((n) => (refund(show, saleId, n) as { refundedMinor?: number }).refundedMinor);
    expect(parts).toEqual([1667, 1667, 1666]);
    expect(show.state.sales.takings).toMatchObject({ netMinor: 0, units: 3, refundedUnits: 3 });
    expect(refund(show, saleId, 1)).toMatchObject({ code: 'more-than-sold', sku: 'MUG', available: 0 });
  });

  it.each([
    ['reserve', 8, 0],
    ['quarantine', 7, 1],
    ['no', 7, 0],
  ] as const)('after hand-over puts the goods into %s', (restock, inReserve, inQuarantine) => {
    const show = liveShow();
    refund(show, sold(show, 3), 1, { restock });
    expect([reserve(show).physical, cell(show.state.stock, 'MUG', 'quarantine').physical]).toEqual([
      inReserve,
      inQuarantine,
    ]);
  });

  it('before hand-over only takes the promise back', () => {
    const show = liveShow();
    refund(show, sold(show, 3, { pickup: 'later' }), 1);
    expect(reserve(show)).toEqual({ physical: 10, held: 0, committed: 2 });
  });

  it('closes what is owed first, so that only goods really taken come back', () => {
    const show = liveShow();
    const saleId = sold(show, 12, { paid: true });
    refund(show, saleId, 3);
    expect([...show.state.sales.shortfalls.values()]).toMatchObject([{ quantity: 0, how: 'cancelled' }]);
    expect(reserve(show).physical).toBe(1);
  });

  it('goes to the card before the cash, never above what each paid', () => {
    const show = liveShow();
    const tender = [
      { kind: 'cash', amountMinor: 3000 },
      { kind: 'card', amountMinor: 600 },
    ];
    const saleId = sold(show, 2, { tender });
    expect(refund(show, saleId, 1)).toMatchObject({
      tenders: [
        { kind: 'card', amountMinor: 600 },
        { kind: 'cash', amountMinor: 1200 },
      ],
    });
    expect(refund(show, saleId, 1)).toMatchObject({ tenders: [{ kind: 'cash', amountMinor: 1800 }] });
  });

  it('may be another amount, up to what was paid and is not given back yet', () => {
    const show = liveShow();
    const saleId = sold(show, 2);
    expect(refund(show, saleId, 1, { amountMinor: 3000 })).toMatchObject({ refundedMinor: 3000 });
    expect(refund(show, saleId, 1, { amountMinor: 601 })).toMatchObject({
      code: 'more-than-paid',
      refundableMinor: 600,
    });
    expect(refund(show, saleId, 1)).toMatchObject({ refundedMinor: 600 });
    expect(show.state.sales.takings.netMinor).toBe(0);
  });

  it('of a sale with tax on top gives the tax back with it', () => {
    const show = liveShow(
      plan({
        show: { taxMode: 'exclusive' },
        products: [product('MUG', { priceMinor: 999, taxRate: '0.23' })],
        bundles: [],
      }),
    );
    const saleId = sold(show, 1);
    expect(refund(show, saleId, 1)).toMatchObject({ refundedMinor: 1229 });
    expect(show.state.sales.takings).toMatchObject({ netMinor: 0, refundedMinor: 999, taxMinor: 0, collectedMinor: 0 });
  });

  it('without receipt is worth the list price, in cash, and stands in the books of the product', () => {
    const show = liveShow();
    sold(show, 2);
    expect(refund(show, null, 1)).toMatchObject({
      refundedMinor: 1800,
      tenders: [{ kind: 'cash', amountMinor: 1800 }],
    });
    expect(show.state.sales.takings.byProduct.get('MUG')).toEqual({ units: 2, netMinor: 1800 });
    expect(reserve(show).physical).toBe(9);
  });

  it('never puts a no-restock product back on sale', () => {
    const show = liveShow(plan({ products: [product('MUG', { flags: ['no-restock'] })], bundles: [] }));
    const saleId = sold(show, 1);
    expect(refund(show, saleId, 1)).toMatchObject({ code: 'flag-forbids', flag: 'no-restock' });
    expect(refund(show, saleId, 1, { restock: 'quarantine' })).toMatchObject({ ok: true });
  });
});

it('the same ledger tells the same show again', () => {
  const show = liveShow();
  refund(show, sold(show, 3), 2);
  run(show, { kind: 'void-sale', saleId: sold(show, 1) });
  expect(refold(show.entries)).toEqual(show.state);
});
