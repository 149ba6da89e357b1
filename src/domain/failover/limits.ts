import { type Duration, MINUTE, SECOND } from '../units.ts';
import type { FailoverMachine } from './machine-state.ts';

/** STR-76: how long an automatic act is announced, with a Cancel beside it. */
export const COUNTDOWN_MS: Duration = 3 * SECOND;
/** STR-79 */
export const APART_MS: Duration = 60 * SECOND;
const WINDOW_MS: Duration = 10 * MINUTE;
const MOST_AUTOMATIC = 3;
const MOST_FAILED = 2;
/** STR-78 */
export const HANDS_OFF_MS: Duration = 60 * SECOND;

/** @returns the earliest moment of the next automatic act; after a person's act too, who may have reasons */
export function mayActFrom({ actedMs }: FailoverMachine): Duration {
  return actedMs === null ? -Infinity : actedMs + APART_MS;
}

/** An act begins: by whom, and on what, decides what is counted. */
export function noteAct(machine: FailoverMachine, ms: Duration, automatic: boolean): void {
  machine.actedMs = ms;
  if (!automatic) return;
  machine.automaticMs = [...machine.automaticMs.filter((at) => ms - at < WINDOW_MS), ms];
}

/** @returns why automation must end until somebody arms it again, or null */
export function lockReason(machine: FailoverMachine, ms: Duration): string | null {
  if (machine.failedSwitches >= MOST_FAILED) return 'Two switches have failed.';
  const recent = machine.automaticMs.filter((at) => ms - at < WINDOW_MS).length;
  return recent >= MOST_AUTOMATIC ? 'Three automatic actions within ten minutes have not ended the trouble.' : null;
}
