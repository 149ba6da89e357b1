import type { ShowState } from '../../domain/show.ts';
import type { AlarmView } from '../desk-state.ts';

export function alarmsView(_show: ShowState | null): AlarmView[] {
  return [];
}
