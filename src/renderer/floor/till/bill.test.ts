import { expect, test } from 'vitest';
import type { TillItem, TillView } from '../../../contract/floor-views.ts';
import { type BasketLine, priced } from './basket.ts';
import { type Bill, billOf, cashDue, NO_EXTRAS, saleBody, tendersOf } from './bill.ts';
import { needsYes, splitLeft } from './later/limits.ts';

const items: TillItem[] = [
  { sku: 'SET', name: 'Set', priceMinor: 4999, left: 9, taxRate: '0.0825' },
  { sku: 'MUG', name: 'Mug', priceMinor: 1250, left: 9, taxRate: '0.0825' },
  { sku: 'DROP', name: 'Drop', priceMinor: 1600, left: 9, taxRate: '0', offer: 'drop-1' },
  { sku: 'LATE', name: 'Late', priceMinor: 8000, left: 9, taxRate: '0', offer: 'first', promise: true },
];
const rules = { taxMode: 'exclusive' as const, cashStepMinor: 0, discountPercent: 20 };
const offers: TillView['offers'] = [
  { id: 'drop-1', sku: 'DROP', priceMinor: 1600 },
  { id: 'first', sku: 'LATE', priceMinor: 8000, depositMinor: 2000 },
];
const bill = (basket: BasketLine[], extras = {}): Bill =>
  billOf(priced(basket, items, offers), { ...NO_EXTRAS, ...extras }, { rules, offers });

test('a bill with tax on top and a discount is the hub’s, to the cent (example A)', () => {
  const made = bill(
    [
      { sku: 'SET', quantity: 1 },
      { sku: 'MUG', quantity: 2 },
    ],
    { off: { percent: '10' } },
  );
  expect(made).toMatchObject({ offMinor: 750, taxMinor: 557, totalMinor: 7306, dueMinor: 7306 });
  expect(splitLeft(made, [{ kind: 'cash', amountMinor: 4000 }], 0)).toBe(3306);
  const split = [
    { kind: 'cash' as const, amountMinor: 4000 },
    { kind: 'card' as const, amountMinor: 3306 },
  ];
  expect(splitLeft(made, split, 0)).toBe(0);
});

test('only the cash part of a split is rounded, and cash alone is rounded sale by sale', () => {
  const made = billOf(priced([{ sku: 'DROP', quantity: 1, off: { minor: 2 } }], items, offers), NO_EXTRAS, {
    rules: { ...rules, cashStepMinor: 5 },
    offers,
  });
  expect(made.dueMinor).toBe(1598);
  expect(cashDue(made, 5)).toBe(1600);
  expect(splitLeft(made, [{ kind: 'card', amountMinor: 1000 }], 5)).toBe(598);
  expect(
    splitLeft(
      made,
      [
        { kind: 'card', amountMinor: 1000 },
        { kind: 'cash', amountMinor: 600 },
      ],
      5,
    ),
  ).toBe(0);
});

test('a deposit leaves the rest for the day of the pickup', () => {
  expect(bill([{ sku: 'LATE', quantity: 2 }])).toMatchObject({
    totalMinor: 16_000,
    dueLaterMinor: 12_000,
    dueMinor: 4000,
  });
});

test('a split is poured into the sales of a bill, cash last, and loses nothing', () => {
  const made = bill([
    { sku: 'DROP', quantity: 1 },
    { sku: 'LATE', quantity: 1 },
  ]);
  expect(made.parts.map(({ dueMinor }) => dueMinor)).toEqual([1600, 2000]);
  expect(
    tendersOf(made, [
      { kind: 'cash', amountMinor: 600 },
      { kind: 'card', amountMinor: 3000 },
    ]),
  ).toEqual([
    [{ kind: 'card', amountMinor: 1600 }],
    [
      { kind: 'card', amountMinor: 1400 },
      { kind: 'cash', amountMinor: 600 },
    ],
  ]);
  expect(tendersOf(made, 'card')).toEqual(['card', 'card']);
});

test('more off than the till may give needs a yes', () => {
  const off = (percent: string) => bill([{ sku: 'DROP', quantity: 1 }], { off: { percent } }).parts[0];
  expect([off('20'), off('20.1')].map((part) => part && needsYes(part, 20))).toEqual([false, true]);
});

test('a sale names its offer and what is rare about it, and cut off the price that was asked', () => {
  const [part] = bill([{ sku: 'DROP', quantity: 1, inHand: true, care: true }], {
    off: { minor: 100 },
    tipMinor: 50,
  }).parts;
  if (!part) throw new Error('no sale');
  const sale = { tender: 'card' as const, receipt: 'till-1-000001', madeAt: '2026-11-28T20:12:31.000Z' };
  const extras = { ...NO_EXTRAS, reason: 'Display piece', creatorCode: 'ANA10', later: true };
  expect(saleBody(part, { ...sale, extras, offline: false })).toEqual({
    lines: [{ sku: 'DROP', quantity: 1, discountMinor: 100, care: true }],
    channel: 'in-person',
    ...sale,
    offer: 'drop-1',
    creatorCode: 'ANA10',
    priceReason: 'Display piece',
    tipMinor: 50,
    pickup: 'later',
    beyondLease: true,
  });
  expect(saleBody(part, { ...sale, extras: NO_EXTRAS, offline: true })).toMatchObject({
    offline: true,
    lines: [{ sku: 'DROP', unitPriceMinor: 1600 }],
  });
});
