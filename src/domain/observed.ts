import type { Entry } from './ledger.ts';
import { type Instant, type Iso, type Minor, fromIso } from './units.ts';

/** Orders of known buyers that shops told of after or before the show, and how far each shop has told everything (VER-2). */
export interface ObservedState {
  purchases: Purchase[];
  /** source → its orders are known completely up to there */
  coveredUntil: Map<string, Instant>;
}

export interface Purchase {
  personRef: string;
  at: Instant;
  netMinor: Minor;
  source: string;
}

export function initialObserved(): ObservedState {
  return { purchases: [], coveredUntil: new Map() };
}

export function evolveObserved(observed: ObservedState, entry: Entry): void {
  if (entry.kind === 'purchase.observed') {
    const { personRef, at, netMinor, source } = entry.body;
    observed.purchases.push({ personRef, at: fromIso(at), netMinor, source });
  }
  if (entry.kind === 'feed.covered') {
    const { source, until } = entry.body;
    const known = observed.coveredUntil.get(source) ?? -Infinity;
    observed.coveredUntil.set(source, Math.max(known, fromIso(until)));
  }
}

/** Whether an order is none of the show's own: made after it was closed. */
export function madeAfterClose({ closedAt }: { closedAt: Instant | null }, at: Iso): boolean {
  return closedAt !== null && fromIso(at) > closedAt;
}

/** How far all shops that tell of later orders have told everything; null when none does. */
export function coveredUntil({ coveredUntil: bySource }: ObservedState): Instant | null {
  return bySource.size === 0 ? null : Math.min(...bySource.values());
}
