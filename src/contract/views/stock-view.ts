import type { ShowState } from '../../domain/show.ts';
import type { Now } from '../../domain/units.ts';
import type { DeskState } from '../desk-state.ts';

export function stockView(_show: ShowState | null, _now: Now): DeskState['stock'] {
  return {};
}
export function offersView(_show: ShowState | null, _now: Now): DeskState['offers'] {
  return {};
}
export function holdsView(_show: ShowState | null, _now: Now): DeskState['holds'] {
  return [];
}
export function shortfallsView(_show: ShowState | null): DeskState['shortfalls'] {
  return [];
}
export function parkedView(_show: ShowState | null): DeskState['parked'] {
  return [];
}
