import type { AuditResult } from '../facts/audit-facts.ts';
import { NO_STREAM } from '../plan-upgrade.ts';
import { type TestShow, given, plan } from '../testing.ts';
import type { AuditOutcome } from '../words.ts';
import { ALL_CHECKS } from './catalogue.ts';

/** A plan with a stream, and audits of it with the outcomes that a test wants. Never used by the product. */
export const streamed = plan({ stream: { ...NO_STREAM, hls: { url: 'http://127.0.0.1/live.m3u8' } } });

export function audited(show: TestShow, outcomes: Record<string, AuditOutcome>, partial = false): void {
  const results = Object.entries(outcomes).map(([id, result]): AuditResult => {
    const group = ALL_CHECKS.find((check) => check.id === id)?.group ?? 'network';
    return { id, group, result, evidence: `${id} was looked at.`, fix: result === 'fail' ? 'Mend it.' : '', tookMs: 5 };
  });
  const body = { auditId: `a${show.entries.length + 1}`, partial, results, tookMs: 5, by: 'desk', version: '1.0.0' };
  given(show, { kind: 'audit.finished', body });
}

export const all = (outcome: AuditOutcome): Record<string, AuditOutcome> =>
  Object.fromEntries(ALL_CHECKS.map(({ id }) => [id, outcome]));
