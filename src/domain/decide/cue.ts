import { isPaused, nextCue, type PlannedCue, type Run, runningRun, runOf } from '../cues.ts';
import { type CueState, cueStateOf } from '../cue-times.ts';
import { dispatchOf } from '../floor.ts';
import { accept, type Decision, refuse } from '../refusal.ts';
import type { ShowState } from '../show.ts';
import { type Duration, SECOND } from '../units.ts';
import { after, dispatching, ending, offerWarning, starting, unknownCue, unlessLive } from './cue-steps.ts';
import { streamHold } from './cue-hold.ts';
import type { Decider } from './decider.ts';
import { messageSent, shortened } from './message.ts';

/** A button that bounces, or two people at once, must not skip a cue (CUE-14). */
const GO_GUARD: Duration = 0.5 * SECOND;

export const startCue: Decider<'start-cue'> = (show, command, ask) => {
  const early = unlessLive(show) ?? goGuard(show, command, ask.now.t);
  if (early) return early;
  const slot = command.cue === undefined ? nextCue(show.cues) : show.cues.byId.get(command.cue);
  if (!slot) return command.cue === undefined ? noNextCue() : unknownCue(command.cue);
  const no = unlessStartable(show, slot, command.again ?? false);
  if (no) return no;
  const hold = streamHold(show, slot.cue, ask.now.t);
  if (hold !== null && command.overrideReason === undefined) return hold;
  const how = command.cue === undefined ? 'go' : 'named';
  const { facts, run, effect } = starting(show, slot, { how, override: command.overrideReason ?? null }, ask);
  const warning = effect?.outcome === 'refused' ? { warning: effect.message } : {};
  const held = hold === null ? {} : { held: command.overrideReason };
  return accept(facts, { cue: slot.cue.id, run, ...held, ...warning });
};

export const standbyCue: Decider<'standby-cue'> = (show, command, ask) => {
  const no = unlessLive(show);
  if (no) return no;
  const slot = command.cue === undefined ? nextCue(show.cues) : show.cues.byId.get(command.cue);
  if (!slot) return command.cue === undefined ? noNextCue() : unknownCue(command.cue);
  const blocked = unlessStartable(show, slot, false);
  if (blocked) return blocked;
  const { cue } = slot;
  const stoodBy = show.cues.standby === cue.id;
  const standing = stoodBy ? [] : [{ kind: 'cue.stood-by' as const, body: { cue: cue.id, by: ask.actor.by } }];
  const facts = [...standing, ...dispatching(show, cue, 'standby', after(ask, standing))];
  const warning = offerWarning(show, cue, ask);
  return accept(facts, { cue: cue.id, ...(warning === null ? {} : { warning }) });
};

export const finishCue: Decider<'finish-cue'> = (show, command, ask) => {
  const note = command.cue === undefined ? undefined : show.cues.byId.get(command.cue);
  if (note?.cue.kind === 'note') return finishNote(show, note, ask.seq, ask.actor.by);
  const air = onAir(show, command.cue);
  if ('refused' in air) return air.refused;
  return accept(ending(show, air.run, 'finished', ask), { cue: air.run.cue });
};

/** The GO is taken back: its run counts nowhere, and the run that it ended goes on as if nothing had happened. */
export const backCue: Decider<'back-cue'> = (show, command, ask) => {
  const air = onAir(show, command.cue);
  if ('refused' in air) return air.refused;
  const { run } = air;
  const before = show.cues.runs.findLast((other) => !other.withdrawn && other !== run);
  if (!before) return refuse('nothing-before', 'This is the first cue of the show: there is nothing to go back to.');
  const by = ask.actor.by;
  const withdrawn = { kind: 'cue.withdrawn' as const, body: { cue: run.cue, run: run.id, by } };
  // A cue that had been finished by hand before the GO stays finished.
  if (before.why !== 'next') return accept([withdrawn], { cue: null });
  const reopened = { kind: 'cue.reopened' as const, body: { cue: before.cue, run: before.id, by } };
  return accept([withdrawn, reopened], { cue: before.cue });
};

export const pauseCue: Decider<'pause-cue'> = (show, command, ask) => {
  const air = onAir(show, command.cue);
  if ('refused' in air) return air.refused;
  const { run } = air;
  if (show.cues.byId.get(run.cue)?.cue.countTo === 'end') {
    return refuse('cannot-pause', 'This cue ends at a clock time, so pausing it would not move its end. Use add time.');
  }
  const body = { cue: run.cue, run: run.id, by: ask.actor.by };
  return accept(isPaused(run) ? [] : [{ kind: 'cue.paused', body }], { cue: run.cue });
};

export const resumeCue: Decider<'resume-cue'> = (show, command, ask) => {
  const air = onAir(show, command.cue);
  if ('refused' in air) return air.refused;
  const { run } = air;
  const body = { cue: run.cue, run: run.id, by: ask.actor.by };
  return accept(isPaused(run) ? [{ kind: 'cue.resumed', body }] : [], { cue: run.cue });
};

export const addTime: Decider<'add-time'> = (show, command, ask) => {
  const air = onAir(show, command.cue);
  if ('refused' in air) return air.refused;
  const { run } = air;
  if (run.plannedMs + run.addedMs + command.ms < 0) {
    return refuse('bad-value', 'A cue cannot be shorter than nothing.', {
      field: 'ms',
      least: -run.plannedMs - run.addedMs,
    });
  }
  const body = { cue: run.cue, run: run.id, ms: command.ms, by: ask.actor.by };
  return accept(command.ms === 0 ? [] : [{ kind: 'cue.extended', body }], { cue: run.cue });
};

export const skipCue: Decider<'skip-cue'> = (show, command, ask) => {
  if (show.phase !== 'planned' && show.phase !== 'live') return refuse('show-not-open', `The show is ${show.phase}.`);
  const slot = command.cue === undefined ? nextCue(show.cues) : show.cues.byId.get(command.cue);
  if (!slot) return command.cue === undefined ? noNextCue() : unknownCue(command.cue);
  const { cue } = slot;
  const by = ask.actor.by;
  const wanted = command.skip ?? true;
  if (wanted === (slot.skipped !== null)) return accept([], { cue: cue.id });
  if (!wanted) return accept([{ kind: 'cue.unskipped', body: { cue: cue.id, by } }], { cue: cue.id });
  const state = stateOf(show, slot);
  if (state === 'running' || state === 'paused') return isRunning(slot);
  if (state === 'done') return isDone(slot);
  const skipped = { kind: 'cue.skipped' as const, body: { cue: cue.id, by } };
  const ready = cue.owners.filter((person) => dispatchOf(show.floor, cue.id, person)?.answer?.answer === 'accepted');
  if (ready.length === 0) return accept([skipped], { cue: cue.id });
  const told = messageSent(
    { to: ready, persons: ready, text: shortened(`Skipped: ${cue.title}`) },
    after(ask, [skipped]),
  );
  return accept([skipped, told], { cue: cue.id, warning: 'Its owner had already said yes and has been told.' });
};

/** `expect` is what the presser saw as next; the time guard is for presses that name nothing. */
function goGuard(show: ShowState, command: { cue?: string; expect?: string }, t: number): Decision | null {
  if (command.expect !== undefined && command.expect !== nextCue(show.cues)?.cue.id) {
    return refuse('moved-on', 'The show has moved on: another cue is next now.', {
      expected: command.expect,
      next: nextCue(show.cues)?.cue.id ?? null,
    });
  }
  const { lastGoT } = show.cues;
  if (command.cue === undefined && lastGoT !== null && t - lastGoT < GO_GUARD) {
    return refuse('too-soon', 'A cue was started less than half a second ago.');
  }
  return null;
}

function unlessStartable(show: ShowState, slot: PlannedCue, again: boolean): Decision | null {
  const state = stateOf(show, slot);
  if (state === 'running' || state === 'paused') return isRunning(slot);
  if (slot.cue.kind === 'note') return refuse('cannot-start', `"${slot.cue.title}" is a note, it has no clock.`);
  if (slot.skipped !== null) return refuse('cannot-start', `"${slot.cue.title}" is skipped. Take it back in first.`);
  return state === 'done' && !again ? isDone(slot) : null;
}

function onAir(show: ShowState, cue: string | undefined): { run: Run } | { refused: Decision } {
  const no = unlessLive(show);
  if (no) return { refused: no };
  if (cue !== undefined && !show.cues.byId.has(cue)) return { refused: unknownCue(cue) };
  const run = runningRun(show.cues);
  if (run && (cue === undefined || run.cue === cue)) return { run };
  return { refused: refuse('not-running', cue === undefined ? 'No cue is running.' : 'This cue is not running.') };
}

/** A note has no run; ticking it done borrows a run id that nothing else uses. */
function finishNote(show: ShowState, { cue, noteDone }: PlannedCue, seq: number, by: string): Decision {
  const no = unlessLive(show);
  if (no) return no;
  const body = { cue: cue.id, run: `r${seq}`, why: 'finished' as const, by };
  return accept(noteDone ? [] : [{ kind: 'cue.finished', body }], { cue: cue.id });
}

function stateOf(show: ShowState, slot: PlannedCue): CueState {
  return cueStateOf(show.cues, slot, runOf(show.cues, slot.cue.id));
}

function noNextCue(): Decision {
  return refuse('no-next-cue', 'There is no cue left to start.');
}

export function isRunning({ cue }: PlannedCue): Decision {
  return refuse('cue-is-running', `"${cue.title}" is running.`);
}

export function isDone({ cue }: PlannedCue): Decision {
  return refuse('cue-is-done', `"${cue.title}" has been. Ask again with "again" to run it once more.`);
}
