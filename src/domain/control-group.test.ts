import { expect, it } from 'vitest';
import type { OrderRow } from './cohort-rows.ts';
import { controlGroup } from './control-group.ts';
import { DAY } from './units.ts';

const order = (ref: string, day: number, netMinor = 1000): OrderRow => {
  return { ref, at: day * DAY, netMinor, isRefunded: false, isExchange: false };
};

it('a control is told in totals: who came again, and what the first week was worth', () => {
  const orders = [
    order('a', 0),
    order('a', 3, 500),
    order('b', 1, 2000),
    order('c', 2),
    order('c', 31, 9000),
    order('z', 60),
  ];
  const group = controlGroup(orders, { days: 30, ofShow: new Set() });
  expect(group).toEqual({
    repeats: 2,
    spend: { buyers: 3, sumMinor: 4500, sumSquares: 2_250_000n + 4_000_000n + 1_000_000n },
    ofShow: 0,
    young: 1,
  });
});

it('buyers of the show and buyers without time to come again are left out', () => {
  const orders = [order('a', 0), order('b', 0), order('c', 1), order('c', 30)];
  const group = controlGroup(orders, { days: 30, ofShow: new Set(['a']) });
  expect(group).toMatchObject({ repeats: 0, spend: { buyers: 1 }, ofShow: 1, young: 1 });
  expect(controlGroup([], { days: 90, ofShow: new Set() })).toMatchObject({ repeats: 0, spend: { buyers: 0 } });
});
