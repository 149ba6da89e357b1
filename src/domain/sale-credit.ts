import type { Attribution } from './facts/sale-facts.ts';
import { endOf } from './offers.ts';
import type { ShowState } from './show.ts';
import { type Duration, type HubTime, MINUTE } from './units.ts';

/** A buyer who decides when the drop ends needs a moment to pay. */
export const CREDIT_GRACE: Duration = 2 * MINUTE;

/**
 * What a creator's credit is worth: an own purchase is credited but no base for a fee (ATT-10), and one made after the
 * creator's own time is credited and marked late (ATT-8).
 *
 * A creator is known as a buyer by a sign-up whose id is the creator's id in the plan.
 */
export function weighCredit(
  show: ShowState,
  attribution: Attribution,
  sale: { soldT: HubTime; personRef: string | null },
): Attribution {
  const { creator, creatorRule } = attribution;
  if (creator === null) return attribution;
  if (sale.personRef !== null && show.attendance.bySignup.get(creator) === sale.personRef)
    return { ...attribution, creatorRule: 'self' };
  const named = creatorRule === 'code' || creatorRule === 'link';
  return named && isLate(show, creator, sale.soldT) ? { ...attribution, late: true } : attribution;
}

/**
 * Has a creator had a time of their own, and was it over? Drops that they own and offers that are theirs alone give them
 * time; who has none is never late, and who has yet to begin is not late but early.
 */
export function isLate(show: ShowState, creator: string, soldT: HubTime): boolean {
  const windows = [...dropsOf(show, creator), ...offersOf(show, creator)].filter(({ from }) => from <= soldT);
  return windows.length > 0 && windows.every(({ to }) => to !== null && soldT > to + CREDIT_GRACE);
}

interface CreatorTime {
  from: HubTime;
  to: HubTime | null;
}

function dropsOf(show: ShowState, creator: string): CreatorTime[] {
  return show.cues.runs.flatMap((run) => {
    const cue = show.cues.byId.get(run.cue)?.cue;
    const isTheirs = cue?.kind === 'drop' && cue.owners.includes(creator) && !run.withdrawn;
    return isTheirs ? [{ from: run.startT, to: run.endT }] : [];
  });
}

function offersOf(show: ShowState, creator: string): CreatorTime[] {
  return (show.plan?.offers ?? []).flatMap((offer) => {
    const run = offer.creator === creator ? show.offers.byId.get(offer.id) : undefined;
    return run ? [{ from: run.openedT, to: run.open ? null : endOf(run) }] : [];
  });
}
