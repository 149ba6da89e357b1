import { refuse } from '../refusal.ts';
import type { Decider } from './decider.ts';

/** A return and a sale in one append (STK-13). */
export const exchangeItems: Decider<'exchange-items'> = () => refuse('not-built', 'This is not built yet.');
