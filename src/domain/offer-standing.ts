import { liveHolds } from './holds.ts';
import { endOf } from './offers.ts';
import type { Offer } from './plan.ts';
import type { ShowState } from './show.ts';
import type { Hold } from './stock.ts';
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
  const sold = show.sales.takings.byOffer.get(id)?.sold ?? 0;
  const held = heldUnits(show, offer, now);
  const windowOver = run !== undefined && run.open && run.closesAtT !== null && now.t >= run.closesAtT;
  return {
    offer,
    open: run ? run.open && !windowOver : opensItself(show, offer, now),
    closedWhy: windowOver ? 'window' : (run?.closedWhy ?? null),
    endedT: windowOver ? run.closesAtT : run ? endOf(run) : null,
    sold,
    held,
    remaining: offer.cap === null ? null : offer.cap - unitsGone(show, id) - held,
  };
}

/**
 * Promises may be taken before the show opens and perks while it is live, unless the offer waits for its own hour or a
 * hand has shut it. Everything else is opened by somebody.
 */
function opensItself(show: ShowState, offer: Offer, now: Now): boolean {
  const hour = offer.kind === 'preorder' ? 'planned' : offer.kind === 'perk' ? 'live' : null;
  return show.phase === hour && inWindow(show, offer, now);
}

/** What counts against a cap besides holds: sold and not back in the reserve, and samples handed out (STK-9). */
export function unitsGone(show: ShowState, offer: string): number {
  const { sold = 0, back = 0 } = show.sales.takings.byOffer.get(offer) ?? {};
  const samples = [...(show.attendance.perks.get(offer)?.redeemed.values() ?? [])].filter(
    ({ saleId }) => saleId === null,
  );
  return sold - back + samples.length;
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

/** Units of the offer on hold at this reading, of those holds that count. */
export function heldUnits(
  show: ShowState,
  offer: Offer,
  now: Now,
  counts: (hold: Hold) => boolean = () => true,
): number {
  if (show.stock.holds.size === 0) return 0;
  return liveHolds(show, now)
    .filter((hold) => hold.offer === offer.id && counts(hold))
    .flatMap(({ lines }) => lines)
    .reduce((sum, line) => sum + (line.sku === offer.sku ? line.quantity : 0), 0);
}
