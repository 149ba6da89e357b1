import { type Decision, accept, refuse } from '../refusal.ts';
import type { CommandOf } from '../commands.ts';
import { wallOf } from '../clock.ts';
import { type OfferStanding, offerStanding, unitsGone } from '../offer-standing.ts';
import type { BodyOf } from '../ledger.ts';
import type { ShowState } from '../show.ts';
import { type Now, fromIso, toIso } from '../units.ts';
import type { Decider } from './decider.ts';

/**
 * Extends an offer, raises or lowers its cap or its limit for each buyer (STK-9). An offer that has ended stays ended:
 * `open-offer` opens it again under the new terms.
 *
 * Reply: `open`, `remaining`.
 */
export const changeOffer: Decider<'change-offer'> = (show, command, ask) => {
  const standing = offerStanding(show, command.offer, ask.now);
  if (!standing) return refuse('unknown-offer', `There is no offer "${command.offer}".`, { field: 'offer' });
  if (show.phase === 'closing' || show.phase === 'closed')
    return refuse('show-not-open', `The show is ${show.phase}; its offers stay as they were.`);
  const { cap, perBuyer, closesAt } = command;
  if (cap === undefined && perBuyer === undefined && closesAt === undefined)
    return refuse('bad-value', 'Say what is to change: cap, perBuyer or closesAt.', { field: 'cap' });
  const refusal = capRefusal(show, standing, cap) ?? endRefusal(show, standing, closesAt, ask.now);
  if (refusal) return refusal;
  const body: BodyOf<'offer.changed'> = {
    offer: command.offer,
    ...(cap === undefined ? {} : { cap }),
    ...(perBuyer === undefined ? {} : { perBuyer }),
    ...(closesAt === undefined ? {} : endOf(show, closesAt)),
    by: ask.actor.by,
  };
  const capNow = cap === undefined ? standing.offer.cap : cap;
  const remaining = capNow === null ? null : capNow - unitsGone(show, command.offer) - standing.held;
  return accept([{ kind: 'offer.changed', body }], { open: standing.open, remaining });
};

/** A cap may not fall below what buyers have already. */
function capRefusal(
  show: ShowState,
  { offer, held }: OfferStanding,
  cap: CommandOf<'change-offer'>['cap'],
): (Decision & { ok: false }) | null {
  const lowest = unitsGone(show, offer.id) + held;
  if (cap === undefined || cap === null || cap >= lowest) return null;
  return refuse('bad-value', `${lowest} of the offer "${offer.id}" are sold or held; the cap cannot be lower.`, {
    field: 'cap',
    lowest,
  });
}

function endRefusal(
  show: ShowState,
  { offer }: OfferStanding,
  closesAt: CommandOf<'change-offer'>['closesAt'],
  now: Now,
): (Decision & { ok: false }) | null {
  if (closesAt === undefined || closesAt === null) return null;
  const wall = wallOf(show.clock, now.t);
  if (fromIso(closesAt) <= wall)
    return refuse('bad-value', 'The new end lies in the past; close the offer instead.', {
      field: 'closesAt',
      now: toIso(Math.round(wall)),
    });
  if (offer.opensAt !== null && fromIso(closesAt) <= fromIso(offer.opensAt))
    return refuse('bad-value', 'The offer would end before it opens.', { field: 'closesAt', opensAt: offer.opensAt });
  return null;
}

function endOf(show: ShowState, closesAt: string | null): Pick<BodyOf<'offer.changed'>, 'closesAt' | 'closesAtT'> {
  if (closesAt === null) return { closesAt: null, closesAtT: null };
  return { closesAt: toIso(fromIso(closesAt)), closesAtT: fromIso(closesAt) - show.clock.k };
}
