import type { ShowState } from '../../domain/show.ts';
import type { DeskState } from '../desk-state.ts';

/** Newest first. */
export function momentsView(show: ShowState | null): DeskState['moments'] {
  if (!show) return [];
  return show.moments
    .map(({ id, by, person, note, sku, cue, pressedAt, uncertaintyMs, timeUncertain }) => ({
      id,
      at: pressedAt,
      by,
      person,
      note,
      sku,
      cue,
      uncertaintyMs,
      timeUncertain,
    }))
    .reverse();
}
