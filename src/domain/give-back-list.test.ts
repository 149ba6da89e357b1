import { describe, expect, it } from 'vitest';
import { giveBackList } from './give-back-list.ts';
import { liveShow, plan, product, run } from './testing.ts';

const shop = plan({ products: [product('MUG', { name: 'Blue mug', reserve: 10, location: 'Shop' })], bundles: [] });
const listOf = (show: ReturnType<typeof liveShow>) =>
  giveBackList(show.state).map(({ location, units }) => [location, units]);

describe('the give-back list', () => {
  it('has what is left by the place it came from, what came last first', () => {
    const show = liveShow(shop);
    run(show, { kind: 'receive-stock', sku: 'MUG', quantity: 6, location: 'Warehouse' });
    const sale = { kind: 'record-sale', channel: 'in-person', tender: 'card' } as const;
    run(show, { ...sale, lines: [{ sku: 'MUG', quantity: 4 }] });
    expect(listOf(show)).toEqual([
      ['Shop', 6],
      ['Warehouse', 6],
    ]);
    run(show, { kind: 'give-back-stock', sku: 'MUG', quantity: 5, location: 'Warehouse' });
    expect(listOf(show)).toEqual([
      ['Shop', 6],
      ['Warehouse', 1],
    ]);
    run(show, { ...sale, lines: [{ sku: 'MUG', quantity: 2 }], pickup: 'later' });
    run(show, { kind: 'move-stock', sku: 'MUG', quantity: 1, from: 'reserve', to: 'quarantine' });
    expect(listOf(show)).toEqual([
      ['Shop', 3],
      ['Warehouse', 1],
    ]);
  });

  it('is empty when everything went', () => {
    const show = liveShow(shop);
    run(show, { kind: 'write-off-stock', sku: 'MUG', quantity: 10, reason: 'theft' });
    expect(listOf(show)).toEqual([]);
  });
});
