import type { Decider } from './decider.ts';
import { refuse } from '../refusal.ts';

export const closeShow: Decider<'close-show'> = () => refuse('not-built', 'close-show is not built yet.');
export const reopenShow: Decider<'reopen-show'> = () => refuse('not-built', 'reopen-show is not built yet.');
export const countStock: Decider<'count-stock'> = () => refuse('not-built', 'count-stock is not built yet.');
export const adjustStock: Decider<'adjust-stock'> = () => refuse('not-built', 'adjust-stock is not built yet.');
