import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';

export interface StockState {
  stub: true;
}

export function initialStock(): StockState {
  return { stub: true };
}

export function evolveStock(_state: StockState, _entry: Entry, _frame: Frame): void {}
