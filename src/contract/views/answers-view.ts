import type { ShowState } from '../../domain/show.ts';
import type { Now } from '../../domain/units.ts';
import type { CuesView, DeskState, FourAnswers, SalesView, StreamView } from '../desk-state.ts';

/** UI-2, one place for desk, wall, Companion and tests. */
export function fourAnswers(
  _show: ShowState | null,
  _parts: { sales: SalesView; stock: DeskState['stock']; cues: CuesView; stream: StreamView },
  _now: Now,
): FourAnswers {
  throw new Error('not built yet');
}
