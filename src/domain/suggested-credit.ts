import { isOpen } from './credit.ts';
import { CREDIT_GRACE } from './sale-credit.ts';
import { type SaleRecord, netLeft } from './sale-record.ts';
import { soldT } from './sales.ts';
import type { ShowState } from './show.ts';
import { type Duration, type HubTime, type Minor, SECOND } from './units.ts';

/**
 * Credit that nobody claimed but the run of show suggests (ATT-9): a sale without a code, of what a creator was showing
 * on air when the buyer saw it. A way of looking, never a fact: it is in no total and no fee until a person accepts it.
 */

/** How far viewers are behind when nobody has measured it. */
export const ASSUMED_DELAY: Duration = 13 * SECOND;

export interface Suggested {
  /** by person id */
  byCreator: ReadonlyMap<string, { units: number; netMinor: Minor }>;
  /** sale id → person id */
  bySale: ReadonlyMap<string, string>;
}

/**
 * All suggestions as of now. Costs as much as there are new sales and suggestions, not as there are sales; all are looked
 * at again when the run of show changed.
 *
 * @param delayMs setting `stream.delayMs`; null: not measured
 */
export function suggestedCredit(show: ShowState, delayMs: Duration | null): Suggested {
  const looks = lookAt(show, delayMs ?? ASSUMED_DELAY);
  if (looks.made && looks.seq === show.seq) return looks.made;
  const { open } = show.sales.credit;
  for (; looks.upTo < open.length; looks.upTo += 1) {
    const sale = show.sales.byId.get(open[looks.upTo] ?? '');
    if (!sale) continue;
    const creator = suggestionFor(sale, looks.onAir, looks.delay);
    if (creator === null) looks.found.delete(sale.saleId);
    else looks.found.set(sale.saleId, creator);
  }
  looks.made = summed(show, looks.found);
  looks.seq = show.seq;
  return looks.made;
}

/** The creator suggested for one sale; null when none is, or the sale is not open to suggestions. */
export function suggestionOf(show: ShowState, sale: SaleRecord, delayMs: Duration | null): string | null {
  return isOpen(sale) ? suggestionFor(sale, onAirTimes(show), delayMs ?? ASSUMED_DELAY) : null;
}

/** A cue that features something, while it was on air. */
interface OnAir {
  skus: readonly string[];
  owners: readonly string[];
  from: HubTime;
  to: HubTime | null;
}

/** What was found so far for one show, as long as nothing on air changes its meaning. */
interface Looks {
  delay: Duration;
  key: string;
  onAir: OnAir[];
  /** of the open sales, so many have been looked at */
  upTo: number;
  found: Map<string, string>;
  seq: number;
  made: Suggested | null;
}

const memory = new WeakMap<ShowState, Looks>();

function lookAt(show: ShowState, delay: Duration): Looks {
  const onAir = onAirTimes(show);
  const key = JSON.stringify(onAir);
  const known = memory.get(show);
  if (known && known.delay === delay && known.key === key) return known;
  const fresh: Looks = { delay, key, onAir, upTo: 0, found: new Map(), seq: -1, made: null };
  memory.set(show, fresh);
  return fresh;
}

function onAirTimes(show: ShowState): OnAir[] {
  return show.cues.runs.flatMap((run) => {
    const cue = show.cues.byId.get(run.cue)?.cue;
    if (!cue || run.withdrawn) return [];
    const offered = show.plan?.offers.find(({ id }) => id === cue.offer)?.sku;
    const skus = [cue.sku, offered].filter((sku) => sku !== null && sku !== undefined);
    return skus.length === 0 ? [] : [{ skus, owners: cue.owners, from: run.startT, to: run.endT }];
  });
}

/** Two cues that fit, or a cue of two people, leave it undecided: it is split to none. */
function suggestionFor(sale: SaleRecord, onAir: readonly OnAir[], delay: Duration): string | null {
  const seenT = soldT(sale) - delay;
  const fitting = onAir.filter(
    ({ skus, from, to }) =>
      seenT >= from &&
      (to === null || seenT <= to + CREDIT_GRACE) &&
      sale.lines.some(({ sku }) => sku !== null && skus.includes(sku)),
  );
  const [only, ...others] = fitting;
  return only && others.length === 0 && only.owners.length === 1 ? (only.owners[0] ?? null) : null;
}

function summed(show: ShowState, found: ReadonlyMap<string, string>): Suggested {
  const byCreator = new Map<string, { units: number; netMinor: Minor }>();
  const bySale = new Map<string, string>();
  for (const [saleId, creator] of found) {
    const sale = show.sales.byId.get(saleId);
    if (!sale || !isOpen(sale)) continue;
    bySale.set(saleId, creator);
    const figures = byCreator.get(creator) ?? { units: 0, netMinor: 0 };
    figures.units += sale.lines.reduce((sum, { quantity }) => sum + quantity, 0);
    figures.netMinor += netLeft(sale);
    byCreator.set(creator, figures);
  }
  return { byCreator, bySale };
}
