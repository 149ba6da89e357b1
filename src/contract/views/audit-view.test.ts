import { expect, it } from 'vitest';
import { ALL_CHECKS } from '../../domain/audit/catalogue.ts';
import type { AuditResult } from '../../domain/facts/audit-facts.ts';
import { NO_STREAM } from '../../domain/plan-upgrade.ts';
import { type TestShow, given, makeShow, now, plan, wait } from '../../domain/testing.ts';
import { HOUR } from '../../domain/units.ts';
import type { AuditOutcome } from '../../domain/words.ts';
import { auditView } from './audit-view.ts';

const streamed = plan({ stream: { ...NO_STREAM, hls: { url: 'http://127.0.0.1/live.m3u8' } } });

function audited(show: TestShow, outcomes: Record<string, AuditOutcome>, partial = false): void {
  const results = Object.entries(outcomes).map(([id, result]): AuditResult => {
    const group = ALL_CHECKS.find((check) => check.id === id)?.group ?? 'network';
    return { id, group, result, evidence: `${id} was looked at.`, fix: result === 'fail' ? 'Mend it.' : '', tookMs: 5 };
  });
  const body = { auditId: `a${show.entries.length + 1}`, partial, results, tookMs: 5, by: 'desk', version: '1.0.0' };
  given(show, { kind: 'audit.finished', body });
}

const all = (outcome: AuditOutcome): Record<string, AuditOutcome> =>
  Object.fromEntries(ALL_CHECKS.map(({ id }) => [id, outcome]));

it('shows every check, also those that never ran, and the three words first', () => {
  const show = makeShow(streamed);
  const before = auditView(show.state, null, now(show));
  expect(before).toMatchObject({ word: null, auditId: null, stale: false });
  expect(before.checks).toHaveLength(46);
  expect(before.groups.slice(0, 3).map(({ group }) => group)).toEqual(['network', 'caching', 'failover']);
  audited(show, { ...all('pass'), 'cache-2': 'warn', 'fail-1': 'fail', 'net-4': 'skipped' });
  const view = auditView(show.state, { done: 1, total: 2, checks: ['net-1'] }, now(show));
  expect(view.groups.slice(0, 3)).toMatchObject([
    { word: 'go', counts: { pass: 7, skipped: 1 } },
    { word: 'check', counts: { pass: 8, warn: 1 } },
    { word: 'no-go', counts: { fail: 1 } },
  ]);
  expect(view).toMatchObject({ word: 'no-go', by: 'desk' });
  expect(view.checks.filter(({ running }) => running).map(({ id }) => id)).toEqual(['net-1']);
  wait(show, 25 * HOUR);
  expect(auditView(show.state, null, now(show)).stale).toBe(true);
});
