import { refuse } from '../refusal.ts';
import type { Decider } from './decider.ts';

/** A record of money that was promised (STK-10). */
export const noteAuthorisation: Decider<'note-authorisation'> = () => refuse('not-built', 'This is not built yet.');
/** What became of it. */
export const settleAuthorisation: Decider<'settle-authorisation'> = () => refuse('not-built', 'This is not built yet.');
/** Frees goods whose money did not come. */
export const releasePromise: Decider<'release-promise'> = () => refuse('not-built', 'This is not built yet.');
