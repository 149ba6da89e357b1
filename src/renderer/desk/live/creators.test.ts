import { expect, it } from 'vitest';
import type { DeskState } from '../../../contract/desk-state.ts';
import { creatorRows } from './creators.ts';

const person = (id: string, code: string | null) => ({ id, name: id, role: 'host', code });
const figures = (units: number, newBuyers: number, feeMinor: number) => ({
  confirmed: { units, netMinor: units * 100, newBuyers, feeMinor },
  suggested: { units: 2, netMinor: 200 },
  self: { units: 1, netMinor: 100 },
});
const state = (byCreator: object, costs: object[] = []): DeskState =>
  ({
    plan: { people: [person('ana', 'ANA10'), person('ben', null), person('cleo', 'CLEO')] },
    sales: { byCreator },
    costs,
  }) as unknown as DeskState;

it('who has a code or a credit stands in the plan’s order, with nothing where nothing was sold', () => {
  expect(creatorRows(state({ ben: figures(3, 0, 0) })).map((row) => [row.person, row.units])).toEqual([
    ['ana', 0],
    ['ben', 3],
    ['cleo', 0],
  ]);
});

it('a new buyer costs the fee and what was noted for the creator, shared by the new buyers; without any it is not said', () => {
  const costs = [
    { creator: 'ana', amountMinor: 500 },
    { creator: null, amountMinor: 9900 },
  ];
  const [ana] = creatorRows(state({ ana: figures(8, 4, 10_000) }, costs));
  expect(ana).toMatchObject({ costMinor: 10_500, perNewBuyerMinor: 2625, suggestedUnits: 2, selfUnits: 1 });
  expect(creatorRows(state({ ana: figures(8, 0, 10_000) }))[0]?.perNewBuyerMinor).toBeNull();
});
