import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';

/** Money that was promised by a card and not taken yet. Records only. */
export interface AuthorisationsState {
  /** all, settled ones included */
  byId: Map<string, unknown>;
}

export function initialAuthorisations(): AuthorisationsState {
  return { byId: new Map() };
}

export function evolveAuthorisations(_authorisations: AuthorisationsState, _entry: Entry, _frame: Frame): void {
  // folded when its deciders are built
}
