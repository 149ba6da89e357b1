import type { BodyOf, Entry } from './ledger.ts';
import type { Frame } from './frame.ts';
import type { ChecklistItem, Plan } from './plan.ts';
import { type Instant, fromIso } from './units.ts';

/** The seller's routine: ticked items of the checklist, and what things cost. */
export interface RoutineState {
  /** item → its latest tick */
  ticks: Map<string, Tick>;
  costs: Cost[];
}

export interface Tick {
  done: boolean;
  note: string | null;
  by: string;
  at: Instant;
}

export type Cost = Omit<BodyOf<'cost.noted'>, 'cost'> & { id: string; at: Instant };

export function initialRoutine(): RoutineState {
  return { ticks: new Map(), costs: [] };
}

/**
 * When an item is due: its own hour, else so long before the show's start (negative) or after its end (positive).
 *
 * @returns epoch ms, or null when nobody has said
 */
export function dueOf(item: ChecklistItem, show: Plan['show']): Instant | null {
  if (item.dueAt !== null) return fromIso(item.dueAt);
  if (item.dueMs === null) return null;
  const from = item.dueMs < 0 ? show.startsAt : (show.endsAt ?? show.startsAt);
  return from === null ? null : fromIso(from) + item.dueMs;
}

export function isDone(routine: RoutineState, item: string): boolean {
  return routine.ticks.get(item)?.done ?? false;
}

/** Items that must be done before the show opens and are not (R25). */
export function openBlocking(routine: RoutineState, plan: Plan | null): ChecklistItem[] {
  return (plan?.checklist ?? []).filter(({ id, blocks }) => blocks && !isDone(routine, id));
}

export function evolveRoutine(routine: RoutineState, entry: Entry, _frame: Frame): void {
  if (entry.kind === 'item.ticked') {
    const { item, done, note, by } = entry.body;
    routine.ticks.set(item, { done, note, by, at: entry.at });
  }
  if (entry.kind === 'cost.noted') {
    const { cost: id, ...cost } = entry.body;
    routine.costs.push({ ...cost, id, at: entry.at });
  }
}
