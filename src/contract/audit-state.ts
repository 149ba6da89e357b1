import type { AuditWord } from '../domain/audit/audit-words.ts';
import type { Iso } from '../domain/units.ts';
import type { AuditGroup, AuditOutcome } from '../domain/words.ts';

export type { AuditWord } from '../domain/audit/audit-words.ts';

/** The stream audit as the desk shows it: every check of the catalogue, with its newest result if it ever ran. */
export interface AuditView {
  /** of the newest run; null: never audited */
  auditId: string | null;
  at: Iso | null;
  by: string | null;
  /** over all groups; null: never audited */
  word: AuditWord | null;
  /** older than 24 hours */
  stale: boolean;
  groups: { group: AuditGroup; word: AuditWord | null; counts: Record<AuditOutcome, number> }[];
  checks: AuditCheckView[];
  running: { done: number; total: number; checks: string[] } | null;
}

export interface AuditCheckView {
  id: string;
  group: AuditGroup;
  what: string;
  limit: string;
  /** a fail keeps the show from opening, as things stand now */
  blocks: boolean;
  whileLive: boolean;
  /** null: never run */
  result: AuditOutcome | null;
  evidence: string;
  fix: string;
  tookMs: number | null;
  at: Iso | null;
  running: boolean;
}
