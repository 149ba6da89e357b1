import { describe, expect, it } from 'vitest';
import type { AuditCheckView } from '../../../contract/audit-state.ts';
import { ALL_CHECKS } from '../../../domain/audit/catalogue.ts';
import type { AuditOutcome } from '../../../domain/words.ts';
import { auditSections, blockersOf, runningNames } from './audit-sections.ts';

const checks = (results: Record<string, AuditOutcome> = {}): AuditCheckView[] =>
  ALL_CHECKS.map(({ id, group, what, limit, blocks, whileLive }) => ({
    ...{ id, group, what, limit, blocks, whileLive, evidence: '', fix: '', tookMs: null, at: null },
    result: results[id] ?? null,
    running: false,
  }));
const section = (results: Record<string, AuditOutcome>, id: string) =>
  auditSections({ checks: checks(results) }).find((one) => one.id === id);

describe('the audit on the desk', () => {
  it('has network, caching and failover first, the desk last, and every check once', () => {
    const sections = auditSections({ checks: checks() });
    expect(sections.map(({ id }) => id).join(' ')).toBe(
      'network caching failover encoder stage recording security desk',
    );
    const ids = sections.flatMap((one) => one.checks.map(({ id }) => id));
    expect(ids).toEqual(ALL_CHECKS.map(({ id }) => id));
  });
  it('has no word where nothing ran, nor where all was skipped', () => {
    expect(section({}, 'security')?.word).toBeNull();
    expect(section({ 'sec-1': 'skipped' }, 'security')?.word).toBeNull();
    expect(section({ 'sec-1': 'pass' }, 'security')?.word).toBe('go');
  });
  it('takes sound and scenes together, the worst decides', () => {
    const found = section({ 'aud-1': 'pass', 'scn-1': 'fail', 'scn-2': 'skipped' }, 'stage');
    expect(found?.word).toBe('no-go');
    expect(found?.counts).toEqual({ pass: 1, warn: 0, fail: 1, skipped: 1, unknown: 0, 'not-run': 2 });
  });
  it('names as blocking only what blocks and has failed', () => {
    const found = checks({ 'net-7': 'fail', 'net-1': 'fail', 'rec-1': 'warn' });
    expect(blockersOf({ checks: found }).map(({ id }) => id)).toEqual(['net-7']);
  });
  it('names what runs, the first few', () => {
    const found = checks().map((check, at) => ({ ...check, running: at < 3 }));
    expect(runningNames({ checks: found }, 2)).toEqual({
      names: 'How this computer is connected, Names are found',
      more: 1,
    });
  });
});
