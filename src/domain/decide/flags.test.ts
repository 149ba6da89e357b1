import { describe, expect, it } from 'vitest';
import { planFaults } from '../plan-check.ts';
import { mistakenFlags } from '../plan-flags.ts';
import { liveShow, offer, plan, product, run } from '../testing.ts';
import { flagRefusal, tillNotes } from './flags.ts';

const shop = plan({
  products: [
    product('LID', { name: 'Lid', flags: ['bundle-only'] }),
    product('WINE', { name: 'Wine', flags: ['age-check', 'fragile'] }),
    product('SOFA', { name: 'Sofa', flags: ['pickup-only'] }),
    product('MUG'),
  ],
  bundles: [
    {
      sku: 'POT',
      name: 'Pot with lid',
      priceMinor: 100,
      taxRate: '0',
      parts: [
        { sku: 'LID', quantity: 1 },
        { sku: 'WINE', quantity: 1 },
      ],
    },
  ],
});
const one = (sku: string) => [{ sku }];

describe('flags that forbid', () => {
  it('a bundle-only product is sold and held in its bundle only, and the refusal names the bundle', () => {
    expect(flagRefusal(shop, { lines: one('LID'), pickup: 'now' })).toMatchObject({
      refusal: {
        code: 'flag-forbids',
        flag: 'bundle-only',
        sku: 'LID',
        field: 'lines[0].sku',
        message: 'Lid is not sold by itself; sell "Pot with lid".',
      },
    });
    const show = liveShow(shop);
    expect(run(show, { kind: 'place-hold', lines: [{ sku: 'LID', quantity: 1 }] })).toMatchObject({
      code: 'flag-forbids',
    });
    expect(run(show, { kind: 'place-hold', lines: [{ sku: 'POT', quantity: 1 }] })).toMatchObject({ ok: true });
  });

  it('an age-check asks the seller for each line, parts of bundles included', () => {
    for (const sku of ['WINE', 'POT']) {
      expect(flagRefusal(shop, { lines: [{ sku: 'MUG' }, { sku }], pickup: 'now' })).toMatchObject({
        refusal: { flag: 'age-check', sku: 'WINE', field: 'lines[1].ageChecked' },
      });
    }
    expect(flagRefusal(shop, { lines: [{ sku: 'WINE', ageChecked: true }], pickup: 'now' })).toBeNull();
    expect(flagRefusal(shop, { lines: one('WINE'), pickup: 'now', ageChecked: true })).toBeNull();
    expect(flagRefusal(shop, { lines: one('WINE'), hold: true })).toBeNull();
  });

  it('a pickup-only product is not handed over at once', () => {
    expect(flagRefusal(shop, { lines: one('SOFA'), pickup: 'now' })).toMatchObject({
      refusal: { flag: 'pickup-only', field: 'pickup' },
    });
    expect(flagRefusal(shop, { lines: one('SOFA'), pickup: 'later' })).toBeNull();
  });

  it('forbids nothing that has happened already', () => {
    expect(flagRefusal(shop, { lines: [...one('LID'), ...one('WINE'), ...one('SOFA')], happened: true })).toBeNull();
  });

  it('tells the till what to look out for', () => {
    expect(tillNotes(shop, 'POT')).toEqual(['age-check', 'fragile']);
    expect(tillNotes(shop, 'MUG')).toEqual([]);
  });
});

describe('flags that contradict', () => {
  it.each([
    ['no bundle holds it', { products: [product('A', { flags: ['bundle-only'] })], bundles: [] }, 'products[0].flags'],
    [
      'over the table and never over the table',
      { products: [product('A', { flags: ['event-only', 'pickup-only'] })], bundles: [] },
      'products[0].flags',
    ],
    ['nobody’s goods', { products: [product('A', { flags: ['partner'] })], bundles: [] }, 'products[0].flags'],
    [
      'promised, but sold at the show only',
      {
        products: [product('A', { flags: ['event-only'] })],
        bundles: [],
        offers: [offer('pre', 'A', { kind: 'preorder' })],
      },
      'offers[0].kind',
    ],
    [
      'offered alone, but sold in a bundle only',
      { products: shop.products, bundles: shop.bundles, offers: [offer('drop', 'LID')] },
      'offers[0].sku',
    ],
  ])('are refused at import: %s', (_, parts, path) => {
    expect(planFaults(plan(parts))).toMatchObject([{ path }]);
  });

  it('a plan whose flags fit has no fault', () => {
    expect(planFaults(shop)).toEqual([]);
  });

  it('a flag written otherwise is said, a label is not', () => {
    expect(mistakenFlags([{ flags: ['handmade', 'Event only'] }])).toEqual([
      'products[0].flags[1]: "Event only" is only a label; the rule is written "event-only"',
    ]);
  });
});
