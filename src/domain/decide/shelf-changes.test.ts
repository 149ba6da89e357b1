import { describe, expect, it } from 'vitest';
import { cell } from '../stock.ts';
import { liveShow, run } from '../testing.ts';

const figures = (show: ReturnType<typeof liveShow>, pool = 'reserve') => {
  const { physical, held, committed } = cell(show.state.stock, 'MUG', pool);
  return [physical, held, committed];
};

describe('goods that go back to where they came from', () => {
  it('leave the reserve and every figure of it', () => {
    const show = liveShow();
    run(show, { kind: 'receive-stock', sku: 'MUG', quantity: 5, batch: 'B7', location: 'Warehouse' });
    expect(show.entries.at(-1)?.body).toMatchObject({ batch: 'B7', location: 'Warehouse' });
    const back = { kind: 'give-back-stock', sku: 'MUG', quantity: 4, location: 'Warehouse' } as const;
    expect(run(show, back)).toMatchObject({ ok: true, available: 11 });
    expect(show.state.stock.cameFrom.get('MUG')?.get('Warehouse')).toBe(1);
    expect(figures(show)).toEqual([11, 0, 0]);
  });

  it('are never those on hold or promised, and the refusal says how many may go', () => {
    const show = liveShow();
    const lines = [{ sku: 'MUG', quantity: 4 }];
    run(show, { kind: 'place-hold', lines });
    run(show, { kind: 'record-sale', channel: 'in-person', tender: 'card', lines, pickup: 'later' });
    expect(run(show, { kind: 'give-back-stock', sku: 'MUG', quantity: 3 })).toMatchObject({
      ok: false,
      code: 'not-enough',
      field: 'quantity',
      available: 2,
      message: 'Blue mug: 2 in reserve can be given back; 8 more are kept for buyers.',
    });
    expect(run(show, { kind: 'give-back-stock', sku: 'MUG', quantity: 2 })).toMatchObject({ ok: true, available: 0 });
    expect(figures(show)).toEqual([8, 4, 4]);
  });

  it('may lie in any pool of goods, but promises are none', () => {
    const show = liveShow();
    run(show, { kind: 'move-stock', sku: 'MUG', quantity: 2, from: 'reserve', to: 'quarantine' });
    const back = { kind: 'give-back-stock', sku: 'MUG', quantity: 2 } as const;
    expect(run(show, { ...back, pool: 'quarantine' })).toMatchObject({ ok: true, available: 0 });
    expect(run(show, { ...back, pool: 'preorder' })).toMatchObject({ ok: false, code: 'bad-value', field: 'pool' });
    expect(run(show, { ...back, sku: 'SET' })).toMatchObject({ ok: false, code: 'unknown-sku' });
  });
});

describe('goods that are lost', () => {
  it('are written off with a reason; "other" says what happened', () => {
    const show = liveShow();
    const off = { kind: 'write-off-stock', sku: 'MUG', quantity: 1 } as const;
    expect(run(show, { ...off, reason: 'other', note: '  ' })).toMatchObject({
      code: 'reason-required',
      field: 'note',
    });
    expect(run(show, { ...off, reason: 'other', note: 'fell into the harbour' })).toMatchObject({ available: 9 });
    expect(run(show, { ...off, reason: 'sample' })).toMatchObject({ ok: true, available: 8 });
    expect(run(show, { ...off, quantity: 9, reason: 'theft' })).toMatchObject({ code: 'not-enough', available: 8 });
    expect(figures(show)).toEqual([8, 0, 0]);
  });

  it('must be counted at the close', () => {
    const show = liveShow();
    run(show, { kind: 'write-off-stock', sku: 'MUG', quantity: 1, reason: 'damage' });
    run(show, { kind: 'give-back-stock', sku: 'APRON', quantity: 1 });
    expect([...show.state.close.moved].sort()).toEqual(['APRON', 'MUG']);
  });
});
