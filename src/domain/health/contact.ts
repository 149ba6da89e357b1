import type { ProbeError } from './sample.ts';

/** When a source last spoke, and how long it has not. Silence is judged, so every source keeps this. */
export interface Contact {
  lastAnswerMs: number | null;
  /** start of the present unbroken run of answers */
  answersSinceMs: number | null;
  /** newest question of any outcome */
  lastMs: number | null;
  error: ProbeError | null;
  errorsRunning: number;
  errorsSinceMs: number | null;
  /** the last few intervals between questions; how often this source is asked is learned, not told */
  gaps: number[];
  /** the least of them: answers that came late do not make a source one that is asked seldom */
  usualMs: number | null;
  /** the greatest of them */
  longestMs: number | null;
}

export function initialContact(): Contact {
  return {
    lastAnswerMs: null,
    answersSinceMs: null,
    lastMs: null,
    error: null,
    errorsRunning: 0,
    errorsSinceMs: null,
    gaps: [],
    usualMs: null,
    longestMs: null,
  };
}

const GAPS_KEPT = 4;

export function noteContact(contact: Contact, ms: number, error: ProbeError | null): void {
  if (contact.lastMs !== null && ms > contact.lastMs) {
    contact.gaps.push(ms - contact.lastMs);
    if (contact.gaps.length > GAPS_KEPT) contact.gaps.shift();
    contact.usualMs = Math.min(...contact.gaps);
    contact.longestMs = Math.max(...contact.gaps);
  }
  contact.lastMs = ms;
  contact.error = error;
  if (error === null) {
    contact.lastAnswerMs = ms;
    contact.answersSinceMs ??= ms;
    contact.errorsRunning = 0;
    contact.errorsSinceMs = null;
  } else {
    contact.answersSinceMs = null;
    contact.errorsRunning += 1;
    contact.errorsSinceMs ??= ms;
  }
}

/** Usual interval between questions, ms. */
export function usualGapMs(contact: Contact): number {
  return contact.usualMs ?? 1000;
}

/** @returns ms since the last answer; null when it never answered */
export function ageMs(contact: Contact, now: number): number | null {
  return contact.lastAnswerMs === null ? null : Math.max(0, now - contact.lastAnswerMs);
}

/** An unanswered question runs at most this long before it counts; longer gaps are pauses in asking, not silence. */
const ASKED_BEFORE_ERROR_MS = 1500;

/**
 * How long the source has left us without an answer, from its last answer on. A source that is asked rarely is not
 * silent between two questions.
 *
 * @returns 0 while it answers; null when it never did
 */
export function silentMs(contact: Contact, now: number): number | null {
  if (contact.lastAnswerMs === null) return null;
  if (contact.errorsSinceMs !== null) {
    return now - Math.max(contact.lastAnswerMs, contact.errorsSinceMs - ASKED_BEFORE_ERROR_MS);
  }
  const quiet = now - contact.lastAnswerMs;
  return quiet > 2 * usualGapMs(contact) + 1000 ? quiet : 0;
}

/** STR-12: three seconds without an answer; more for a source that is asked less often than that. */
export function unknownAfterMs(contact: Contact): number {
  return Math.max(3000, 2 * usualGapMs(contact) + 1000);
}

export function isUnknown(contact: Contact, now: number): boolean {
  return contact.lastAnswerMs === null || now - contact.lastAnswerMs >= unknownAfterMs(contact);
}
