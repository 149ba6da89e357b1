import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';

/** Ticked items of the checklist and noted costs. */
export interface RoutineState {
  /** item → latest tick */
  ticks: Map<string, unknown>;
}

export function initialRoutine(): RoutineState {
  return { ticks: new Map() };
}

export function evolveRoutine(_routine: RoutineState, _entry: Entry, _frame: Frame): void {
  // folded when its deciders are built
}
