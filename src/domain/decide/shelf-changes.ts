import { refuse } from '../refusal.ts';
import type { Decider } from './decider.ts';

/** Goods go back to where they came from. */
export const giveBackStock: Decider<'give-back-stock'> = () => refuse('not-built', 'This is not built yet.');
/** Goods are lost. */
export const writeOffStock: Decider<'write-off-stock'> = () => refuse('not-built', 'This is not built yet.');
