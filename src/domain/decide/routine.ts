import { refuse } from '../refusal.ts';
import type { Decider } from './decider.ts';

/** Ticks an item of the checklist. */
export const tickItem: Decider<'tick-item'> = () => refuse('not-built', 'This is not built yet.');
/** Notes what something cost. */
export const noteCost: Decider<'note-cost'> = () => refuse('not-built', 'This is not built yet.');
