import type { Plan, StreamPlan } from '../plan.ts';
import type { ShowState } from '../show.ts';
import { type Duration, HOUR, type Instant } from '../units.ts';
import type { AuditOutcome } from '../words.ts';
import type { AuditState } from './audit-state.ts';
import { ALL_CHECKS, type AuditCheck } from './catalogue.ts';

export type AuditWord = 'go' | 'check' | 'no-go';

/** Older than this, an audit shows its age (STR-74). */
const STALE: Duration = 24 * HOUR;

/**
 * One word over many results: a fail is NO-GO; a warning, something not known or a check that never ran is CHECK.
 *
 * @param results null: never ran
 * @returns null when nothing ran, or all was skipped: that is never a pass
 */
export function wordOver(results: readonly (AuditOutcome | null)[]): AuditWord | null {
  if (results.includes('fail')) return 'no-go';
  const spoke = results.filter((result) => result !== null && result !== 'skipped');
  if (spoke.length === 0) return results.includes(null) && results.some((result) => result !== null) ? 'check' : null;
  return results.every((result) => result === 'pass' || result === 'skipped') ? 'go' : 'check';
}

/** The word over every check, the desk's own among them. */
export function auditWord(audit: AuditState): AuditWord | null {
  return audit.auditId === null ? null : wordOver(ALL_CHECKS.map(({ id }) => audit.results.get(id)?.result ?? null));
}

/** Does a fail of this check keep the show from opening? The scenes only do where something will go to them. */
export function blocksNow(check: AuditCheck, show: ShowState): boolean {
  if (!check.blocks) return false;
  if (check.id !== 'scn-1') return true;
  return show.failover.mode !== 'observe' || (show.plan?.stream.slateScene ?? null) !== null;
}

export interface FailedCheck {
  id: string;
  /** what, what was found, what to do */
  sentence: string;
}

/** Checks whose newest result keeps the show from opening. */
export function failedBlocking(show: ShowState): FailedCheck[] {
  return ALL_CHECKS.filter((check) => blocksNow(check, show)).flatMap(({ id, what }) => {
    const found = show.audit.results.get(id);
    if (found?.result !== 'fail') return [];
    return [{ id, sentence: [`${what}: ${found.evidence}`, found.fix].filter((text) => text !== '').join(' ') }];
  });
}

export function isStale(audit: AuditState, now: Instant): boolean {
  return audit.at !== null && now - audit.at > STALE;
}

/** What whoever opens the show should know; none of it keeps the doors shut. */
export function auditWarnings(show: ShowState, now: Instant): string[] {
  if (show.plan === null || !hasStream(show.plan)) return [];
  const { audit } = show;
  if (audit.auditId === null) return ['The stream was never checked. Run the pre-flight audit.'];
  const unsure = ALL_CHECKS.filter(
    (check) => blocksNow(check, show) && audit.results.get(check.id)?.result === 'unknown',
  ).map(({ what }) => `${what}: could not be checked. Run it again.`);
  return isStale(audit, now) ? ['The pre-flight audit is older than a day. Run it again.', ...unsure] : unsure;
}

/** Does the plan name anything of a stream that could be checked? */
export function hasStream({ stream }: Pick<Plan, 'stream'>): boolean {
  const named: (keyof StreamPlan)[] = ['obs', 'rtmpStat', 'mediamtx', 'hls', 'edge', 'primaryIngest', 'relay'];
  return named.some((key) => stream[key] !== null);
}
