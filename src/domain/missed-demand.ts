import type { BodyOf } from './ledger.ts';

/** What was asked for and not sold, of one sku. A known person counts once, an unknown one at each attempt (R21). */
export interface MissedDemand {
  /** keyed hash → the most units asked for at once */
  people: Map<string, number>;
  /** attempts by people nobody knows */
  attempts: number;
  attemptUnits: number;
}

export function missOne(missed: Map<string, MissedDemand>, body: BodyOf<'demand.missed'>): void {
  const { sku, quantity, personRef } = body;
  let demand = missed.get(sku);
  if (!demand) missed.set(sku, (demand = { people: new Map(), attempts: 0, attemptUnits: 0 }));
  if (personRef === undefined) {
    demand.attempts += 1;
    demand.attemptUnits += quantity;
  } else {
    demand.people.set(personRef, Math.max(quantity, demand.people.get(personRef) ?? 0));
  }
}
