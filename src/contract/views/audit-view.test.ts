import { expect, it } from 'vitest';
import { makeShow, now, wait } from '../../domain/testing.ts';
import { HOUR } from '../../domain/units.ts';
import { auditView } from './audit-view.ts';
import { all, audited, streamed } from '../../domain/audit/audit-testing.ts';

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
