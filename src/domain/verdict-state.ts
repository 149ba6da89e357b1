import type { Entry } from './ledger.ts';
import type { Minor } from './units.ts';
import { type Thresholds, DEFAULT_THRESHOLDS } from './verdict.ts';

/** What a verdict on the show will be held against: the bar as it was at opening, and the group to compare with. */
export interface VerdictState {
  thresholds: Thresholds;
  control: Control | null;
}

export interface Control {
  name: string;
  buyers: number;
  repeats: number;
  sumMinor: Minor;
  /** decimal text: it passes 2^53 */
  sumSquaresMinor: string;
}

export function initialVerdict(): VerdictState {
  return { thresholds: DEFAULT_THRESHOLDS, control: null };
}

export function evolveVerdict(state: VerdictState, entry: Entry): void {
  if (entry.kind === 'show.opened') state.thresholds = entry.body.thresholds ?? DEFAULT_THRESHOLDS;
  if (entry.kind === 'control.set') {
    const { by: _, ...control } = entry.body;
    state.control = control;
  }
}
