import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';

/** Paid goods that wait for their buyers: what each sale still has to hand over, and which code names it. */
export interface PickupsState {
  /** pickup code → sale id */
  byCode: Map<string, string>;
}

export function initialPickups(): PickupsState {
  return { byCode: new Map() };
}

export function evolvePickups(_pickups: PickupsState, _entry: Entry, _frame: Frame): void {
  // folded when its deciders are built
}
