import type { Decider } from './decider.ts';
import { refuse } from '../refusal.ts';

export const placeHold: Decider<'place-hold'> = () => refuse('not-built', 'place-hold is not built yet.');
export const extendHold: Decider<'extend-hold'> = () => refuse('not-built', 'extend-hold is not built yet.');
export const releaseHold: Decider<'release-hold'> = () => refuse('not-built', 'release-hold is not built yet.');
export const receiveStock: Decider<'receive-stock'> = () => refuse('not-built', 'receive-stock is not built yet.');
export const moveStock: Decider<'move-stock'> = () => refuse('not-built', 'move-stock is not built yet.');
export const resolveShortfall: Decider<'resolve-shortfall'> = () => refuse('not-built', 'resolve-shortfall is not built yet.');
export const mapSku: Decider<'map-sku'> = () => refuse('not-built', 'map-sku is not built yet.');

import type { OriginFact } from '../ledger.ts';
import type { ShowState } from '../show.ts';
import type { Now } from '../units.ts';

/** Holds whose deadline has passed (I10, I11). Origin id `hold:<holdId>:expired`. */
export function dueHolds(_show: ShowState, _now: Now): OriginFact[] {
  return [];
}
