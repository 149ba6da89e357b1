import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';

export interface SalesState {
  stub: true;
}

export function initialSales(): SalesState {
  return { stub: true };
}

export function evolveSales(_state: SalesState, _entry: Entry, _frame: Frame): void {}
