import { liveHolds } from './holds.ts';
import { endOf } from './offers.ts';
import type { Offer } from './plan.ts';
import type { ShowState } from './show.ts';
import { type HubTime, type Now, fromIso } from './units.ts';
import { wallOf } from './clock.ts';

/** How an offer stands at one reading of the clock. */
export interface OfferStanding {
  offer: Offer;
  open: boolean;
  /** why it is shut, when it was open before */
  closedWhy: 'hand' | 'cue' | 'window' | 'cap' | 'close' | null;
  /** hub time of its end, when it has one or had one */
  endedT: HubTime | null;
  sold: number;
  held: number;
  /** units left under the cap; null without cap */
  remaining: number | null;
}

/** @returns null when the plan has no such offer */
export function offerStanding(show: ShowState, id: string, now: Now): OfferStanding | null {
  const offer = show.plan?.offers.find((each) => each.id === id);
  if (!offer) return null;
  const run = show.offers.byId.get(id);
  const taken = show.sales.takings.byOffer.get(id);
  const sold = taken?.sold ?? 0;
  const held = heldUnits(show, offer, now);
  const windowOver = run !== undefined && run.open && run.closesAtT !== null && now.t >= run.closesAtT;
  return {
    offer,
    open: run ? run.open && !windowOver : takesPromises(show, offer, now),
    closedWhy: windowOver ? 'window' : (run?.closedWhy ?? null),
    endedT: windowOver ? run.closesAtT : run ? endOf(run) : null,
    sold,
    held,
    remaining: offer.cap === null ? null : offer.cap - (sold - (taken?.back ?? 0)) - held,
  };
}

/** Promises may be taken before the show opens, unless the offer waits for its own hour or a hand has shut it. */
function takesPromises(show: ShowState, offer: Offer, now: Now): boolean {
  return offer.kind === 'preorder' && show.phase === 'planned' && inWindow(show, offer, now);
}

/** Plan times are clock time; hub time is compared with them through the clock's own offset. */
export function inWindow(show: ShowState, offer: Offer, now: Now): boolean {
  const wall = wallOf(show.clock, now.t);
  const opened = offer.opensAt === null || wall >= fromIso(offer.opensAt);
  return opened && !windowPassed(show, offer, now);
}

export function windowPassed(show: ShowState, offer: Offer, now: Now): boolean {
  return offer.closesAt !== null && wallOf(show.clock, now.t) >= fromIso(offer.closesAt);
}

function heldUnits(show: ShowState, offer: Offer, now: Now): number {
  if (show.stock.holds.size === 0) return 0;
  return liveHolds(show, now)
    .filter((hold) => hold.offer === offer.id)
    .flatMap(({ lines }) => lines)
    .reduce((sum, line) => sum + (line.sku === offer.sku ? line.quantity : 0), 0);
}
