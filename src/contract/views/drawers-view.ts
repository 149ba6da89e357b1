import type { ShowState } from '../../domain/show.ts';
import { toIso } from '../../domain/units.ts';
import type { DrawerView } from '../desk-state.ts';

/** Every cash session of the show, newest first. */
export function drawersView(show: ShowState | null): DrawerView[] {
  return [...(show?.drawers.byId.values() ?? [])].reverse().map(({ id, till, openedAt, floatMinor, count }) => ({
    id,
    till,
    openedAt: toIso(openedAt),
    floatMinor,
    countedAt: count === null ? null : toIso(count.at),
    expectedMinor: count?.expectedMinor ?? null,
    countedMinor: count?.countedMinor ?? null,
    varianceMinor: count?.varianceMinor ?? null,
    reason: count?.reason ?? null,
  }));
}
