import { refuse } from '../refusal.ts';
import type { Decider } from './decider.ts';

/** A till gives back what was set apart for it. */
export const returnLease: Decider<'return-lease'> = () => refuse('not-built', 'This is not built yet.');
/** A till will not come back (STK-8). */
export const declareTillLost: Decider<'declare-till-lost'> = () => refuse('not-built', 'This is not built yet.');
