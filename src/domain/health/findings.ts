import { isUnknown } from './contact.ts';
import type { Finding, Grade } from './hold.ts';
import { type Health, inGrace, isConfigured } from './state.ts';

/** Names of symptoms are the names of the metrics they come from. */
export type SymptomId =
  | 'obsAnswerMs'
  | 'gaveUp'
  | 'reconnecting'
  | 'ingestLagMs'
  | 'congestion'
  | 'droppedPct'
  | 'sendStallMs'
  | 'ingestStallMs'
  | 'ingestListed'
  | 'ingestSilentMs'
  | 'probe'
  | 'bitrateKbps'
  | 'encoderLagPct'
  | 'renderLagPct'
  | 'recording'
  | 'recordStallMs'
  | 'diskMinutes'
  | 'playlistErrors'
  | 'playlistAgeMs';

/** What rules lean on: the grade that another symptom is held at. */
export type GradeRead = (id: SymptomId) => Grade;

export const CALM: Finding = { enter: 0, keep: 0 };

/** A pair of thresholds each way: entered above the first, left at or below the second. */
export function over(
  value: number | null,
  warn: [enter: number, exit: number],
  critical: [enter: number, exit: number],
): Finding {
  if (value === null) return null;
  return {
    enter: value > critical[0] ? 2 : value > warn[0] ? 1 : 0,
    keep: value > critical[1] ? 2 : value > warn[1] ? 1 : 0,
  };
}

/** A finding that is left as soon as it is no longer entered. */
export function plain(grade: Grade): Finding {
  return { enter: grade, keep: grade };
}

/** OBS answers and is sending, and has been for long enough: the ground on which its figures are judged. */
export function sending(health: Health, now: number): boolean {
  if (!isConfigured(health, 'obs')) return true;
  return health.obs.active === true && !inGrace(health, now);
}

export function obsSpeaks(health: Health, now: number): boolean {
  return health.obs.contact.error === null && !isUnknown(health.obs.contact, now);
}
