import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';

export interface CuesState {
  stub: true;
}

export function initialCues(): CuesState {
  return { stub: true };
}

export function evolveCues(_state: CuesState, _entry: Entry, _frame: Frame): void {}
