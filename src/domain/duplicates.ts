import { isRungHere } from './drawers.ts';
import type { SaleRecorded } from './facts/sale-facts.ts';
import type { Frame } from './frame.ts';
import type { Entry } from './ledger.ts';
import { type Duration, type Instant, MINUTE, SECOND, fromIso } from './units.ts';

/**
 * Sales that may be one and the same: rung here, and told by a shop that also sells in person (CON-10). Equal total and
 * goods within two minutes are likeness and no proof, so both stand until a person has decided.
 */
export interface DuplicatesState {
  /** sale told by a shop → the one rung here that it looks like */
  found: Map<string, PossibleDuplicate>;
  /** undone, or looked at by a person: no twin of any other */
  settled: Set<string>;
  /** what was sold in person, by minute of sale; a few bytes a sale. Apart, because only one kind is ever the other's twin */
  rung: Map<number, MinuteOfSales>;
  told: Map<number, MinuteOfSales>;
}

export interface PossibleDuplicate {
  /** rung here */
  rung: string;
  at: Instant;
}

interface MinuteOfSales {
  ids: string[];
  likeness: number[];
  soldAt: Instant[];
}

/** further apart are two sales */
const APART: Duration = 120 * SECOND;
const MINUTES_APART = APART / MINUTE;

export function initialDuplicates(): DuplicatesState {
  return { found: new Map(), settled: new Set(), rung: new Map(), told: new Map() };
}

export function evolveDuplicates(state: DuplicatesState, entry: Entry, _frame: Frame): void {
  switch (entry.kind) {
    case 'sale.recorded': {
      const isRung = isRungHere(entry.body.source);
      if (isRung || entry.body.channel === 'in-person') take(state, entry.body, { at: entry.at, isRung });
      break;
    }
    case 'sale.voided':
      settle(state, entry.body.saleId);
      break;
    case 'duplicate.dismissed':
      settle(state, entry.body.saleId);
      break;
    case 'sale.refunded':
      if (entry.body.reason === 'duplicate' && entry.body.saleId !== null) settle(state, entry.body.saleId);
      break;
  }
}

function take(state: DuplicatesState, sale: SaleRecorded, { at, isRung }: { at: Instant; isRung: boolean }): void {
  const soldAt = Math.min(fromIso(sale.madeAt), at);
  const minute = Math.floor(soldAt / MINUTE);
  const likeness = likenessOf(sale);
  const other = twinOf(state, isRung ? state.told : state.rung, { minute, soldAt, likeness });
  if (other !== null) {
    const [told, rung] = isRung ? [other, sale.saleId] : [sale.saleId, other];
    state.found.set(told, { rung, at });
  }
  const pages = isRung ? state.rung : state.told;
  let page = pages.get(minute);
  if (!page) pages.set(minute, (page = { ids: [], likeness: [], soldAt: [] }));
  page.ids.push(sale.saleId);
  page.likeness.push(likeness);
  page.soldAt.push(soldAt);
}

/** A sale of the other kind, equally made, near in time, and no other's twin already. */
function twinOf(
  state: DuplicatesState,
  others: ReadonlyMap<number, MinuteOfSales>,
  one: { minute: number; soldAt: Instant; likeness: number },
): string | null {
  if (others.size === 0) return null;
  const paired = new Set([...state.found].flatMap(([told, { rung }]) => [told, rung]));
  for (let minute = one.minute - MINUTES_APART; minute <= one.minute + MINUTES_APART; minute += 1) {
    const { ids = [], likeness = [], soldAt = [] } = others.get(minute) ?? {};
    for (let i = 0; i < ids.length; i += 1) {
      if (likeness[i] !== one.likeness || Math.abs((soldAt[i] ?? 0) - one.soldAt) > APART) continue;
      const id = ids[i] ?? '';
      if (!paired.has(id) && !state.settled.has(id)) return id;
    }
  }
  return null;
}

function settle(state: DuplicatesState, saleId: string): void {
  state.settled.add(saleId);
  for (const [told, { rung }] of state.found) {
    if (told !== saleId && rung !== saleId) continue;
    state.found.delete(told);
    state.settled.add(told).add(rung);
  }
}

/** Equal for equal total and goods; 32 bits of FNV-1a, and nothing is decided by them alone. */
function likenessOf({ totalMinor, lines }: SaleRecorded): number {
  const goods = lines.map(({ sku, foreignSku, quantity }) => `${sku ?? foreignSku ?? ''}×${quantity}`).sort();
  const text = `${totalMinor} ${goods.join(' ')}`;
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
