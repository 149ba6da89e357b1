import type { FailoverWord } from '../words.ts';
import { type Condition, type FailoverMachine, heldMs, isIngest, type Look } from './machine-state.ts';

/** Where the machine stands: the states of STR-75 ff. and the rules that only move it (F1, F4, F7 to F10). */

/** F4: one witness alone must speak for so long. */
const ALONE_MS = 5000;
/** F7 */
const FLOWS_MS = 3000;
const LAG_BELOW_MS = 1000;
/** F8: after StartStream was confirmed bytes were seen; they must go on growing within this. */
const FLOWS_WITHIN_MS = 15_000;
/** F9 */
const PROVEN_MS = 15_000;

/** Notes since when what the rules guard by has held. */
export function noteConditions(machine: FailoverMachine, look: Look): void {
  const { sight, recording } = look;
  const held: Record<Condition, boolean> = {
    'source-critical': sight.source === 2 && sight.flowing && !sight.obsCritical,
    'source-ok': sight.source === 0 && !sight.obsCritical,
    'transport-critical': sight.transport === 2,
    clean: sight.flowing && (sight.lagMs ?? 0) < LAG_BELOW_MS && !sight.obsCritical,
    'recording-off': recording.expected && recording.active === false && !sight.obsCritical,
  };
  for (const condition of Object.keys(held) as Condition[]) {
    if (!held[condition]) machine.since.delete(condition);
    else if (!machine.since.has(condition)) machine.since.set(condition, look.ms);
  }
}

/** Moves the machine to the state that holds now. @returns true when a switch has just turned out to be a failure (F8) */
export function takeCourse(machine: FailoverMachine, look: Look): boolean {
  if (look.sight.streaming === true && machine.running === null) machine.leftOff = false;
  const failed = machine.word === 'switching' && machine.running === null && !flowsInTime(machine, look);
  const next = failed ? 'dark' : nextWord(machine, look);
  if (next !== machine.word) {
    machine.word = next;
    machine.wordMs = look.ms;
  }
  if (next === 'dark') machine.ingestWasAway ||= look.sight.primaryProbeOkRunning === 0;
  if (next === 'live' || next === 'degraded' || next === 'ready') {
    machine.ingestWasAway = false;
    machine.retried = false;
  }
  return failed && machine.tried === 'switch-ingest';
}

function flowsInTime(machine: FailoverMachine, { ms, sight }: Look): boolean {
  return ms - machine.wordMs < FLOWS_WITHIN_MS || sight.growingMs >= FLOWS_MS;
}

function nextWord(machine: FailoverMachine, look: Look): FailoverWord {
  const { sight, ms } = look;
  if (machine.running !== null) return isIngest(machine.running) ? 'switching' : machine.word;
  if (machine.lockedWhy !== null) return 'locked';
  // F10: whatever it is, OBS could not carry out what we would ask.
  if (sight.obsCritical) return 'dark';
  if (!isMeantToBeOnAir(machine, look)) return 'ready';
  if (machine.leftOff) return 'dark';
  if (machine.word === 'switching') return hasFlow(look) ? 'proving' : 'switching';
  if (machine.word === 'proving' && !isDark(machine, look)) {
    const cleanMs = heldMs(machine, 'clean', ms) ?? 0;
    const isProven = Math.min(cleanMs, ms - machine.wordMs) >= PROVEN_MS && sight.transport === 0;
    return isProven ? 'live' : 'proving';
  }
  if (isDark(machine, look) || (machine.word === 'dark' && sight.transport === 2)) return 'dark';
  if (isHeldByRule(machine, look)) return 'holding';
  return look.isWeak ? 'degraded' : 'live';
}

/** The program is the slate, and a rule has put it there. */
export function isHeldByRule({ hidden }: FailoverMachine, { sight, slateScene }: Look): boolean {
  return hidden !== null && hidden.rule !== null && sight.scene === slateScene;
}

/** F7 */
function hasFlow({ sight }: Look): boolean {
  return sight.growingMs >= FLOWS_MS && (sight.lagMs === null || sight.lagMs < LAG_BELOW_MS);
}

/** OBS that gave up by itself is off the air, but nobody wanted that. */
export function isMeantToBeOnAir({ leftOff }: FailoverMachine, { sight }: Look): boolean {
  return leftOff || sight.streaming === true || sight.cause === 'obs-gave-up';
}

/** F4 */
function isDark(machine: FailoverMachine, { sight, ms }: Look): boolean {
  if (sight.transport !== 2) return false;
  return sight.signals >= 2 || (heldMs(machine, 'transport-critical', ms) ?? 0) >= ALONE_MS;
}
