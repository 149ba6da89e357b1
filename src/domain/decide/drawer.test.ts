import { describe, expect, it } from 'vitest';
import { type TestShow, liveShow, plan, product, run, till } from '../testing.ts';
import { DEFAULT_RULES } from './rules.ts';
import { expectedIn, openDrawerOf } from '../drawers.ts';

const by = { actor: till('till-1') };

function sellCash(show: TestShow, amountMinor: number, who = by): string {
  const reply = run(
    show,
    {
      kind: 'record-sale',
      channel: 'in-person',
      lines: [{ sku: 'ANY', quantity: amountMinor }],
      tender: 'cash',
    },
    who,
  );
  expect(reply).toMatchObject({ ok: true, totalMinor: amountMinor });
  return String(reply['saleId']);
}

const shop = plan({ products: [product('ANY', { priceMinor: 1, reserve: 100_000 })], bundles: [] });

describe('a drawer', () => {
  it('expects float + cash sales − cash refunds + paid in − paid out, and asks why when it is far off', () => {
    const show = liveShow(shop);
    expect(run(show, { kind: 'open-drawer', floatMinor: 10_000 }, by)).toMatchObject({ ok: true });
    const first = sellCash(show, 4000);
    sellCash(show, 2436);
    sellCash(show, 5000);
    const lines = [{ sku: 'ANY', quantity: 1218 }];
    run(show, { kind: 'refund-sale', saleId: first, lines, reason: 'changed-mind', restock: 'reserve' });
    run(show, { kind: 'pay-in', amountMinor: 2000, reason: 'change from the bank' }, by);
    run(show, { kind: 'pay-out', amountMinor: 1500, reason: 'to the safe' }, by);
    const blind = run(show, { kind: 'count-drawer', countedMinor: 20_500 }, by);
    expect(blind).toMatchObject({ ok: false, code: 'reason-required', field: 'reason' });
    expect(JSON.stringify(blind)).not.toMatch(/20718|218/);
    const counted = run(show, { kind: 'count-drawer', countedMinor: 20_500, reason: 'a coin roll is missing' }, by);
    expect(counted).toMatchObject({ ok: true, expectedMinor: 20_718, countedMinor: 20_500, varianceMinor: -218 });
    expect(openDrawerOf(show.state.drawers, 'till-1')).toBeNull();
  });

  it('is counted by coins and notes too, and a sum that differs from them is refused', () => {
    const show = liveShow(shop);
    run(show, { kind: 'open-drawer', floatMinor: 3050 });
    const denominations = [
      { valueMinor: 2000, count: 1 },
      { valueMinor: 50, count: 21 },
    ];
    expect(run(show, { kind: 'count-drawer', countedMinor: 1, denominations })).toMatchObject({
      code: 'bad-value',
      field: 'countedMinor',
      message: 'The coins and notes do not come to the sum that was counted.',
    });
    expect(run(show, { kind: 'count-drawer', denominations })).toMatchObject({ ok: true, varianceMinor: 0 });
  });

  it('opens once, is counted once, and gives no more out than it should hold', () => {
    const show = liveShow(shop);
    expect(run(show, { kind: 'count-drawer', countedMinor: 0 })).toMatchObject({ code: 'drawer-closed' });
    run(show, { kind: 'open-drawer', floatMinor: 100 });
    expect(run(show, { kind: 'open-drawer', floatMinor: 100 })).toMatchObject({ code: 'drawer-open' });
    expect(run(show, { kind: 'pay-out', amountMinor: 101, reason: 'lunch' })).toMatchObject({
      code: 'not-enough',
      availableMinor: 100,
    });
    expect(run(show, { kind: 'open-drawer', till: 'nobody', floatMinor: 0 })).toMatchObject({ code: 'unknown-till' });
  });

  it('flags cash that was taken while it was closed, as soon as anybody keeps drawers', () => {
    const show = liveShow(shop);
    const before = sellCash(show, 100);
    run(show, { kind: 'open-drawer', floatMinor: 0 });
    const closed = sellCash(show, 100);
    run(show, { kind: 'open-drawer', floatMinor: 0 }, by);
    const open = sellCash(show, 100);
    const flags = [before, closed, open].map((id) => show.state.sales.byId.get(id)?.extra?.noDrawer ?? false);
    expect(flags).toEqual([false, true, false]);
    const drawer = openDrawerOf(show.state.drawers, 'till-1');
    expect(drawer && expectedIn(drawer)).toBe(100);
  });
});

describe('cash', () => {
  const francs = plan({
    show: { currency: 'CHF' },
    products: [
      product('A', { priceMinor: 1002 }),
      product('B', { priceMinor: 1003 }),
      product('C', { priceMinor: 2003 }),
    ],
    bundles: [],
  });
  const rules = { ...DEFAULT_RULES, cashRoundingMinor: 5 };
  const pay = (
    show: TestShow,
    sku: string,
    tender: 'cash' | 'card' | { kind: 'cash' | 'card'; amountMinor: number }[],
    more = {},
  ) =>
    run(show, { kind: 'record-sale', channel: 'in-person', lines: [{ sku, quantity: 1 }], tender, ...more }, { rules });

  it('is rounded to what coins allow, and cards are not', () => {
    const show = liveShow(francs);
    expect(pay(show, 'A', 'cash')).toMatchObject({ totalMinor: 1002, roundingMinor: -2 });
    expect(pay(show, 'B', 'cash', { givenMinor: 2000 })).toMatchObject({ roundingMinor: 2, changeMinor: 995 });
    expect(pay(show, 'A', 'card')).not.toHaveProperty('roundingMinor');
    expect(show.state.sales.takings).toMatchObject({ netMinor: 3009 - 2, roundingMinor: 0, collectedMinor: 3007 });
  });

  it('is rounded in its part of a split tender only', () => {
    const show = liveShow(francs);
    const card = { kind: 'card' as const, amountMinor: 1001 };
    expect(pay(show, 'C', [card, { kind: 'cash', amountMinor: 1000 }])).toMatchObject({ ok: true, roundingMinor: -2 });
    expect(pay(show, 'C', [card, { kind: 'cash', amountMinor: 1002 }])).toMatchObject({ code: 'tender-mismatch' });
  });

  it('that is too little is refused with what is missing', () => {
    expect(pay(liveShow(francs), 'A', 'cash', { givenMinor: 500 })).toMatchObject({
      code: 'tender-mismatch',
      field: 'givenMinor',
      cashMinor: 1000,
    });
  });
});
