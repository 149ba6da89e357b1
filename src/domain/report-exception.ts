import type { Instant, Minor } from './units.ts';

/** One row of the exceptions: decided against the rule, left open, or odd. Severity 1 is the gravest. */
export interface Exception {
  kind: string;
  severity: 1 | 2 | 3;
  at: Instant;
  ref: string;
  what: string;
  amount: Minor | null;
  decision: string | null;
  by: string | null;
  reason: string | null;
}
