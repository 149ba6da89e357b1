import { refuse } from '../refusal.ts';
import type { Decider } from './decider.ts';

/** A till asks for more than its role allows (TIL-7). */
export const requestApproval: Decider<'request-approval'> = () => refuse('not-built', 'This is not built yet.');
/** The producer says yes or no. */
export const answerApproval: Decider<'answer-approval'> = () => refuse('not-built', 'This is not built yet.');
