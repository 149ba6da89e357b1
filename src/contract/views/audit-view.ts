import { auditWord, blocksNow, isStale, wordOver } from '../../domain/audit/audit-words.ts';
import { ALL_CHECKS, type AuditCheck } from '../../domain/audit/catalogue.ts';
import type { ShowState } from '../../domain/show.ts';
import { type Now, toIso } from '../../domain/units.ts';
import { AUDIT_GROUPS, type AuditGroup, type AuditOutcome } from '../../domain/words.ts';
import type { AuditCheckView, AuditView } from '../audit-state.ts';

/** The audit for the desk: the three words first, then the rest, then the desk's own (UI-53). */
export function auditView(show: ShowState | null, running: AuditView['running'], now: Now): AuditView {
  const audit = show?.audit ?? null;
  const checks = ALL_CHECKS.map((check) => checkView(check, show, running));
  return {
    auditId: audit?.auditId ?? null,
    at: audit?.at === null || audit?.at === undefined ? null : toIso(audit.at),
    by: audit?.by ?? null,
    word: audit === null ? null : auditWord(audit),
    stale: audit !== null && isStale(audit, now.at),
    groups: AUDIT_GROUPS.map((group) => groupView(group, checks)),
    checks,
    running,
  };
}

function groupView(group: AuditGroup, checks: readonly AuditCheckView[]): AuditView['groups'][number] {
  const results = checks.filter((check) => check.group === group).map(({ result }) => result);
  const count = (outcome: AuditOutcome): number => results.filter((result) => result === outcome).length;
  return {
    group,
    word: wordOver(results),
    counts: {
      pass: count('pass'),
      warn: count('warn'),
      fail: count('fail'),
      skipped: count('skipped'),
      unknown: count('unknown'),
    },
  };
}

function checkView(check: AuditCheck, show: ShowState | null, running: AuditView['running']): AuditCheckView {
  const { id, group, what, limit, whileLive } = check;
  const found = show?.audit.results.get(id) ?? null;
  return {
    ...{ id, group, what, limit, whileLive },
    blocks: show !== null && blocksNow(check, show),
    result: found?.result ?? null,
    evidence: found?.evidence ?? '',
    fix: found?.fix ?? '',
    tookMs: found?.tookMs ?? null,
    at: found === null ? null : toIso(found.at),
    running: running?.checks.includes(id) ?? false,
  };
}
