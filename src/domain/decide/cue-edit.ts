import { type PlannedCue, runOf } from '../cues.ts';
import { cueStateOf } from '../cue-times.ts';
import type { Cue } from '../plan.ts';
import { cueFaults, planNames } from '../plan-check.ts';
import { accept, type Decision, refuse } from '../refusal.ts';
import type { ShowState } from '../show.ts';
import { isDone, isRunning } from './cue.ts';
import { unknownCue } from './cue-steps.ts';
import type { Decider } from './decider.ts';

const MAX_CUES = 500;
/** What may change under a cue that is on air (CUE-19); its duration moves by add-time. */
const CHANGEABLE_ON_AIR: readonly (keyof Cue)[] = [
  'title',
  'points',
  'owners',
  'warnMs',
  'dangerMs',
  'priceNote',
  'script',
];

export const addCue: Decider<'add-cue'> = (show, { cue, before }, ask) => {
  const no = unlessEditable(show) ?? badCue(show, cue);
  if (no) return no;
  const { byId, removed, order } = show.cues;
  if (byId.has(cue.id) || removed.has(cue.id)) {
    return refuse('bad-value', `The id "${cue.id}" is taken; ids of removed cues are not given again.`, {
      field: 'cue.id',
    });
  }
  if (order.length >= MAX_CUES) return refuse('bad-value', `A plan holds at most ${MAX_CUES} cues.`, { field: 'cue' });
  if (before !== undefined && !byId.has(before)) return unknownCue(before);
  return accept([{ kind: 'cue.added', body: { cue, before: before ?? null, by: ask.actor.by } }], { cue: cue.id });
};

export const editCue: Decider<'edit-cue'> = (show, { cue, rev }, ask) => {
  const no = unlessEditable(show);
  if (no) return no;
  const slot = show.cues.byId.get(cue.id);
  if (!slot) return unknownCue(cue.id);
  if (rev !== undefined && rev !== slot.rev) {
    return refuse('changed-meanwhile', `"${slot.cue.title}" was changed meanwhile.`, { cue: slot.cue, rev: slot.rev });
  }
  const state = stateOf(show, slot);
  if (state === 'done') return isDone(slot);
  const changed = changedKeys(slot.cue, cue);
  const onAir = state === 'running' || state === 'paused';
  const fixed = onAir ? changed.find((key) => !CHANGEABLE_ON_AIR.includes(key)) : undefined;
  if (fixed !== undefined) {
    const hint = fixed === 'durationMs' ? 'Use add time.' : `Its ${fixed} cannot change now.`;
    return refuse('cue-is-running', `"${slot.cue.title}" is running. ${hint}`, { field: `cue.${fixed}` });
  }
  const bad = badCue(show, cue);
  if (bad) return bad;
  const by = ask.actor.by;
  return accept(changed.length === 0 ? [] : [{ kind: 'cue.edited', body: { before: slot.cue, after: cue, by } }], {
    cue: cue.id,
  });
};

export const moveCue: Decider<'move-cue'> = (show, { cue, before }, ask) => {
  const no = unlessEditable(show);
  if (no) return no;
  const slot = show.cues.byId.get(cue);
  if (!slot) return unknownCue(cue);
  if (before !== undefined && !show.cues.byId.has(before)) return unknownCue(before);
  const fixed = unlessWaiting(show, slot);
  if (fixed) return fixed;
  const { order } = show.cues;
  const follower = order[order.indexOf(slot) + 1]?.cue.id;
  const stays = before === cue || before === follower;
  return accept(stays ? [] : [{ kind: 'cue.moved', body: { cue, before: before ?? null, by: ask.actor.by } }], { cue });
};

export const removeCue: Decider<'remove-cue'> = (show, { cue }, ask) => {
  const no = unlessEditable(show);
  if (no) return no;
  const slot = show.cues.byId.get(cue);
  if (!slot) return unknownCue(cue);
  const fixed = unlessWaiting(show, slot);
  return fixed ?? accept([{ kind: 'cue.removed', body: { cue, by: ask.actor.by } }], { cue });
};

function unlessEditable(show: ShowState): Decision | null {
  if (!show.plan) return refuse('no-plan', 'There is no plan yet.');
  if (show.phase === 'planned' || show.phase === 'live') return null;
  return refuse('show-not-open', `The show is ${show.phase}: its run of show is history now.`);
}

function unlessWaiting(show: ShowState, slot: PlannedCue): Decision | null {
  const state = stateOf(show, slot);
  if (state === 'running' || state === 'paused') return isRunning(slot);
  return state === 'done' ? isDone(slot) : null;
}

function stateOf(show: ShowState, slot: PlannedCue) {
  return cueStateOf(show.cues, slot, runOf(show.cues, slot.cue.id));
}

function badCue(show: ShowState, cue: Cue): Decision | null {
  if (!show.plan) return null;
  const faults = cueFaults(cue, planNames(show.plan), 'cue');
  const first = faults[0];
  return first ? refuse('bad-value', `${first.path}: ${first.message}.`, { field: first.path, faults }) : null;
}

/** Cues are plain JSON with one order of keys, so their text tells whether they differ. */
function changedKeys(before: Cue, after: Cue): (keyof Cue)[] {
  const keys = Object.keys({ ...before, ...after }) as (keyof Cue)[];
  return keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}
