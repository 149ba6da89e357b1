import { describe, expect, it } from 'vitest';
import { liveShow, plan, product, run } from '../testing.ts';
import { breaches } from '../testing-invariants.ts';
import { MOST_MONEY } from './most-money.ts';

const gold = () =>
  liveShow(plan({ products: [product('GOLD', { priceMinor: 1e13, reserve: 10_000_000 })], bundles: [] }));
const many = (count: number, quantity: number) => Array.from({ length: count }, () => ({ sku: 'GOLD', quantity }));
const tooMuch = { ok: false, code: 'bad-value', mostMinor: MOST_MONEY };

describe('more money than can be counted exactly', () => {
  it('is refused over all lines together, even when it was paid already', () => {
    const show = gold();
    const sale = { kind: 'record-sale', channel: 'stream', tender: 'card' } as const;
    expect(run(show, { ...sale, lines: many(1, 101) })).toMatchObject({ ...tooMuch, field: 'lines[0].quantity' });
    expect(run(show, { ...sale, lines: many(3, 50), paid: true })).toMatchObject({
      ...tooMuch,
      field: 'lines[2].quantity',
    });
    const cheap = many(2, 100_000).map((line) => ({ ...line, unitPriceMinor: 1 }));
    expect(run(show, { ...sale, lines: cheap })).toMatchObject(tooMuch);
    expect(run(show, { ...sale, lines: many(2, 50) })).toMatchObject({ ok: true, totalMinor: MOST_MONEY });
    expect(breaches(show.state, show.entries)).toEqual([]);
  });

  it('is refused of goods without a receipt, and of an exchange', () => {
    const show = gold();
    const back = { reason: 'late', restock: 'no' } as const;
    expect(run(show, { kind: 'refund-sale', saleId: null, lines: many(1, 100_000), ...back })).toMatchObject(tooMuch);
    const sold = run(show, { kind: 'record-sale', channel: 'stream', tender: 'card', lines: many(1, 1) });
    const saleId = String(sold['saleId']);
    const take = many(100, 100_000);
    const swap = { kind: 'exchange-items', saleId, lines: many(1, 1), ...back, take, tender: 'card' } as const;
    expect(run(show, swap)).toMatchObject({ ok: false, code: 'bad-value' });
  });
});
