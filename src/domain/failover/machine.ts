import type { Duration } from '../units.ts';
import { noteConditions, takeCourse } from './course.ts';
import { APART_MS, COUNTDOWN_MS, lockReason, mayActFrom, noteAct } from './limits.ts';
import {
  type FailoverMachine,
  heldMs,
  type Intent,
  type Look,
  type Move,
  type Rule,
  type Wish,
} from './machine-state.ts';
import { wishesOf } from './wishes.ts';

/**
 * The failover rules (specs: STR-75 to STR-86, F1 to F10) as one pure machine. `advance` takes what is seen at one moment and
 * says what is to be done; effects, clocks and the ledger are the hub's. What the rules want is found in wishes.ts, where
 * the stream stands in course.ts; here the mode decides who may do it, and when: `observe` writes down what it would have
 * done, `confirm` waits for a person for ever, `auto` counts down in sight of everybody.
 *
 * Adding a rule? A wish in wishes.ts, its name in machine-state.ts, a given–when–then in machine.test.ts.
 */
export function advance(machine: FailoverMachine, look: Look): Intent[] {
  noteConditions(machine, look);
  const intents: Intent[] = [];
  if (takeCourse(machine, look)) intents.push(...switchFailed(machine, look.ms));
  const wishes = mayWish(machine, look) ? wishesOf(machine, look) : [];
  forgetDeclined(machine, wishes, look.ms);
  intents.push(...withdrawn(machine, wishes));
  const wish = chosen(machine, wishes);
  machine.counting = null;
  if (wish === null) return [...intents, ...recording(machine, look)];
  return [...intents, ...pursue(machine, look, wish), ...recording(machine, look)];
}

/** The machine acts on its own only in a live show; a rehearsal may see its proposals. */
function mayWish({ mode }: FailoverMachine, { phase }: Look): boolean {
  return phase === 'live' || (phase === 'planned' && mode === 'confirm');
}

function pursue(machine: FailoverMachine, look: Look, wish: Wish): Intent[] {
  switch (machine.mode) {
    case 'observe':
      return wouldHave(machine, look, wish);
    case 'confirm':
      return propose(machine, look, wish, wish.dueMs, null);
    case 'auto':
      return wish.asks ? propose(machine, look, wish, wish.dueMs, null) : countDown(machine, look, wish);
    default:
      machine.mode satisfies never;
      return [];
  }
}

/** Written once for each trouble, and not more often than anybody could have acted. */
function wouldHave(machine: FailoverMachine, { ms }: Look, wish: Wish): Intent[] {
  if (machine.told.has(wish.rule)) return [];
  const due = Math.max(wish.dueMs, (machine.toldMs ?? -Infinity) + APART_MS);
  machine.counting = { what: wish.what, dueMs: due };
  if (ms < due) return [];
  machine.counting = null;
  machine.told.add(wish.rule);
  machine.toldMs = ms;
  return [{ do: 'would-have', why: wish.why, ...moveOf(wish) }];
}

/** @param dueMs when it is put before people; until then the guard is counted down */
function propose(
  machine: FailoverMachine,
  { ms }: Look,
  wish: Wish,
  dueMs: Duration,
  actsAtMs: Duration | null,
): Intent[] {
  if (machine.pending !== null || machine.declined.has(wish.rule)) return [];
  if (ms < dueMs) {
    machine.counting = { what: wish.what, dueMs };
    return [];
  }
  machine.pending = { ...moveOf(wish), action: null, rule: wish.rule, why: wish.why, sinceMs: ms, actsAtMs };
  return [{ do: 'propose', why: wish.why, actsAtMs, ...moveOf(wish) }];
}

function countDown(machine: FailoverMachine, look: Look, wish: Wish): Intent[] {
  const { ms } = look;
  const { pending } = machine;
  if (pending === null) {
    const due = Math.max(wish.dueMs, mayActFrom(machine));
    const announced = propose(machine, look, wish, due - COUNTDOWN_MS, Math.max(due, ms + COUNTDOWN_MS));
    const at = machine.counting as FailoverMachine['counting'];
    // People count down to the act, not to its announcement.
    if (at !== null) machine.counting = { ...at, dueMs: due };
    return announced;
  }
  // Armed anew meanwhile, or the guard has been set back: never sooner than what stands on the desk.
  if (pending.actsAtMs === null || ms < Math.max(pending.actsAtMs, wish.dueMs)) return [];
  return [begin(machine, ms, true)];
}

/** What was proposed begins. Whoever carries it out calls `named`, and `ended` when it is over. */
export function begin(machine: FailoverMachine, ms: Duration, automatic: boolean): Intent & { do: 'act' } {
  const { pending } = machine;
  if (pending === null) throw new Error('begin a proposal that is not there');
  const move = moveOf(pending);
  machine.pending = null;
  machine.counting = null;
  start(machine, { ...move, action: pending.action, rule: pending.rule }, ms, automatic);
  return { do: 'act', why: pending.why, action: pending.action, ...move };
}

/** An act begins: a proposal's, or what a person asked for. */
export function start(
  machine: FailoverMachine,
  move: Move & { action: string | null; rule: Rule | null },
  ms: Duration,
  automatic: boolean,
): void {
  noteAct(machine, ms, automatic);
  machine.running = { ...moveOf(move), action: move.action, sinceMs: ms, rule: move.rule };
  if (move.what === 'retry-ingest') machine.retried = true;
}

/** The act is over, one way or another. Say first (`leftOff`) when it has left the stream off the air. */
export function ended(machine: FailoverMachine, ms: Duration, outcome: 'done' | 'failed' | 'cancelled'): Intent[] {
  const { running } = machine;
  if (running === null) return [];
  machine.running = null;
  if (outcome === 'done') {
    if (running.what === 'show-slate' && running.from !== null)
      machine.hidden = { scene: running.from, rule: running.rule };
    if (running.what === 'clear-slate') machine.hidden = null;
    if (running.what === 'switch-ingest' || running.what === 'retry-ingest') {
      // F7 begins to look now.
      machine.word = 'switching';
      machine.wordMs = ms;
      machine.tried = running.what;
    }
  } else if (machine.word === 'switching') {
    machine.word = 'dark';
    machine.wordMs = ms;
  }
  if (outcome === 'failed' && running.what === 'switch-ingest') machine.failedSwitches += 1;
  return locked(machine, ms);
}

function switchFailed(machine: FailoverMachine, ms: Duration): Intent[] {
  machine.failedSwitches += 1;
  return locked(machine, ms);
}

function locked(machine: FailoverMachine, ms: Duration): Intent[] {
  const why = lockReason(machine, ms);
  if (why === null || machine.lockedWhy !== null) return [];
  machine.lockedWhy = why;
  return [{ do: 'lock', why }];
}

/** One proposal at a time: the one that stands goes on, else the most useful that nobody has declined. */
function chosen(machine: FailoverMachine, wishes: Wish[]): Wish | null {
  const { pending } = machine;
  if (pending !== null) return wishes.find(({ rule }) => rule === pending.rule) ?? null;
  return wishes.find(({ rule }) => !machine.declined.has(rule)) ?? null;
}

/** STR-76: a proposal goes when its reason is gone. */
function withdrawn(machine: FailoverMachine, wishes: Wish[]): Intent[] {
  const { pending } = machine;
  if (pending === null) return [];
  const still = wishes.find(
    ({ rule, from, to }) => rule === pending.rule && from === pending.from && to === pending.to,
  );
  return still === undefined ? withdraw(machine, 'The reason is gone.') : [];
}

export function withdraw(machine: FailoverMachine, why: string): Intent[] {
  const { pending } = machine;
  if (pending === null) return [];
  machine.pending = null;
  machine.counting = null;
  return [{ do: 'withdraw', action: pending.action, why, ...moveOf(pending) }];
}

/** A person's no, and what was told in `observe`, hold until the trouble has been gone for this long. */
const FORGOTTEN_MS = 10_000;

function forgetDeclined(machine: FailoverMachine, wishes: Wish[], ms: Duration): void {
  const present = new Set(wishes.map(({ rule }) => rule));
  for (const [rule, seenMs] of machine.declined) {
    if (present.has(rule)) machine.declined.set(rule, ms);
    else if (ms - seenMs >= FORGOTTEN_MS) machine.declined.delete(rule);
  }
  for (const rule of machine.told) {
    if (!present.has(rule) && ms - (machine.toldMs ?? ms) >= FORGOTTEN_MS) machine.told.delete(rule);
  }
}

/** STR-35: so long off before it is believed. */
const RECORDING_OFF_MS = 2000;

/** STR-86: once in a show, and only in `auto`; in the other modes the button is there. */
function recording(machine: FailoverMachine, look: Look): Intent[] {
  const { ensuredBefore } = look.recording;
  if (machine.mode !== 'auto' || look.phase !== 'live' || ensuredBefore || machine.recordingEnsured) return [];
  if (machine.running !== null || (heldMs(machine, 'recording-off', look.ms) ?? -1) < RECORDING_OFF_MS) return [];
  machine.recordingEnsured = true;
  return [{ do: 'ensure-recording' }];
}

function moveOf({ what, from, to }: Move): Move {
  return { what, from, to };
}

/** @returns a sentence when the slate cannot help now (STR-85), else null */
export function noticeOf({ sight }: Look): string | null {
  return sight.transport === 2
    ? 'The way out is broken: a slate reaches no viewer now. Only the platform, or a relay beyond the break, can show one.'
    : null;
}
