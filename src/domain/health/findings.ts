import type { Finding, Grade } from './hold.ts';

/** Names of symptoms are the names of the metrics they come from. */
export const SYMPTOMS = [
  'obsAnswerMs',
  'gaveUp',
  'reconnecting',
  'ingestLagMs',
  'congestion',
  'droppedPct',
  'sendStallMs',
  'ingestStallMs',
  'ingestListed',
  'ingestSilentMs',
  'legStallMs',
  'probe',
  'rttMs',
  'srt',
  'bitrateKbps',
  'deliveryRatio',
  'encoderLagPct',
  'renderLagPct',
  'fps',
  'renderMs',
  'blackMs',
  'stillMs',
  'silentMs',
  'recording',
  'recordStallMs',
  'diskMinutes',
  'playlistErrors',
  'playlistAgeMs',
  'edgeLagSegments',
  'segment',
] as const;
export type SymptomId = (typeof SYMPTOMS)[number];

export function noGrades(): Record<SymptomId, Grade> {
  return Object.fromEntries(SYMPTOMS.map((id) => [id, 0])) as Record<SymptomId, Grade>;
}

/** Rules are asked many times a second, so the nine things they can say are made once. */
const GRADES = [0, 1, 2] as const;
const SAID = GRADES.map((enter) => GRADES.map((keep) => ({ enter, keep })));

export function finding(enter: Grade, keep: Grade): Finding {
  return SAID[enter]?.[keep] ?? null;
}

export const CALM: Finding = finding(0, 0);

/** A pair of thresholds each way: entered above the first, left at or below the second. */
export function over(
  value: number | null,
  warn: readonly [enter: number, exit: number],
  critical: readonly [enter: number, exit: number],
): Finding {
  if (value === null) return null;
  return finding(value > critical[0] ? 2 : value > warn[0] ? 1 : 0, value > critical[1] ? 2 : value > warn[1] ? 1 : 0);
}

/** As `over`, for a value that is bad when it is low. */
export function under(
  value: number | null,
  warn: readonly [enter: number, exit: number],
  critical: readonly [enter: number, exit: number],
): Finding {
  if (value === null) return null;
  return finding(value < critical[0] ? 2 : value < warn[0] ? 1 : 0, value < critical[1] ? 2 : value < warn[1] ? 1 : 0);
}

/** A finding that is left as soon as it is no longer entered. */
export function plain(grade: Grade): Finding {
  return finding(grade, grade);
}

/** Bad from the first duration on, worse from the second on; left as soon as it is shorter. */
export function since(ms: number, warnMs: number, criticalMs: number): Finding {
  return plain(ms >= criticalMs ? 2 : ms >= warnMs ? 1 : 0);
}
