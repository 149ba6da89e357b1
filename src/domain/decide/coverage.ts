import type { OriginFact } from '../ledger.ts';
import type { ShowState } from '../show.ts';
import { type Duration, HOUR, type Now, toIso } from '../units.ts';
import type { Vitals } from './vitals.ts';

/** A shop is read every few seconds for weeks; an entry an hour is as much as a window of days needs. */
const STEP: Duration = HOUR;

/**
 * How far each shop has told of later orders (VER-2), once the show is over: until then its orders are sales of the show
 * and nothing waits for them.
 */
export function dueCoverage(show: ShowState, _now: Now, { read }: Vitals): OriginFact[] {
  if (!read || (show.phase !== 'closing' && show.phase !== 'closed')) return [];
  return [...read].flatMap(([source, at]): OriginFact[] => {
    const known = show.observed.coveredUntil.get(source) ?? -Infinity;
    if (at - known < STEP) return [];
    const until = toIso(at);
    return [{ kind: 'feed.covered', body: { source, until }, origin: 'hub', originId: `covered:${source}:${until}` }];
  });
}
