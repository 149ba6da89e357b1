import { refuse } from '../refusal.ts';
import type { Decider } from './decider.ts';

/** Starts a cash session with its float. */
export const openDrawer: Decider<'open-drawer'> = () => refuse('not-built', 'This is not built yet.');
/** Money put in. */
export const payIn: Decider<'pay-in'> = () => refuse('not-built', 'This is not built yet.');
/** Money taken out. */
export const payOut: Decider<'pay-out'> = () => refuse('not-built', 'This is not built yet.');
/** Blind count; ends the session. */
export const countDrawer: Decider<'count-drawer'> = () => refuse('not-built', 'This is not built yet.');
