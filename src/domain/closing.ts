import type { Entry } from './ledger.ts';
import type { Frame } from './frame.ts';
import type { HubTime, Instant } from './units.ts';

/**
 * How the show is being shut. Counts themselves are stock's; here is only what closing makes of them: since when they
 * hold, what of a variance is explained, which blockers somebody has passed, and which versions were written.
 */
export interface CloseState {
  /** seq of the `show.closing` in force; counts before it are of an earlier closing. null while live */
  since: number | null;
  /** blocker codes passed with a reason in this closing */
  passed: Set<string>;
  /** sku → units explained by `adjust-stock` since its last count */
  explained: Map<string, number>;
  overrides: CloseOverride[];
  /** pinned and not yet closed: the files are being written, or the hub died while writing them */
  pinned: ClosePin | null;
  /** every version, oldest first; none is ever changed */
  written: WrittenClose[];
  /** skus that anything has happened to: those are counted */
  moved: Set<string>;
  /** seq of the newest fact about sales, buyers or stock: later than the newest files, it belongs to the next version */
  bookedSeq: number;
  /** recordings that OBS has started and not stopped: run → file */
  recording: Map<string, string | null>;
}

export interface CloseOverride {
  codes: string[];
  reason: string;
  by: string;
  at: Instant;
}

export interface ClosePin {
  version: number;
  ledgerSeq: number;
  at: Instant;
}

export interface WrittenClose {
  version: number;
  ledgerSeq: number;
  contentSha256: string;
  manifestSha256: string;
  files: { path: string; bytes: number; kind: string }[];
  at: Instant;
  /** hub time, for the ten minutes in which it may be reopened */
  t: HubTime;
}

export function initialClose(): CloseState {
  return {
    since: null,
    passed: new Set(),
    explained: new Map(),
    overrides: [],
    pinned: null,
    written: [],
    moved: new Set(),
    bookedSeq: 0,
    recording: new Map(),
  };
}

export function evolveClose(state: CloseState, entry: Entry, frame: Frame): void {
  noteMoved(state.moved, entry);
  if (BOOKED.has(entry.kind)) state.bookedSeq = entry.seq;
  switch (entry.kind) {
    case 'show.closing':
      state.since = entry.seq;
      startAfresh(state);
      break;
    case 'show.reopened':
      state.since = null;
      startAfresh(state);
      break;
    case 'close.overridden': {
      const { codes, reason, by } = entry.body;
      for (const code of codes) state.passed.add(code);
      state.overrides.push({ codes, reason, by, at: entry.at });
      break;
    }
    case 'close.pinned':
      state.pinned = { ...entry.body, at: entry.at };
      break;
    case 'show.closed':
      state.pinned = null;
      state.written.push({ ...entry.body, at: entry.at, t: frame.t });
      break;
    case 'stock.counted':
      state.explained.delete(entry.body.sku);
      break;
    case 'stock.adjusted':
      state.explained.set(entry.body.sku, (state.explained.get(entry.body.sku) ?? 0) + entry.body.delta);
      break;
    case 'recording.started':
      state.recording.set(entry.body.run, entry.body.path);
      break;
    case 'recording.stopped':
      state.recording.delete(entry.body.run);
      break;
    case 'recording.lost':
      state.recording.delete(entry.body.run);
      break;
  }
}

const BOOKED: ReadonlySet<Entry['kind']> = new Set<Entry['kind']>([
  'sale.recorded',
  'sale.voided',
  'sale.refunded',
  'sale.amended',
  'sale.reattributed',
  'line.mapped',
  'shortfall.resolved',
  'purchase.observed',
]);

function startAfresh(state: CloseState): void {
  state.passed = new Set();
  state.explained = new Map();
  state.pinned = null;
}

/** Every sale passes here when a show is opened, so nothing is built that is thrown away at once. */
function noteMoved(moved: Set<string>, entry: Entry): void {
  switch (entry.kind) {
    case 'sale.recorded':
      // A promise has no goods that could be counted.
      for (const { taken } of entry.body.lines)
        for (const { sku, pool } of taken) if (pool !== 'preorder') moved.add(sku);
      break;
    case 'sale.refunded':
      for (const { restocked } of entry.body.lines) for (const { sku } of restocked) moved.add(sku);
      break;
    case 'pickup.handed-over':
      for (const { sku } of entry.body.goods ?? []) moved.add(sku);
      break;
    case 'shortfall.found':
    case 'stock.received':
    case 'stock.given-back':
    case 'stock.written-off':
    case 'stock.moved':
    case 'stock.adjusted':
      moved.add(entry.body.sku);
      break;
    case 'shortfall.resolved':
    case 'line.mapped':
      for (const { sku } of entry.body.taken) moved.add(sku);
      break;
  }
}

/** Facts that came after the newest files were pinned (CLS-5). */
export function hasLateFacts({ written, bookedSeq }: CloseState): boolean {
  const last = written.at(-1);
  return last !== undefined && bookedSeq > last.ledgerSeq;
}

/** Version of the files that the next `finish-close` writes. */
export function nextVersion(state: CloseState): number {
  return (state.written.at(-1)?.version ?? 0) + 1;
}
