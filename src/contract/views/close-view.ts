import type { ShowState } from '../../domain/show.ts';
import type { Now } from '../../domain/units.ts';
import type { CloseView } from '../desk-state.ts';
import type { Live } from '../live.ts';

export function closeView(_show: ShowState | null, _live: Live, _now: Now): CloseView | null {
  return null;
}
