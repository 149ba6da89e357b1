import type { ClockState } from './clock.ts';
import type { Fact } from './ledger.ts';
import { endOf } from './offers.ts';
import type { ShowState } from './show.ts';
import type { Hold } from './stock.ts';
import { type Duration, type HubTime, MINUTE, type Now, SECOND } from './units.ts';

/** How long holds live (STK-3, STK-4). */
export const HOLD_TTL: Duration = 10 * MINUTE;
export const TILL_HOLD_TTL: Duration = 2 * MINUTE;
export const PAYING_TTL: Duration = 3 * MINUTE;
/** A hold that outlived its hub keeps at least this. */
const AFTER_RESTART: Duration = 30 * SECOND;
/** A sale from an open hold is honoured so long after its offer's end (OFR-1). */
export const OFFER_GRACE: Duration = 2 * SECOND;

/** Hub time at which a hold ends by itself. */
export function holdDeadline(hold: Hold, clock: ClockState, now: Now): HubTime {
  if (hold.boot === now.boot) return hold.deadline;
  // A boot that has written nothing yet is known by how long it runs.
  const bootStart = now.boot === clock.boot ? clock.bootStartT : now.t - now.mono;
  return Math.max(hold.deadline, bootStart + AFTER_RESTART);
}

/** Holds that are over at this reading, each with the fact that says so: too old, or its offer has ended. */
export function endedHolds(show: ShowState, now: Now): { hold: Hold; fact: Fact }[] {
  const ended: { hold: Hold; fact: Fact }[] = [];
  for (const hold of show.stock.holds.values()) {
    if (now.t >= holdDeadline(hold, show.clock, now)) {
      ended.push({ hold, fact: { kind: 'hold.expired', body: { holdId: hold.holdId } } });
    } else if (outlivedOffer(show, hold, now)) {
      const body = { holdId: hold.holdId, why: 'offer-closed' as const, by: 'timer' };
      ended.push({ hold, fact: { kind: 'hold.released', body } });
    }
  }
  return ended;
}

/** Holds that count at this reading. */
export function liveHolds(show: ShowState, now: Now): Hold[] {
  const ended = new Set(endedHolds(show, now).map(({ hold }) => hold));
  return [...show.stock.holds.values()].filter((hold) => !ended.has(hold));
}

function outlivedOffer(show: ShowState, hold: Hold, now: Now): boolean {
  const run = hold.offer === null ? undefined : show.offers.byId.get(hold.offer);
  const end = run === undefined || run.open ? null : endOf(run);
  return end !== null && now.t > end + OFFER_GRACE;
}
