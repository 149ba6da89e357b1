import type { Duration } from '../../domain/units.ts';
import { type Check, unknowable } from './check.ts';

/** Every check by its id of domain/audit/catalogue.ts. */
const CHECKS: Readonly<Record<string, Check>> = {};

/** Checks that look for longer than others may (STR-73: 5 s, those of the test stream 20 s). */
const DEADLINES: Readonly<Record<string, Duration>> = {};

export function checkOf(id: string): Check {
  return CHECKS[id] ?? (() => Promise.resolve(unknowable('This check could not be made.')));
}

/** @returns ms that a check may take */
export function deadlineOf(id: string, isTest: boolean): Duration {
  return DEADLINES[id] ?? ((isTest ? 20_000 : 5_000) as Duration);
}
