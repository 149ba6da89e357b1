import { expect, it } from 'vitest';
import { liveShow, now, offer, plan, product, run, type TestShow, till, wait } from '../../domain/testing.ts';
import { MINUTE } from '../../domain/units.ts';
import type { TillItem, TillView } from '../floor-views.ts';
import { viewBytes } from './floor-size.ts';
import { quietLive } from './live-testing.ts';
import { tillView } from './till-view.ts';

const TWO = ['till-1', 'till-2'].map((id) => ({ id, name: id.toUpperCase() }));
const look = (show: TestShow, settings: Record<string, unknown> = {}): TillView => {
  const device = { id: 'd1', role: 'till' as const, name: 'Till', person: null, till: 'till-1' };
  return tillView(show.state, quietLive({ settings }), device, now(show));
};
const item = (show: TestShow, sku: string): TillItem | undefined => look(show).items.find((one) => one.sku === sku);
const lease = (show: TestShow, sku: string, quantity: number, to = 'till-1'): void => {
  expect(run(show, { kind: 'move-stock', sku, quantity, from: 'reserve', to: `till:${to}` }).ok).toBe(true);
};

it('counts the reserve and its own lease, and of a bundle what its parts make', () => {
  const show = liveShow(plan({ tills: TWO }));
  lease(show, 'MUG', 2);
  lease(show, 'APRON', 1);
  lease(show, 'MUG', 3, 'till-2');
  expect(item(show, 'MUG')).toMatchObject({ left: 7, lease: 2 });
  expect(item(show, 'SET')).toMatchObject({ left: 7, lease: 1 });
});

it('says which till has what is sold out here, and is asked to give its own back', () => {
  const show = liveShow(plan({ tills: TWO }));
  lease(show, 'MUG', 2, 'till-2');
  run(show, { kind: 'record-sale', lines: [{ sku: 'MUG', quantity: 8 }], channel: 'stream', tender: 'card' });
  expect(item(show, 'MUG')).toMatchObject({ left: 0, level: 'out', elsewhere: [{ till: 'TILL-2', units: 2 }] });
  expect(look(show).returnLease).toBeUndefined();
  lease(show, 'APRON', 1);
  run(show, { kind: 'record-sale', lines: [{ sku: 'APRON', quantity: 9 }], channel: 'stream', tender: 'card' });
  expect(look(show).returnLease).toBe(true);
});

it('has the answer to its own question, for as long as it may be used', () => {
  const show = liveShow(plan());
  const asked = { kind: 'request-approval', what: 'discount', amountMinor: 900 } as const;
  const { approval } = run(show, asked, { actor: till() }) as unknown as { approval: string };
  run(show, asked, { actor: till('till-2') });
  expect(look(show).approvals).toEqual([{ id: approval, what: 'discount', amountMinor: 900, state: 'asked' }]);
  run(show, { kind: 'answer-approval', approval, approved: true });
  expect(look(show).approvals).toMatchObject([{ state: 'yes' }]);
  wait(show, 11 * MINUTE);
  expect(look(show).approvals).toEqual([]);
});

it('knows whether its drawer is open, and never what should be in it', () => {
  const show = liveShow(plan());
  expect(look(show).drawer).toEqual({ state: 'none', openedAt: null });
  run(show, { kind: 'open-drawer', floatMinor: 12_345 }, { actor: till() });
  expect(look(show).drawer.state).toBe('open');
  expect(JSON.stringify(look(show))).not.toContain('12345');
  run(show, { kind: 'count-drawer', countedMinor: 12_345 }, { actor: till() });
  expect(look(show).drawer.state).toBe('closed');
});

it('names gated offers without their codes, hides what is only in bundles, and carries the rules of the desk', () => {
  const hidden = product('APRON', { flags: ['bundle-only'] });
  const adult = product('MUG', { flags: ['age-check'], barcode: '4006381333931' });
  const offers = [offer('vip', 'MUG', { gate: 'code', codes: ['SESAME'], priceMinor: 900, cap: 5 })];
  const show = liveShow(plan({ products: [adult, hidden], offers }));
  run(show, { kind: 'open-offer', offer: 'vip' });
  const view = look(show, { 'till.discountPercent': 35, cashRoundingMinor: 5 });
  expect(view.offers).toEqual([{ id: 'vip', sku: 'MUG', priceMinor: 900, gate: 'code', left: 5 }]);
  expect(JSON.stringify(view)).not.toContain('SESAME');
  expect(view.items.map(({ sku, notes }) => [sku, notes])).toEqual([
    ['MUG', ['age-check']],
    ['SET', ['age-check']],
  ]);
  expect(view.rules).toEqual({ taxMode: 'inclusive', cashStepMinor: 5, discountPercent: 35 });
});

it('fits 4 kB with 40 products', () => {
  const products = Array.from({ length: 40 }, (_, n) => product(`SKU-${n}`, { name: `Stoneware ${n}` }));
  const show = liveShow(plan({ products, bundles: [], offers: [] }));
  expect(viewBytes(look(show))).toBeLessThan(4096);
});
