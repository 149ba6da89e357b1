import { windowPassed } from '../../domain/offer-standing.ts';
import { perkFigures } from '../../domain/perk-book.ts';
import type { Offer } from '../../domain/plan.ts';
import type { ShowState } from '../../domain/show.ts';
import type { Now } from '../../domain/units.ts';
import type { PeopleView } from '../desk-state.ts';

/** How many signed up, came and redeemed what. No names, and no hashes either. */
export function peopleView(show: ShowState | null, now: Now): PeopleView {
  if (!show) return EMPTY;
  const { counts } = show.attendance;
  const perks = perksView(show, now);
  return {
    signups: counts.signups,
    attended: counts.attended,
    walkIns: counts.walkIns,
    consented: counts.consented,
    redeemed: Object.values(perks).reduce((sum, { redeemed }) => sum + redeemed, 0),
    byKind: standing(counts.byKind),
    byChannel: standing(counts.byChannel),
    perks,
    missed: missedView(show),
  };
}

const EMPTY: PeopleView = {
  signups: 0,
  attended: 0,
  walkIns: 0,
  consented: 0,
  redeemed: 0,
  byKind: {},
  byChannel: {},
  perks: {},
  missed: {},
};

function perksView(show: ShowState, now: Now): PeopleView['perks'] {
  const offers = (show.plan?.offers ?? []).filter(({ kind }) => kind === 'perk');
  return Object.fromEntries(
    offers.map((offer) => [offer.id, perkFigures(show.attendance, offer.id, isOver(show, offer, now))]),
  );
}

function missedView({ attendance }: ShowState): PeopleView['missed'] {
  return Object.fromEntries(
    [...attendance.missed].map(([sku, { people, attempts, attemptUnits }]) => {
      const units = [...people.values()].reduce((sum, each) => sum + each, 0);
      return [sku, { people: people.size, units, unknownAttempts: attempts, unknownUnits: attemptUnits }];
    }),
  );
}

/** A perk ends with its window, else with the show. */
function isOver(show: ShowState, offer: Offer, now: Now): boolean {
  return show.phase === 'closing' || show.phase === 'closed' || windowPassed(show, offer, now);
}

function standing(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].filter(([, count]) => count > 0));
}
