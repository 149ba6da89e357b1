import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';

export interface CloseState {
  stub: true;
}

export function initialClose(): CloseState {
  return { stub: true };
}

export function evolveClose(_state: CloseState, _entry: Entry, _frame: Frame): void {}
