import { isOpen } from './credit.ts';
import { CREDIT_GRACE } from './sale-credit.ts';
import { type SaleRecord, netLeft, soldT } from './sale-record.ts';
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
  /** by sale id */
  bySale: ReadonlyMap<string, Suggestion>;
}

export interface Suggestion {
  creator: string;
  units: number;
  /** less what was given back */
  netMinor: Minor;
}

/**
 * All suggestions as of now. Costs as much as there are sales that changed since the last look, and those that were sold
 * since the run of show changed.
 *
 * @param delayMs setting `stream.delayMs`; null: not measured
 */
export function suggestedCredit(show: ShowState, delayMs: Duration | null): Suggested {
  const looks = lookAt(show, delayMs ?? ASSUMED_DELAY);
  const { open } = show.sales.credit;
  for (; looks.upTo < open.length; looks.upTo += 1) {
    const sale = show.sales.byId.get(open[looks.upTo] ?? '');
    if (sale) note(looks, sale);
  }
  return looks;
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
interface Looks extends Suggested {
  delay: Duration;
  key: string;
  onAir: OnAir[];
  /** of the sales to look at, so many have been */
  upTo: number;
  byCreator: Map<string, { units: number; netMinor: Minor }>;
  bySale: Map<string, Suggestion>;
}

const memory = new WeakMap<ShowState, Looks>();

function lookAt(show: ShowState, delay: Duration): Looks {
  const onAir = onAirTimes(show);
  const key = JSON.stringify(onAir);
  const known = memory.get(show);
  if (known && known.delay === delay && known.key === key) return known;
  const looks: Looks =
    known?.delay === delay
      ? { ...known, key, onAir }
      : { delay, key, onAir, upTo: 0, byCreator: new Map(), bySale: new Map() };
  memory.set(show, looks);
  if (known) lookAgain(show, looks, firstChange(known.onAir, onAir) + delay);
  return looks;
}

/** A cue that starts or ends changes nothing for what was sold before: nothing is sold after it is booked. */
function lookAgain(show: ShowState, looks: Looks, sinceT: HubTime): void {
  for (let i = 0; i < looks.upTo; i += 1) {
    const sale = show.sales.byId.get(show.sales.credit.open[i] ?? '');
    if (sale && sale.t >= sinceT) note(looks, sale);
  }
}

/** The earliest moment at which two ways of being on air differ. */
function firstChange(before: readonly OnAir[], after: readonly OnAir[]): HubTime {
  let first = Infinity;
  for (let i = 0; i < Math.max(before.length, after.length); i += 1) {
    const [was, is] = [before[i], after[i]];
    if (!was || !is) first = Math.min(first, (was ?? is)?.from ?? 0);
    else if (JSON.stringify({ ...was, to: null }) !== JSON.stringify({ ...is, to: null }))
      first = Math.min(first, was.from, is.from);
    else if (was.to !== is.to) first = Math.min(first, was.to ?? Infinity, is.to ?? Infinity);
  }
  return first;
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

/** A sale is seen for the first time, or something about it has changed. */
function note({ onAir, delay, byCreator, bySale }: Looks, sale: SaleRecord): void {
  const before = bySale.get(sale.saleId);
  if (before) {
    add(byCreator, before, -1);
    bySale.delete(sale.saleId);
  }
  const creator = isOpen(sale) ? suggestionFor(sale, onAir, delay) : null;
  if (creator === null) return;
  const units = sale.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const suggestion = { creator, units, netMinor: netLeft(sale) };
  bySale.set(sale.saleId, suggestion);
  add(byCreator, suggestion, 1);
}

function add(byCreator: Looks['byCreator'], { creator, units, netMinor }: Suggestion, sign: 1 | -1): void {
  const figures = byCreator.get(creator) ?? { units: 0, netMinor: 0 };
  figures.units += sign * units;
  figures.netMinor += sign * netMinor;
  // A suggested sale has units, so none are left when the last one has gone.
  if (figures.units === 0) byCreator.delete(creator);
  else byCreator.set(creator, figures);
}
