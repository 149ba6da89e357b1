import type { Duration } from '../units.ts';
import type { FailoverMode } from '../words.ts';
import { HANDS_OFF_MS } from './limits.ts';
import { begin, withdraw } from './machine.ts';
import { type FailoverMachine, type Intent, isScene } from './machine-state.ts';

/** What people do, on the desk and in OBS itself. The operator wins (STR-78). */

/** Arming anew also unlocks (STR-79) and starts counting from nothing; what was in the air is withdrawn. */
export function arm(machine: FailoverMachine, mode: FailoverMode): Intent[] {
  const intents = mode === machine.mode ? [] : withdraw(machine, 'The mode was changed.');
  machine.mode = mode;
  machine.lockedWhy = null;
  machine.failedSwitches = 0;
  machine.automaticMs = [];
  machine.declined.clear();
  machine.told.clear();
  if (machine.word === 'locked') machine.word = 'live';
  return intents;
}

export function disarm(machine: FailoverMachine, why: string): Intent[] {
  machine.counting = null;
  const intents = withdraw(machine, why);
  machine.mode = 'observe';
  return intents;
}

/** The ledger has named what stands or runs. */
export function named(machine: FailoverMachine, action: string): void {
  if (machine.pending !== null) machine.pending.action ??= action;
  else if (machine.running !== null) machine.running.action ??= action;
}

/** A person says yes. @returns the act, or null when nothing is proposed by that id */
export function confirm(machine: FailoverMachine, action: string, ms: Duration): (Intent & { do: 'act' }) | null {
  return machine.pending?.action === action && machine.running === null ? begin(machine, ms, false) : null;
}

/** A person says no: not again while this trouble lasts. @returns null when nothing is proposed by that id */
export function decline(machine: FailoverMachine, action: string, ms: Duration): Intent[] | null {
  const { pending } = machine;
  if (pending?.action !== action) return null;
  machine.declined.set(pending.rule, ms);
  return withdraw(machine, 'Cancelled.');
}

/** Somebody changed the program in OBS. */
export function foreignScene(machine: FailoverMachine, ms: Duration): Intent[] {
  machine.handsOffUntilMs = ms + HANDS_OFF_MS;
  machine.hidden = null;
  return machine.pending !== null && isScene(machine.pending) ? withdraw(machine, 'The scene was changed in OBS.') : [];
}

/**
 * Somebody started or stopped the stream in OBS. Going on air from rest is what everybody waits for; anything else means
 * that a person has taken over.
 */
export function foreignOutput(machine: FailoverMachine, what: 'start' | 'stop'): Intent[] {
  if (what === 'start' && machine.word === 'ready' && machine.running === null) return [];
  const why = what === 'start' ? 'The stream was started in OBS.' : 'The stream was stopped in OBS.';
  machine.leftOff = false;
  const wasArmed = machine.mode !== 'observe';
  const intents = disarm(machine, why);
  if (machine.running !== null) intents.push({ do: 'abort', why });
  if (wasArmed) intents.push({ do: 'disarm' });
  return intents;
}

/** STR-86: the recording is started by itself. It is in flight, but no act that others must keep a distance from. */
export function ensuring(machine: FailoverMachine, ms: Duration): void {
  machine.running = { what: 'start-recording', from: null, to: null, action: null, sinceMs: ms, rule: null };
}
