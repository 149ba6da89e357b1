/** 0 fine · 1 warn · 2 critical */
export type Grade = 0 | 1 | 2;

export function worse(a: Grade, b: Grade): Grade {
  return a > b ? a : b;
}

/**
 * Hysteresis of one symptom. It rises as soon as its enter condition has held long enough, and falls only when its exit
 * condition has held without a break for the calm time (STR-47). Not knowing neither raises nor clears.
 */
export interface HeldSymptom {
  grade: Grade;
  /** the enter condition of warn / critical has held since */
  warnFromMs: number | null;
  criticalFromMs: number | null;
  calmMs: number;
  calmFromMs: number | null;
  /** worst grade that was still kept during the calm stretch */
  calmGrade: Grade;
  unknownFromMs: number | null;
}

/** What a rule says right now: the grade it would enter, the grade it would still keep; null when it cannot say. */
export type Finding = { enter: Grade; keep: Grade } | null;

export interface HoldTimes {
  warnMs: number;
  criticalMs: number;
  calmMs: number;
}

export function initialHeld(): HeldSymptom {
  return {
    grade: 0,
    warnFromMs: null,
    criticalFromMs: null,
    calmMs: 0,
    calmFromMs: null,
    calmGrade: 0,
    unknownFromMs: null,
  };
}

/** A symptom whose source has been away this long ends with it; the source stays marked unknown. */
const UNKNOWN_ENDS_MS = 30_000;

export function hold(held: HeldSymptom, finding: Finding, times: HoldTimes, now: number, sinceMs: number): void {
  if (finding === null) {
    held.unknownFromMs ??= now;
    held.warnFromMs = null;
    held.criticalFromMs = null;
    if (now - held.unknownFromMs >= UNKNOWN_ENDS_MS && held.grade > 0) fall(held, 0, now);
    return;
  }
  held.unknownFromMs = null;
  // Nothing is wrong and nothing was: the usual case, many times a second.
  if (finding.enter === 0 && held.grade === 0) {
    held.warnFromMs = null;
    held.criticalFromMs = null;
    return;
  }
  held.warnFromMs = finding.enter >= 1 ? (held.warnFromMs ?? now) : null;
  held.criticalFromMs = finding.enter >= 2 ? (held.criticalFromMs ?? now) : null;
  const risen = risenTo(held, times, now);
  if (risen > held.grade) {
    held.grade = risen;
    resetCalm(held);
    return;
  }
  const keep = worse(finding.keep, finding.enter);
  if (keep >= held.grade) {
    resetCalm(held);
    return;
  }
  held.calmFromMs ??= now;
  held.calmGrade = worse(held.calmGrade, keep);
  held.calmMs += held.calmFromMs === now ? 0 : sinceMs;
  if (held.calmMs >= times.calmMs) fall(held, held.calmGrade, held.calmFromMs);
}

/** Ends a symptom at once: what it was about is no longer there (the stream was stopped by hand). */
export function drop(held: HeldSymptom, now: number): void {
  if (held.grade > 0) fall(held, 0, now);
  held.warnFromMs = null;
  held.criticalFromMs = null;
}

function risenTo(held: HeldSymptom, times: HoldTimes, now: number): Grade {
  if (held.criticalFromMs !== null && now - held.criticalFromMs >= times.criticalMs) return 2;
  if (held.warnFromMs !== null && now - held.warnFromMs >= times.warnMs) return 1;
  return 0;
}

function fall(held: HeldSymptom, to: Grade, calmFrom: number): void {
  held.grade = to;
  resetCalm(held);
  held.calmFromMs = to === 0 ? calmFrom : null;
}

function resetCalm(held: HeldSymptom): void {
  held.calmMs = 0;
  held.calmFromMs = null;
  held.calmGrade = 0;
}
