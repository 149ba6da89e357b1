import { foldCode } from './gate-codes.ts';
import { liveHolds } from './holds.ts';
import type { Offer } from './plan.ts';
import type { ShowState } from './show.ts';
import type { Now } from './units.ts';

/**
 * Who has a single-use code of an offer now: a standing sale, or an open hold that will become one.
 *
 * @param ownHold the asker's own hold, which does not stand in its way
 * @returns id of the sale or hold, or null while the code is free
 */
export function codeTakenBy(
  show: ShowState,
  offer: Offer,
  { code, ownHold, now }: { code: string; ownHold: string | null; now: Now },
): string | null {
  const key = foldCode(code);
  const [sale] = show.offers.codes.get(offer.id)?.get(key) ?? [];
  if (sale !== undefined) return sale;
  const hold = liveHolds(show, now).find(
    (each) =>
      each.holdId !== ownHold && each.offer === offer.id && each.code !== undefined && foldCode(each.code) === key,
  );
  return hold?.holdId ?? null;
}
