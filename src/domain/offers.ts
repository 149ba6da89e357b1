import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';
import type { HubTime, Instant } from './units.ts';

/** Which offers are open. How much of each was sold stands with the sales, what is held with the stock. */
export interface OffersState {
  byId: Map<string, OfferRun>;
}

/** The latest opening of one offer; an offer that was never opened has none. */
export interface OfferRun {
  open: boolean;
  openedAt: Instant;
  openedT: HubTime;
  /** end of its window, when it has one */
  closesAtT: HubTime | null;
  closedT: HubTime | null;
  closedWhy: 'hand' | 'cue' | 'window' | 'cap' | 'close' | null;
  /** how often it has been opened */
  times: number;
}

export function initialOffers(): OffersState {
  return { byId: new Map() };
}

/** Hub time at which an offer ended; its window's end, however late the timer noticed it. Null while it is open. */
export function endOf(run: OfferRun): HubTime | null {
  return run.closedWhy === 'window' ? (run.closesAtT ?? run.closedT) : run.closedT;
}

export function evolveOffers(offers: OffersState, entry: Entry, frame: Frame): void {
  if (entry.kind === 'offer.opened') {
    offers.byId.set(entry.body.offer, {
      open: true,
      openedAt: entry.at,
      openedT: frame.t,
      closesAtT: entry.body.closesAtT,
      closedT: null,
      closedWhy: null,
      times: (offers.byId.get(entry.body.offer)?.times ?? 0) + 1,
    });
  }
  if (entry.kind === 'offer.closed') {
    const run = offers.byId.get(entry.body.offer);
    if (!run) return;
    run.open = false;
    run.closedT = frame.t;
    run.closedWhy = entry.body.why;
  }
}
