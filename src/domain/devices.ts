import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';

export interface DevicesState {
  stub: true;
}

export function initialDevices(): DevicesState {
  return { stub: true };
}

export function evolveDevices(_state: DevicesState, _entry: Entry, _frame: Frame): void {}
