import type { AuditResult } from '../facts/audit-facts.ts';
import type { Entry } from '../ledger.ts';
import type { Instant } from '../units.ts';

/** The stream audit as the ledger tells it: the newest result of each check, whichever run it came from. */
export interface AuditState {
  /** of the newest run; null: never audited */
  auditId: string | null;
  at: Instant | null;
  by: string | null;
  /** check id → its newest result */
  results: Map<string, AuditResult & { at: Instant }>;
  /** the newest starts of the hub that have written anything, oldest first */
  boots: { boot: string; at: Instant }[];
}

const BOOTS_KEPT = 20;

export function initialAudit(): AuditState {
  return { auditId: null, at: null, by: null, results: new Map(), boots: [] };
}

export function evolveAudit(state: AuditState, entry: Entry): void {
  if (state.boots.at(-1)?.boot !== entry.boot) {
    state.boots.push({ boot: entry.boot, at: entry.at });
    if (state.boots.length > BOOTS_KEPT) state.boots.shift();
  }
  if (entry.kind !== 'audit.finished') return;
  const { auditId, by, results } = entry.body;
  Object.assign(state, { auditId, by, at: entry.at });
  for (const result of results) state.results.set(result.id, { ...result, at: entry.at });
}
