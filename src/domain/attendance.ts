import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';

/** Who signed up, came and redeemed a perk, by keyed hash. */
export interface AttendanceState {
  /** ref → first check-in */
  checkedIn: Map<string, unknown>;
}

export function initialAttendance(): AttendanceState {
  return { checkedIn: new Map() };
}

export function evolveAttendance(_attendance: AttendanceState, _entry: Entry, _frame: Frame): void {
  // folded when its deciders are built
}
