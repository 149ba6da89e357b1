import type { BodyOf, Entry } from './ledger.ts';
import type { Frame } from './frame.ts';
import { linesLeft } from './pickups.ts';
import type { SaleRecord } from './sale-record.ts';
import { type Duration, type Instant, type Minor, DAY, HOUR, fromIso } from './units.ts';

/** Money that a card has promised and that nobody has taken yet (STK-10). Records only: the vendor captures. */
export interface AuthorisationsState {
  /** all, settled ones included */
  byId: Map<string, Authorisation>;
  /** neither captured nor ended, oldest first */
  open: Set<string>;
  /** ended without money while their sale still promises goods: somebody decides what becomes of it */
  lapsed: Set<string>;
}

export interface Authorisation {
  id: string;
  provider: string;
  ref: string;
  amountMinor: Minor;
  capturedMinor: Minor;
  at: Instant;
  expiresAt: Instant;
  saleId: string | null;
  state: 'open' | 'captured' | 'voided' | 'failed' | 'expired';
  endedAt: Instant | null;
  by: string;
}

export function initialAuthorisations(): AuthorisationsState {
  return { byId: new Map(), open: new Set(), lapsed: new Set() };
}

/**
 * How long a vendor keeps such a promise when it does not say.
 *
 * @param present the card was in a terminal
 * @see docs.stripe.com "place a hold": 7 d online, 2 d by terminal; developer.squareup.com "delayed capture": 36 h card
 *      present, else 7 d
 */
export function lifeOf(provider: string, present: boolean): Duration {
  const vendor = provider.trim().toLowerCase();
  const terminal = present || vendor.includes('terminal');
  if (vendor.startsWith('stripe')) return terminal ? 2 * DAY : 7 * DAY;
  if (vendor.startsWith('square')) return terminal ? 36 * HOUR : 7 * DAY;
  return 7 * DAY;
}

export function openAuthorisations({ byId, open }: AuthorisationsState): Authorisation[] {
  return [...open].flatMap((id) => byId.get(id) ?? []);
}

/** A show, as far as promised money is concerned. */
interface HasPromises {
  authorisations: AuthorisationsState;
  sales: { byId: ReadonlyMap<string, SaleRecord> };
}

/** Money that did not come although goods are still promised for it. */
export function lapsedPromises({ authorisations: { byId, lapsed }, sales }: HasPromises): Authorisation[] {
  return [...lapsed].flatMap((id) => {
    const found = byId.get(id);
    const sale = sales.byId.get(found?.saleId ?? '');
    return found && sale && linesLeft(sale).length > 0 ? [found] : [];
  });
}

/** Every authorisation of a sale; there are few of them in a show. */
export function authorisationsOf({ byId }: AuthorisationsState, saleId: string): Authorisation[] {
  return [...byId.values()].filter((one) => one.saleId === saleId);
}

export function evolveAuthorisations(state: AuthorisationsState, entry: Entry, _frame: Frame): void {
  switch (entry.kind) {
    case 'authorisation.noted': {
      const noted = notedOf(entry.body, entry.at);
      state.byId.set(noted.id, noted);
      state.open.add(noted.id);
      break;
    }
    case 'authorisation.settled': {
      const { authorisation, how, amountMinor } = entry.body;
      end(state, authorisation, { state: how, capturedMinor: amountMinor, endedAt: entry.at });
      break;
    }
    case 'authorisation.expired':
      end(state, entry.body.authorisation, { state: 'expired', capturedMinor: 0, endedAt: entry.at });
      break;
    case 'sale.voided':
      forget(state, entry.body.saleId);
      break;
    case 'pickup.handed-over':
      // The goods are gone: there is no promise left that could be freed.
      forget(state, entry.body.saleId);
      break;
  }
}

function notedOf(body: BodyOf<'authorisation.noted'>, at: Instant): Authorisation {
  const { authorisation: id, provider, ref, amountMinor, expiresAt, saleId, by } = body;
  return {
    id,
    provider,
    ref,
    amountMinor,
    capturedMinor: 0,
    at,
    expiresAt: fromIso(expiresAt),
    saleId,
    state: 'open',
    endedAt: null,
    by,
  };
}

function end(
  state: AuthorisationsState,
  id: string,
  change: Pick<Authorisation, 'state' | 'capturedMinor' | 'endedAt'>,
): void {
  const found = state.byId.get(id);
  if (!found) return;
  Object.assign(found, change);
  state.open.delete(id);
  if (change.state === 'captured') {
    state.lapsed.delete(id);
    if (found.saleId !== null) forget(state, found.saleId);
  } else if (found.saleId !== null) state.lapsed.add(id);
}

function forget(state: AuthorisationsState, saleId: string): void {
  for (const id of state.lapsed) if (state.byId.get(id)?.saleId === saleId) state.lapsed.delete(id);
}
