import { type Decision, accept, refuse } from '../refusal.ts';
import type { OriginFact } from '../ledger.ts';
import { inWindow, offerStanding, unitsGone, windowPassed } from '../offer-standing.ts';
import type { Offer } from '../plan.ts';
import type { ShowState } from '../show.ts';
import { type Duration, type HubTime, type Now, fromIso } from '../units.ts';
import { availableUnits } from '../stock.ts';
import type { Ask } from './ask.ts';
import type { Decider } from './decider.ts';

export const openOffer: Decider<'open-offer'> = (show, command, ask) => offerOpening(show, command.offer, 'hand', ask);
export const closeOffer: Decider<'close-offer'> = (show, command, ask) =>
  offerClosing(show, command.offer, 'hand', ask);

/**
 * Opens an offer for a cue, a window or a hand; refused when unknown, open already or nothing is left of it.
 *
 * @param closesAfterMs ends it so long after now (a drop cue's own length); its plan's `closesAt` ends it earlier
 */
export function offerOpening(
  show: ShowState,
  id: string,
  why: 'hand' | 'cue' | 'window',
  ask: Ask,
  closesAfterMs: Duration | null = null,
): Decision {
  const standing = offerStanding(show, id, ask.now);
  if (!standing) return refuse('unknown-offer', `There is no offer "${id}".`, { field: 'offer' });
  const { offer, remaining } = standing;
  if (show.offers.byId.get(id)?.open)
    return refuse('already-open', `The offer "${id}" is open already.`, { field: 'offer' });
  if (!mayOpen(show, offer))
    return refuse(
      'show-not-open',
      show.phase === 'planned' ? 'The show is not open yet.' : `The show is ${show.phase}.`,
    );
  if (windowPassed(show, offer, ask.now))
    return refuse('offer-closed', `The time of the offer "${id}" is over.`, { field: 'offer' });
  if (remaining !== null && remaining <= 0)
    return refuse('cap-reached', `All ${offer.cap} of the offer "${id}" are taken.`, {
      field: 'offer',
      offer: id,
      available: 0,
    });
  if (offer.kind !== 'preorder' && availableUnits(show.stock, show.plan, offer.sku) <= 0) {
    return refuse('out-of-stock', `Nothing of ${offer.sku} is left for the offer "${id}".`, {
      field: 'offer',
      sku: offer.sku,
      available: 0,
    });
  }
  const closesAtT = closingTime(show, offer, closesAfterMs, ask.now);
  return accept([{ kind: 'offer.opened', body: { offer: id, why, closesAtT, by: ask.actor.by } }]);
}

export function offerClosing(
  show: ShowState,
  id: string,
  why: 'hand' | 'cue' | 'window' | 'cap' | 'close',
  ask: Ask,
): Decision {
  const standing = offerStanding(show, id, ask.now);
  if (!standing) return refuse('unknown-offer', `There is no offer "${id}".`, { field: 'offer' });
  if (!show.offers.byId.get(id)?.open) return refuse('not-open', `The offer "${id}" is not open.`, { field: 'offer' });
  return accept([{ kind: 'offer.closed', body: { offer: id, why, by: ask.actor.by } }]);
}

/** Windows that begin or have ended, caps that are reached. An offer opens by its window once. */
export function dueOffers(show: ShowState, now: Now): OriginFact[] {
  const facts: OriginFact[] = [];
  for (const offer of show.plan?.offers ?? []) {
    const run = show.offers.byId.get(offer.id);
    if (run?.open) {
      const why = closingReason(show, offer, run.closesAtT, now);
      const originId = `offer:${offer.id}:closed:${run.times}`;
      if (why)
        facts.push({ kind: 'offer.closed', body: { offer: offer.id, why, by: 'timer' }, origin: 'timer', originId });
    } else if (!run && offer.opensAt !== null && mayOpen(show, offer) && inWindow(show, offer, now)) {
      const closesAtT = closingTime(show, offer, null, now);
      const body = { offer: offer.id, why: 'window' as const, closesAtT, by: 'timer' };
      facts.push({ kind: 'offer.opened', body, origin: 'timer', originId: `offer:${offer.id}:opened:1` });
    }
  }
  return facts;
}

function closingReason(show: ShowState, offer: Offer, closesAtT: HubTime | null, now: Now): 'window' | 'cap' | null {
  if (closesAtT !== null && now.t >= closesAtT) return 'window';
  if (offer.cap === null) return null;
  return unitsGone(show, offer.id) >= offer.cap ? 'cap' : null;
}

function closingTime(show: ShowState, offer: Offer, closesAfterMs: Duration | null, now: Now): HubTime | null {
  const byCue = closesAfterMs === null ? Infinity : now.t + closesAfterMs;
  const byPlan = offer.closesAt === null ? Infinity : fromIso(offer.closesAt) - show.clock.k;
  const first = Math.min(byCue, byPlan);
  return first === Infinity ? null : first;
}

/** Promises may be sold before the show, everything else while it is live. */
function mayOpen(show: ShowState, offer: Offer): boolean {
  return show.phase === 'live' || (show.phase === 'planned' && offer.kind === 'preorder');
}
