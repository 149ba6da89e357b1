import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';

/** Cash sessions by till. */
export interface DrawersState {
  /** till → its open drawer */
  open: Map<string, string>;
}

export function initialDrawers(): DrawersState {
  return { open: new Map() };
}

export function evolveDrawers(_drawers: DrawersState, _entry: Entry, _frame: Frame): void {
  // folded when its deciders are built
}
