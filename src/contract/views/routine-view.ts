import { dueOf } from '../../domain/routine.ts';
import type { ShowState } from '../../domain/show.ts';
import { type Now, toIso } from '../../domain/units.ts';
import type { DeskState } from '../desk-state.ts';

/** The checklist in the plan's order. `overdue`: due by now and not done. */
export function checklistView(show: ShowState | null, now: Now): DeskState['checklist'] {
  const { plan } = show ?? {};
  if (!show || !plan) return [];
  return plan.checklist.map((item) => {
    const tick = show.routine.ticks.get(item.id);
    const due = dueOf(item, plan.show);
    const done = tick?.done ?? false;
    return {
      id: item.id,
      text: item.text,
      owner: item.owner,
      dueAt: due === null ? null : toIso(due),
      blocks: item.blocks,
      done,
      note: tick?.note ?? null,
      tickedBy: tick?.by ?? null,
      tickedAt: tick ? toIso(tick.at) : null,
      overdue: !done && due !== null && due < now.at,
    };
  });
}

export function costsView(show: ShowState | null): DeskState['costs'] {
  return (show?.routine.costs ?? []).map(({ at, ...cost }) => ({ ...cost, at: toIso(at) }));
}
