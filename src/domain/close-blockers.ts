import { lapsedPromises, openAuthorisations } from './authorisations.ts';
import { openDrawers } from './drawers.ts';
import { unsettledPickups } from './pickups.ts';
import { joinedDevices } from './devices.ts';
import { tillsWithLease } from './leases.ts';
import { openShortfalls } from './sales.ts';
import type { ShowState } from './show.ts';
import { goods, type StockCount } from './stock.ts';

/** What the hub knows beside the ledger that must be settled before files are written. */
export interface Undelivered {
  /** dead letters nobody has settled */
  deadLetters: number;
  /** messages from outside that are kept and not booked yet */
  pendingLetters?: number;
  /** tills that say they hold sales the hub has not got */
  unsent: { device: string; count: number }[];
  /** connectors whose last good answer is older than the close */
  behind: string[];
  /** a sentence while facts or files cannot be saved */
  cannotSave: string | null;
  chainBroken: boolean;
  /** ids of devices that can be reached; null: nobody knows */
  online: ReadonlySet<string> | null;
}

export const NOTHING_UNDELIVERED: Undelivered = {
  deadLetters: 0,
  unsent: [],
  behind: [],
  cannotSave: null,
  chainBroken: false,
  online: null,
};

export type CloseStep = 'closing' | 'counting' | 'reconciled';

/** Something between here and the files. `state`: the step it keeps the show in. */
export interface CloseBlocker {
  code: string;
  state: CloseStep;
  count: number;
  message: string;
  action: string;
  /** cannot be passed with a reason */
  hard: boolean;
  items: string[];
}

/** Everything that stands in the way, first things first; what was passed with a reason is left out (CLO-2). */
export function closeBlockers(show: ShowState, undelivered: Undelivered): CloseBlocker[] {
  if (show.phase !== 'closing') return [];
  return [...drainBlockers(show, undelivered), ...countBlockers(show)].filter(
    ({ hard, code, count }) => count > 0 && (hard || !show.close.passed.has(code)),
  );
}

/** The step a closing show is in follows from what still blocks it (CLO-3, CLO-5). */
export function closeStep(blockers: readonly CloseBlocker[]): CloseStep {
  if (blockers.some(({ state }) => state === 'closing')) return 'closing';
  return blockers.some(({ state }) => state === 'counting') ? 'counting' : 'reconciled';
}

function drainBlockers(show: ShowState, undelivered: Undelivered): CloseBlocker[] {
  const drain = (code: string, items: string[], message: string, action: string, hard = false): CloseBlocker => ({
    code,
    state: 'closing',
    count: items.length,
    message,
    action,
    hard,
    items,
  });
  const letters = undelivered.deadLetters;
  const pending = undelivered.pendingLetters ?? 0;
  const unsent = undelivered.unsent.reduce((sum, { count }) => sum + count, 0);
  const leasesOut = leasesOutOfReach(show, undelivered.online);
  const shortfalls = openShortfalls(show.sales);
  const parked = [...show.sales.parked.values()];
  const files = [...show.close.recording].map(([run, path]) => path ?? run);
  return [
    drain(
      'chain-broken',
      undelivered.chainBroken ? ['ledger'] : [],
      'The ledger does not verify.',
      'Recover the ledger before closing.',
      true,
    ),
    drain(
      'store-failing',
      undelivered.cannotSave === null ? [] : [undelivered.cannotSave],
      'Facts cannot be saved.',
      'Free space or repair the disk.',
      true,
    ),
    {
      ...drain(
        'till-unsent',
        undelivered.unsent.map(({ device }) => device),
        `${plural(unsent, 'sale')} still on tills.`,
        'Bring the tills in reach, or close without them.',
      ),
      count: unsent,
    },
    drain(
      'leases-out',
      leasesOut,
      `${plural(leasesOut.length, 'till')} out of reach with goods set apart.`,
      'Bring the tills in reach, or declare them lost.',
    ),
    {
      ...drain(
        'letters-pending',
        [],
        `${plural(pending, 'message')} from outside not booked yet.`,
        'Wait until they are worked on.',
      ),
      count: pending,
    },
    {
      ...drain(
        'dead-letters',
        [],
        `${plural(letters, 'message')} from outside could not be booked.`,
        'Settle each with a reason.',
      ),
      count: letters,
    },
    drain(
      'parked-lines',
      parked.map(({ id }) => id),
      `${plural(parked.length, 'sold line')} without a known product.`,
      'Say which product each was.',
    ),
    drain(
      'shortfalls',
      shortfalls.map(({ id }) => id),
      `${plural(shortfalls.length, 'order')} sold more than there was.`,
      'Resolve each shortfall.',
    ),
    drain(
      'connector-behind',
      undelivered.behind,
      `${plural(undelivered.behind.length, 'connector')} not heard since the close, so sales may be missing.`,
      'Wait for the next answer.',
    ),
    drain('recording-running', files, 'The recording is still running.', 'Stop it in OBS.'),
  ];
}

/** CLS-2: only such a till knows what it has sold of its lease. One that is lost is counted instead. */
function leasesOutOfReach(show: ShowState, online: Undelivered['online']): string[] {
  if (online === null) return [];
  const reached = new Set(joinedDevices(show.devices).flatMap(({ id, till }) => (online.has(id) ? [till] : [])));
  return tillsWithLease(show.stock).filter((till) => !reached.has(till) && !show.stock.frozenTills.has(till));
}

function countBlockers(show: ShowState): CloseBlocker[] {
  const counting = (code: string, items: string[], message: string, action: string): CloseBlocker => ({
    code,
    state: 'counting',
    count: items.length,
    message,
    action,
    hard: false,
    items,
  });
  const authorisations = [...openAuthorisations(show.authorisations), ...lapsedPromises(show)];
  const pickups = unsettledPickups(show);
  const drawers = openDrawers(show.drawers);
  const skus = countable(show);
  const states = new Map(skus.map((sku) => [sku, countState(show, sku)]));
  const are = (wanted: CountState): string[] => skus.filter((sku) => states.get(sku) === wanted);
  return [
    counting(
      'uncounted',
      are('uncounted'),
      `${plural(are('uncounted').length, 'product')} not counted.`,
      'Count what is there.',
    ),
    counting(
      'count-stale',
      are('stale'),
      `${plural(are('stale').length, 'product')} moved after the count.`,
      'Count again.',
    ),
    counting(
      'second-count',
      are('second'),
      `${plural(are('second').length, 'count')} far from what was expected.`,
      'Count a second time.',
    ),
    counting(
      'variance-unexplained',
      are('unexplained'),
      `${plural(are('unexplained').length, 'difference')} without an explanation.`,
      'Explain each difference.',
    ),
    counting(
      'drawer-uncounted',
      drawers.map(({ till }) => till),
      `${plural(drawers.length, 'drawer')} not counted.`,
      'Count the money.',
    ),
    counting(
      'authorisations-open',
      authorisations.map(({ id }) => id),
      `${plural(authorisations.length, 'card promise')} neither captured nor let go.`,
      'Say what became of each.',
    ),
    counting(
      'pickups-open',
      pickups.map(({ pickup }) => pickup.saleId),
      `${plural(pickups.length, 'pickup')} neither handed over nor missed.`,
      'Hand each over, or say that nobody came.',
    ),
  ];
}

/** What an adjustment may say about a difference between shelf and books (CLS-4). */
export const EXPLANATIONS = ['miscount', 'damage', 'theft', 'sample', 'unrecorded-sale', 'found', 'other'] as const;
export type Explanation = (typeof EXPLANATIONS)[number];

export type CountState = 'uncounted' | 'stale' | 'second' | 'unexplained' | 'counted';

/** Products in the plan's order, then whatever else has a cell; bundles are counted by their parts. */
export function stockedSkus(show: ShowState): string[] {
  const planned = show.plan?.products.map(({ sku }) => sku) ?? [];
  const others = [...show.stock.cells.keys()].filter((sku) => !planned.includes(sku)).sort();
  return [...planned, ...others];
}

/** What must be counted: every product that anything has happened to (CLO-5). */
export function countable(show: ShowState): string[] {
  return stockedSkus(show).filter((sku) => show.close.moved.has(sku));
}

/** The count that holds in this closing, if any. */
export function countOf(show: ShowState, sku: string): StockCount | null {
  const count = show.stock.counted.get(sku);
  return count && show.close.since !== null && count.seq > show.close.since ? count : null;
}

/** @returns null while uncounted; 0 when every unit of difference is explained */
export function unexplained(show: ShowState, sku: string): number | null {
  const count = countOf(show, sku);
  return count ? count.variance - (show.close.explained.get(sku) ?? 0) : null;
}

export function countState(show: ShowState, sku: string): CountState {
  const count = countOf(show, sku);
  if (!count) return 'uncounted';
  const explained = show.close.explained.get(sku) ?? 0;
  if (goods(show.stock, sku).physical !== count.expected + explained) return 'stale';
  if (count.variance === explained) return 'counted';
  return count.pass === 1 && isFar(count) ? 'second' : 'unexplained';
}

/** CLS-3: so far off that somebody should look again before it is believed. */
export function isFar({ variance, expected }: { variance: number; expected: number }): boolean {
  return Math.abs(variance) > Math.max(1, 0.02 * expected);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
