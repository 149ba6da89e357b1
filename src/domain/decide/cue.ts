import type { Decider } from './decider.ts';
import { refuse } from '../refusal.ts';

export const startCue: Decider<'start-cue'> = () => refuse('not-built', 'start-cue is not built yet.');
export const standbyCue: Decider<'standby-cue'> = () => refuse('not-built', 'standby-cue is not built yet.');
export const finishCue: Decider<'finish-cue'> = () => refuse('not-built', 'finish-cue is not built yet.');
export const backCue: Decider<'back-cue'> = () => refuse('not-built', 'back-cue is not built yet.');
export const pauseCue: Decider<'pause-cue'> = () => refuse('not-built', 'pause-cue is not built yet.');
export const resumeCue: Decider<'resume-cue'> = () => refuse('not-built', 'resume-cue is not built yet.');
export const skipCue: Decider<'skip-cue'> = () => refuse('not-built', 'skip-cue is not built yet.');
export const addTime: Decider<'add-time'> = () => refuse('not-built', 'add-time is not built yet.');
export const addCue: Decider<'add-cue'> = () => refuse('not-built', 'add-cue is not built yet.');
export const editCue: Decider<'edit-cue'> = () => refuse('not-built', 'edit-cue is not built yet.');
export const moveCue: Decider<'move-cue'> = () => refuse('not-built', 'move-cue is not built yet.');
export const removeCue: Decider<'remove-cue'> = () => refuse('not-built', 'remove-cue is not built yet.');

import type { OriginFact } from '../ledger.ts';
import type { ShowState } from '../show.ts';
import type { Now } from '../units.ts';

/** Dispatches ahead of time (CUE-29) and cues that start themselves (CUE-20). */
export function dueCues(_show: ShowState, _now: Now): OriginFact[] {
  return [];
}
