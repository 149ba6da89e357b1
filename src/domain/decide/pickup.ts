import { refuse } from '../refusal.ts';
import type { Decider } from './decider.ts';

/** Paid goods are packed and wait. */
export const readyPickup: Decider<'ready-pickup'> = () => refuse('not-built', 'This is not built yet.');
/** Goods leave with their buyer, once a line. */
export const handOverPickup: Decider<'hand-over-pickup'> = () => refuse('not-built', 'This is not built yet.');
/** Nobody came. */
export const missPickup: Decider<'miss-pickup'> = () => refuse('not-built', 'This is not built yet.');
