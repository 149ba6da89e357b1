import { accept, refuse } from '../refusal.ts';
import type { Decider } from './decider.ts';

/** Ticks an item of the checklist, or takes the tick back; at any time, because the routine goes on after the show. */
export const tickItem: Decider<'tick-item'> = (show, command, ask) => {
  const { item, done, note = null } = command;
  if (!show.plan?.checklist.some(({ id }) => id === item)) {
    return refuse('unknown-item', `The checklist has no item "${item}".`, { field: 'item' });
  }
  const before = show.routine.ticks.get(item);
  if ((before?.done ?? false) === done && (before?.note ?? null) === note) return accept([], { item, done });
  return accept([{ kind: 'item.ticked', body: { item, done, note, by: ask.actor.by } }], { item, done });
};

/** Notes what something cost, in the show's currency. Reply: `cost`. */
export const noteCost: Decider<'note-cost'> = (show, command, ask) => {
  const { label, costKind, amountMinor, creator = null, partner = null } = command;
  if (!show.plan) return refuse('no-plan', 'There is no plan yet, so there is no currency either.');
  if (creator !== null && !show.plan.people.some(({ id }) => id === creator)) {
    return refuse('bad-value', `There is nobody called "${creator}" in the plan.`, { field: 'creator' });
  }
  if (partner !== null && !show.plan.partners.some(({ id }) => id === partner)) {
    return refuse('bad-value', `There is no partner "${partner}" in the plan.`, { field: 'partner' });
  }
  const cost = `co${ask.seq}`;
  const body = { cost, label, costKind, amountMinor, creator, partner, by: ask.actor.by };
  return accept([{ kind: 'cost.noted', body }], { cost });
};
