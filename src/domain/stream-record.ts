import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';

export interface StreamRecord {
  stub: true;
}

export function initialStream(): StreamRecord {
  return { stub: true };
}

export function evolveStream(_state: StreamRecord, _entry: Entry, _frame: Frame): void {}
