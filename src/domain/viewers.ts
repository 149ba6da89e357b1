import type { Entry } from './ledger.ts';
import { type Instant, fromIso } from './units.ts';

/** How many watched, as it was told from outside; what ingest and edge say themselves are samples. Oldest first. */
export interface ViewersState {
  notes: { at: Instant; count: number; source: string }[];
}

export function initialViewers(): ViewersState {
  return { notes: [] };
}

export function evolveViewers(state: ViewersState, entry: Entry): void {
  if (entry.kind !== 'viewers.noted') return;
  const { at, count, source } = entry.body;
  const note = { at: fromIso(at), count, source };
  const after = state.notes.findLastIndex((other) => other.at <= note.at);
  state.notes.splice(after + 1, 0, note);
}
