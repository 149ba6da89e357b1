import type { ShowState } from '../../domain/show.ts';
import type { Now } from '../../domain/units.ts';
import type { Live } from '../live.ts';
import type { CuesView, DeskState } from '../desk-state.ts';

export function cuesView(_show: ShowState | null, _live: Live, _now: Now): CuesView {
  return { current: null, next: null, standby: null, overUnderMs: 0, relativeMs: 0, endDeltaMs: null, showEndAt: null, list: [] };
}
export function messagesView(_show: ShowState | null, _live: Live): DeskState['messages'] {
  return [];
}
export function requestsView(_show: ShowState | null): DeskState['requests'] {
  return [];
}
