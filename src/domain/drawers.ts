import type { CashBack, Tender } from './facts/sale-facts.ts';
import type { Frame } from './frame.ts';
import type { Entry } from './ledger.ts';
import type { Instant, Minor } from './units.ts';

/**
 * Cash sessions: one drawer is open at a till at a time, from its float to its count (DRW-1). What should be in it is
 * float + cash sales − cash refunds + paid in − paid out (I19). Cash that moves where no drawer is open belongs to none.
 */
export interface DrawersState {
  byId: Map<string, Drawer>;
  /** till (`desk` for the desk's own) → its open drawer */
  open: Map<string, string>;
  /** cash that moved while no drawer was open, taken less given */
  looseMinor: Minor;
}

export interface Drawer {
  id: string;
  till: string;
  by: string;
  seq: number;
  openedAt: Instant;
  floatMinor: Minor;
  salesMinor: Minor;
  refundsMinor: Minor;
  inMinor: Minor;
  outMinor: Minor;
  count: DrawerCount | null;
}

export interface DrawerCount {
  at: Instant;
  expectedMinor: Minor;
  countedMinor: Minor;
  varianceMinor: Minor;
  reason: string | null;
  by: string;
}

/** What the desk's own drawer is called. */
export const DESK_TILL = 'desk';

export function initialDrawers(): DrawersState {
  return { byId: new Map(), open: new Map(), looseMinor: 0 };
}

/** What should be in a drawer now. */
export function expectedIn({ floatMinor, salesMinor, refundsMinor, inMinor, outMinor }: Drawer): Minor {
  return floatMinor + salesMinor - refundsMinor + inMinor - outMinor;
}

/** Does anybody keep drawers at this show? Where nobody does, cash without one is no news. */
export function hasDrawers(drawers: DrawersState): boolean {
  return drawers.byId.size > 0;
}

/** The open drawer of a till (null: the desk); null when none is open. */
export function openDrawerOf(drawers: DrawersState, till: string | null): Drawer | null {
  return drawers.byId.get(drawers.open.get(till ?? DESK_TILL) ?? '') ?? null;
}

/** Drawers that were opened and not counted yet, oldest first. */
export function openDrawers(drawers: DrawersState): Drawer[] {
  return [...drawers.open.values()].flatMap((id) => drawers.byId.get(id) ?? []);
}

/**
 * The drawer that gives cash back: the till's own, else the desk's, else the only one there is.
 *
 * @param till the till that rang the sale; null: the desk did, or nobody knows
 */
export function payingDrawer(drawers: DrawersState, till: string | null): Drawer | null {
  const own = openDrawerOf(drawers, till) ?? openDrawerOf(drawers, null);
  if (own) return own;
  const open = openDrawers(drawers);
  return open.length === 1 ? (open[0] ?? null) : null;
}

/** A show, as far as drawers are concerned. */
interface HasDrawers {
  drawers: DrawersState;
}

/** Cash at hand for giving back; null: no drawer is open, which is allowed and flagged. */
export function drawerCash(show: HasDrawers, till: string | null): Minor | null {
  const drawer = payingDrawer(show.drawers, till);
  return drawer && expectedIn(drawer);
}

type Rung = { seq: number; till: string | null; tenders: readonly Tender[] };

/** Is the cash session in which a sale was rung still running? Where nobody keeps drawers, it is. */
export function inSameSession({ drawers }: HasDrawers, { seq, till }: Rung): boolean {
  const open = openDrawerOf(drawers, till);
  if (open) return open.seq < seq || !hadDrawer(drawers, till, seq);
  return !hadDrawer(drawers, till, seq);
}

/** What undoing a sale takes out of a drawer: out of its own session as if it had never been, else like a refund. */
export function cashOfVoid(show: HasDrawers, sale: Rung & { source: string }): CashBack | null {
  const amountMinor = cashOf(sale.tenders);
  if (amountMinor === 0 || !isRungHere(sale.source)) return null;
  const open = openDrawerOf(show.drawers, sale.till);
  if (open && open.seq < sale.seq) return { drawer: open.id, how: 'taken', amountMinor };
  return { drawer: payingDrawer(show.drawers, sale.till)?.id ?? null, how: 'refunded', amountMinor };
}

/** What a refund takes out of a drawer. @param till the till that rang the sale, or that gives the money */
export function cashOfRefund(show: HasDrawers, till: string | null, tenders: readonly Tender[]): CashBack | null {
  const amountMinor = cashOf(tenders);
  if (amountMinor === 0) return null;
  return { drawer: payingDrawer(show.drawers, till)?.id ?? null, how: 'refunded', amountMinor };
}

export function cashOf(tenders: readonly Tender[]): Minor {
  return tenders.reduce((sum, { kind, amountMinor }) => sum + (kind === 'cash' ? amountMinor : 0), 0);
}

/** Sales that came from outside put nothing into a drawer of ours. */
export function isRungHere(source: string): boolean {
  return source === 'till' || source === 'desk';
}

export function evolveDrawers(drawers: DrawersState, entry: Entry, _frame: Frame): void {
  switch (entry.kind) {
    case 'drawer.opened': {
      const { drawer: id, till, floatMinor, by } = entry.body;
      const sums = { salesMinor: 0, refundsMinor: 0, inMinor: 0, outMinor: 0, count: null };
      drawers.byId.set(id, { id, till, by, seq: entry.seq, openedAt: entry.at, floatMinor, ...sums });
      drawers.open.set(till, id);
      break;
    }
    case 'drawer.paid-in':
      put(drawers, entry.body.drawer, 'inMinor', entry.body.amountMinor, 1);
      break;
    case 'drawer.paid-out':
      put(drawers, entry.body.drawer, 'outMinor', entry.body.amountMinor, -1);
      break;
    case 'drawer.counted': {
      const { drawer: id, till, expectedMinor, countedMinor, varianceMinor, reason, by } = entry.body;
      const drawer = drawers.byId.get(id);
      if (drawer) drawer.count = { at: entry.at, expectedMinor, countedMinor, varianceMinor, reason, by };
      drawers.open.delete(till);
      break;
    }
    case 'sale.recorded': {
      const { source, till, tenders } = entry.body;
      const cash = isRungHere(source) ? cashOf(tenders) : 0;
      if (cash !== 0) put(drawers, openDrawerOf(drawers, till)?.id ?? null, 'salesMinor', cash, 1);
      break;
    }
    case 'pickup.handed-over': {
      const cash = cashOf(entry.body.paid ?? []);
      if (cash !== 0) put(drawers, openDrawerOf(drawers, entry.body.till ?? null)?.id ?? null, 'salesMinor', cash, 1);
      break;
    }
    case 'sale.voided':
    case 'sale.refunded':
      giveBack(drawers, entry.body.cash ?? null);
      break;
  }
}

function giveBack(drawers: DrawersState, cash: CashBack | null): void {
  if (cash === null) return;
  if (cash.how === 'taken') put(drawers, cash.drawer, 'salesMinor', -cash.amountMinor, 1);
  else put(drawers, cash.drawer, 'refundsMinor', cash.amountMinor, -1);
}

function put(
  drawers: DrawersState,
  id: string | null,
  figure: 'salesMinor' | 'refundsMinor' | 'inMinor' | 'outMinor',
  amountMinor: Minor,
  sign: 1 | -1,
): void {
  const drawer = id === null ? undefined : drawers.byId.get(id);
  if (drawer) drawer[figure] += amountMinor;
  else drawers.looseMinor += sign * amountMinor;
}

/** Was a drawer, counted since, open at this till when the sale was rung? */
function hadDrawer(drawers: DrawersState, till: string | null, seq: number): boolean {
  return [...drawers.byId.values()].some((drawer) => {
    return drawer.till === (till ?? DESK_TILL) && drawer.seq < seq && drawer.count !== null;
  });
}
