import { accept, refuse } from '../refusal.ts';
import { areTotalsPossible } from '../lifetime-value.ts';
import { fromIso, toIso } from '../units.ts';
import type { Decider } from './decider.ts';

/**
 * Names the group that the show is compared with (VER-7): buyers who were not at it, over windows of the same length.
 * Only totals are kept. Asked again, the new group takes the former one's place.
 */
export const setControl: Decider<'set-control'> = (show, command, ask) => {
  if (!show.plan) return refuse('no-plan', 'There is no plan yet, so there is no show to compare.');
  const { name, buyers, repeats, sumMinor, sumSquaresMinor } = command;
  if (repeats > buyers) {
    const said = `${repeats} of ${buyers} buyers cannot have come again; at most ${buyers} can.`;
    return refuse('bad-value', said, { field: 'repeats', most: buyers });
  }
  if (!areTotalsPossible({ buyers, sumMinor, sumSquares: BigInt(sumSquaresMinor) })) {
    const least = buyers === 0 ? 0n : (BigInt(sumMinor) ** 2n + BigInt(buyers) - 1n) / BigInt(buyers);
    const said = `${buyers} buyers who spent ${sumMinor} in all have a sum of squares of at least ${least}.`;
    return refuse('bad-value', said, { field: 'sumSquaresMinor', least: String(least) });
  }
  return accept([
    { kind: 'control.set', body: { name, buyers, repeats, sumMinor, sumSquaresMinor, by: ask.actor.by } },
  ]);
};

/** How far a source's orders are known completely (VER-2): whoever imports them by hand is the one who knows. */
export const coverOrders: Decider<'cover-orders'> = (_show, { source, until }, ask) => {
  if (fromIso(until) > ask.now.at) {
    const said = `Orders of ${source} cannot be known up to ${until} yet; it is ${toIso(ask.now.at)}.`;
    return refuse('bad-value', said, { field: 'until', latest: toIso(ask.now.at) });
  }
  return accept([{ kind: 'feed.covered', body: { source, until: toIso(fromIso(until)) } }]);
};
