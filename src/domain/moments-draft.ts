import type { Find } from './moments-find.ts';
import type { MomentCue, MomentPress } from './moments-input.ts';
import type { Pull } from './moments-span.ts';

/** A moment while it is being made, in seconds from the opening; clips are cut from it. */
export interface Draft {
  id: string;
  sku: string | null;
  from: number;
  to: number;
  peak: number | null;
  find: Find | null;
  cue: MomentCue | null;
  pull: Pull;
  marks: { press: MomentPress; anchor: number }[];
  stockOut: { saleId: string; at: number } | null;
}
