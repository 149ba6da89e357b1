import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';

export interface AlarmsState {
  stub: true;
}

export function initialAlarms(): AlarmsState {
  return { stub: true };
}

export function evolveAlarms(_state: AlarmsState, _entry: Entry, _frame: Frame): void {}
