import { DESK_TILL, type DrawersState, expectedIn } from './drawers.ts';
import type { Minor } from './units.ts';

/** What the drawers of one till held, all their sessions together (DRW-1); null where nobody counted every one of them. */
export interface DrawerSums {
  floatMinor: Minor;
  inMinor: Minor;
  outMinor: Minor;
  expectedMinor: Minor;
  countedMinor: Minor | null;
  varianceMinor: Minor | null;
}

/** By till as sales name it: '' is the desk. */
export function drawersByTill({ byId }: DrawersState): Map<string, DrawerSums> {
  const sums = new Map<string, DrawerSums>();
  for (const drawer of byId.values()) {
    const till = drawer.till === DESK_TILL ? '' : drawer.till;
    const before = sums.get(till) ?? NONE;
    const { count } = drawer;
    sums.set(till, {
      floatMinor: before.floatMinor + drawer.floatMinor,
      inMinor: before.inMinor + drawer.inMinor,
      outMinor: before.outMinor + drawer.outMinor,
      expectedMinor: before.expectedMinor + (count?.expectedMinor ?? expectedIn(drawer)),
      countedMinor: count === null || before.countedMinor === null ? null : before.countedMinor + count.countedMinor,
      varianceMinor:
        count === null || before.varianceMinor === null ? null : before.varianceMinor + count.varianceMinor,
    });
  }
  return sums;
}

const NONE: DrawerSums = {
  floatMinor: 0,
  inMinor: 0,
  outMinor: 0,
  expectedMinor: 0,
  countedMinor: 0,
  varianceMinor: 0,
};
