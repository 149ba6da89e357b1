import type { Decider } from './decider.ts';
import { refuse } from '../refusal.ts';

export const tickPoint: Decider<'tick-point'> = () => refuse('not-built', 'tick-point is not built yet.');
export const sendMessage: Decider<'send-message'> = () => refuse('not-built', 'send-message is not built yet.');
export const answerCue: Decider<'answer-cue'> = () => refuse('not-built', 'answer-cue is not built yet.');
export const requestHelp: Decider<'request-help'> = () => refuse('not-built', 'request-help is not built yet.');
export const answerRequest: Decider<'answer-request'> = () => refuse('not-built', 'answer-request is not built yet.');
export const markMoment: Decider<'mark-moment'> = () => refuse('not-built', 'mark-moment is not built yet.');
