import type { ShowState } from '../../domain/show.ts';
import type { Now } from '../../domain/units.ts';
import type { SalesView } from '../desk-state.ts';

export function salesView(_show: ShowState | null, _now: Now): SalesView {
  throw new Error('not built yet');
}
