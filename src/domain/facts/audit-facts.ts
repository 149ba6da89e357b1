import type { Duration } from '../units.ts';
import type { AuditGroup, AuditOutcome } from '../words.ts';

/** One check of the stream audit as it came out (STR-73). Never a key, never an address with one. */
export interface AuditResult {
  id: string;
  group: AuditGroup;
  result: AuditOutcome;
  /** what was measured, in words with its figures */
  evidence: string;
  /** what to do; empty when nothing is to be done */
  fix: string;
  tookMs: Duration;
}

export type AuditFact = {
  kind: 'audit.finished';
  body: {
    /** `a<seq>` */
    auditId: string;
    /** only some checks were run again; the others keep what they said before */
    partial: boolean;
    results: AuditResult[];
    tookMs: Duration;
    by: string;
    /** of the hub that looked; with `by` and the chain's hash this is the audit's signature */
    version: string;
  };
};
