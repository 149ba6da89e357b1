import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';

export interface OffersState {
  stub: true;
}

export function initialOffers(): OffersState {
  return { stub: true };
}

export function evolveOffers(_state: OffersState, _entry: Entry, _frame: Frame): void {}
