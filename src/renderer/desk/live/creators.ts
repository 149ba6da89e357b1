import type { DeskState } from '../../../contract/desk-state.ts';

export interface CreatorRow {
  person: string;
  units: number;
  netMinor: number;
  suggestedUnits: number;
  suggestedMinor: number;
  selfUnits: number;
  newBuyers: number;
  /** agreed fee and whatever was noted as cost of this creator */
  costMinor: number;
  /** null without a new buyer */
  perNewBuyerMinor: number | null;
}

/** Everybody with a code or a credit, in the plan's order (nothing moves). */
export function creatorRows({ plan, sales, costs }: DeskState): CreatorRow[] {
  const people = (plan?.people ?? []).filter(({ id, code }) => code !== null || sales.byCreator[id] !== undefined);
  return people.map(({ id }) => {
    const figures = sales.byCreator[id];
    const noted = costs.reduce((sum, cost) => sum + (cost.creator === id ? cost.amountMinor : 0), 0);
    const costMinor = (figures?.confirmed.feeMinor ?? 0) + noted;
    const newBuyers = figures?.confirmed.newBuyers ?? 0;
    return {
      person: id,
      units: figures?.confirmed.units ?? 0,
      netMinor: figures?.confirmed.netMinor ?? 0,
      suggestedUnits: figures?.suggested.units ?? 0,
      suggestedMinor: figures?.suggested.netMinor ?? 0,
      selfUnits: figures?.self.units ?? 0,
      newBuyers,
      costMinor,
      perNewBuyerMinor: newBuyers === 0 ? null : Math.round(costMinor / newBuyers),
    };
  });
}
