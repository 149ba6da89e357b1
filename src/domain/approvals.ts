import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';

/** What tills have asked of the producer. */
export interface ApprovalsState {
  /** all of them */
  byId: Map<string, unknown>;
}

export function initialApprovals(): ApprovalsState {
  return { byId: new Map() };
}

export function evolveApprovals(_approvals: ApprovalsState, _entry: Entry, _frame: Frame): void {
  // folded when its deciders are built
}
