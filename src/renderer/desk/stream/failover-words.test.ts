import { describe, expect, it } from 'vitest';
import type { FailoverView } from '../../../contract/failover-state.ts';
import { FAILOVER_ACTIONS } from '../../../domain/words.ts';
import { actsOf, decisionOf, isWorthShowing } from './failover-words.ts';

const NOW = Date.parse('2026-11-28T20:00:00.000Z');
const at = (ms: number): string => new Date(NOW + ms).toISOString();
const failover = (change: Partial<FailoverView> = {}): FailoverView => ({
  mode: 'observe',
  state: 'live',
  tier: 'direct',
  ingest: 'primary',
  can: Object.fromEntries(FAILOVER_ACTIONS.map((what) => [what, { ready: true, why: null }])) as FailoverView['can'],
  pending: null,
  counting: null,
  running: null,
  lockedWhy: null,
  slateOn: false,
  notice: null,
  retryAt: null,
  history: [],
  ...change,
});
const pending = {
  action: 'f7',
  what: 'switch-ingest' as const,
  why: 'Nothing arrives.',
  since: at(-1000),
  actsAt: null,
};
const counting = { what: 'switch-ingest' as const, dueAt: at(5200) };

describe('what failover asks', () => {
  it('is nothing while nothing is wrong, and then the live page stays as it is', () => {
    expect(decisionOf(failover(), NOW)).toBeNull();
    expect(isWorthShowing(failover(), null)).toBe(false);
    expect(isWorthShowing(failover({ mode: 'confirm' }), null)).toBe(true);
  });
  it('is a question that waits, or a countdown in whole seconds', () => {
    expect(decisionOf(failover({ pending }), NOW)).toMatchObject({
      kind: 'proposal',
      action: 'f7',
      text: 'Switch to the backup?',
      isCounting: false,
    });
    const counted = failover({ mode: 'auto', pending: { ...pending, actsAt: at(2100) } });
    expect(decisionOf(counted, NOW)).toMatchObject({ text: 'Switches to the backup in 3 s.', isCounting: true });
    expect(decisionOf(counted, NOW + 9000)).toMatchObject({ text: 'Switches to the backup in 0 s.' });
  });
  it('is what runs before anything else, and a lock before a guard time', () => {
    const running = { action: 'f8', what: 'switch-ingest' as const, step: 'Stop the stream in OBS', since: at(-2500) };
    expect(decisionOf(failover({ pending, running, lockedWhy: 'Two failed.', counting }), NOW)).toMatchObject({
      kind: 'running',
      action: 'f8',
      step: 'Stop the stream in OBS',
    });
    expect(decisionOf(failover({ lockedWhy: 'Two failed.', counting }), NOW)).toMatchObject({ kind: 'locked' });
  });
  it('counts the guard time, and in observe says that nothing will come of it', () => {
    const armed = decisionOf(failover({ mode: 'confirm', counting }), NOW);
    expect(armed).toEqual({ kind: 'counting', text: 'Switch of ingest is offered in 6 s.' });
    const observed = failover({ counting });
    expect(decisionOf(observed, NOW)).toMatchObject({ text: expect.stringContaining('only observes') as string });
    expect(isWorthShowing(observed, decisionOf(observed, NOW))).toBe(false);
  });
});

describe('what a person can do', () => {
  it('has both ways of slate and ingest under one button each', () => {
    expect(actsOf(failover(), NOW).map(({ label }) => label)).toEqual([
      'Show slate',
      'Switch to backup',
      'Retry now',
      'Start recording',
    ]);
    const there = actsOf(failover({ slateOn: true, ingest: 'backup', retryAt: at(3900) }), NOW);
    expect(there.map(({ label, command }) => [label, command])).toEqual([
      ['Clear slate', 'clear-slate'],
      ['Switch to primary', 'switch-ingest'],
      ['Retry now (OBS in 4 s)', 'retry-ingest'],
      ['Start recording', 'start-recording'],
    ]);
    expect(there[1]?.to).toBe('primary');
  });
  it('says why not', () => {
    const can = { ...failover().can, 'show-slate': { ready: false, why: 'The plan names no slate scene.' } };
    expect(actsOf(failover({ can }), NOW)[0]).toMatchObject({ isReady: false, why: 'The plan names no slate scene.' });
  });
});
