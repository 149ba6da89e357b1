import type { BodyOf, Entry, EntryOf } from './ledger.ts';
import type { Frame } from './frame.ts';
import { type UsedCodes, foldCode } from './gate-codes.ts';
import type { Plan } from './plan.ts';
import type { HubTime, Instant } from './units.ts';

/**
 * Which offers are open and which gate codes are used up. How much of each was sold stands with the sales, what is held
 * with the stock; terms that were changed stand in the plan.
 */
export interface OffersState {
  byId: Map<string, OfferRun>;
  /** offer → its codes that standing sales have used */
  codes: Map<string, UsedCodes>;
  /** sale id → the code that it used, folded */
  codeOfSale: Map<string, { offer: string; code: string }>;
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
  return { byId: new Map(), codes: new Map(), codeOfSale: new Map() };
}

/** Hub time at which an offer ended; its window's end, however late the timer noticed it. Null while it is open. */
export function endOf(run: OfferRun): HubTime | null {
  return run.closedWhy === 'window' ? (run.closesAtT ?? run.closedT) : run.closedT;
}

/** The plan with one offer's terms put otherwise. The plan as it was when the show opened is kept beside it. */
export function changedPlan(plan: Plan, { offer: id, cap, perBuyer, closesAt }: BodyOf<'offer.changed'>): Plan {
  const offers = plan.offers.map((offer) =>
    offer.id === id
      ? {
          ...offer,
          ...(cap === undefined ? {} : { cap }),
          ...(perBuyer === undefined ? {} : { perBuyer }),
          ...(closesAt === undefined ? {} : { closesAt }),
        }
      : offer,
  );
  return { ...plan, offers };
}

export function evolveOffers(offers: OffersState, entry: Entry, frame: Frame): void {
  switch (entry.kind) {
    case 'offer.opened':
      offers.byId.set(entry.body.offer, {
        open: true,
        openedAt: entry.at,
        openedT: frame.t,
        closesAtT: entry.body.closesAtT,
        closedT: null,
        closedWhy: null,
        times: (offers.byId.get(entry.body.offer)?.times ?? 0) + 1,
      });
      break;
    case 'offer.changed': {
      const run = offers.byId.get(entry.body.offer);
      if (run?.open && entry.body.closesAtT !== undefined) run.closesAtT = entry.body.closesAtT;
      break;
    }
    case 'offer.closed': {
      const run = offers.byId.get(entry.body.offer);
      if (!run) break;
      run.open = false;
      run.closedT = frame.t;
      run.closedWhy = entry.body.why;
      break;
    }
    case 'sale.recorded':
      useCode(offers, entry);
      break;
    case 'sale.voided':
      freeCode(offers, entry.body.saleId);
      break;
  }
}

function useCode(offers: OffersState, { body }: EntryOf<'sale.recorded'>): void {
  const said = body.extra?.code;
  const offer = body.lines.find((line) => line.offer !== null)?.offer ?? null;
  if (said === undefined || offer === null) return;
  const code = foldCode(said);
  const used: UsedCodes = offers.codes.get(offer) ?? new Map<string, Set<string>>();
  offers.codes.set(offer, used.set(code, (used.get(code) ?? new Set<string>()).add(body.saleId)));
  offers.codeOfSale.set(body.saleId, { offer, code });
}

function freeCode(offers: OffersState, saleId: string): void {
  const used = offers.codeOfSale.get(saleId);
  if (!used) return;
  offers.codeOfSale.delete(saleId);
  const codes = offers.codes.get(used.offer);
  const sales = codes?.get(used.code);
  sales?.delete(saleId);
  if (sales?.size === 0) codes?.delete(used.code);
}
