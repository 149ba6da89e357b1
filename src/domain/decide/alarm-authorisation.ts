import { lapsedPromises, openAuthorisations } from '../authorisations.ts';
import { wallOf } from '../clock.ts';
import { clockText } from '../local-time.ts';
import { formatMinor } from '../money.ts';
import type { ShowState } from '../show.ts';
import { type Duration, HOUR, type Now } from '../units.ts';
import { fitted, type Wanted, wanted, zoneOf } from './alarm-wanted.ts';

/** the first word of it, and the last */
const SOON: Duration = 24 * HOUR;
const LAST_CALL: Duration = 2 * HOUR;

/** STK-10: money that a card has promised is about to be lost, or is lost while goods are still promised for it. */
export function wantedOfAuthorisations(show: ShowState, now: Now): Wanted[] {
  const nowAt = wallOf(show.clock, now.t);
  const currency = show.plan?.show.currency ?? '';
  const ending = openAuthorisations(show.authorisations).flatMap(({ id, provider, ref, amountMinor, expiresAt }) => {
    const leftMs = expiresAt - nowAt;
    if (leftMs > SOON) return [];
    const isLast = leftMs <= LAST_CALL;
    const when = isLast ? `at ${clockText(expiresAt, zoneOf(show))}` : 'within a day';
    const money = formatMinor(amountMinor, currency);
    const message = fitted(`${provider} ${ref}`, (what) => `${what}: ${money} lapse ${when}. Capture or let go.`);
    return [
      wanted({ kind: 'authorisation-ending', subject: id, priority: isLast ? 2 : 3, message, action: 'Show payment' }),
    ];
  });
  const lost = lapsedPromises(show).map(({ id, provider, ref, state, saleId }) => {
    const message = fitted(
      `${provider} ${ref}`,
      (what) =>
        `${what} ${state === 'expired' ? 'has expired' : `was ${state}`}; ${saleId} still promises goods. Free them.`,
    );
    return wanted({ kind: 'authorisation-lost', subject: id, priority: 2, message, action: 'Free the goods' });
  });
  return [...ending, ...lost];
}
