import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';

export interface FloorState {
  stub: true;
}

export function initialFloor(): FloorState {
  return { stub: true };
}

export function evolveFloor(_state: FloorState, _entry: Entry, _frame: Frame): void {}
