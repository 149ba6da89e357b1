import { describe, expect, it } from 'vitest';
import { NO_STREAM } from '../plan-upgrade.ts';
import { given, makeShow, plan, run, wait } from '../testing.ts';
import { HOUR } from '../units.ts';
import { ALL_CHECKS, AUDIT_CHECKS } from './catalogue.ts';
import { auditWord, wordOver } from './audit-words.ts';
import { all, audited, streamed } from './audit-testing.ts';

it('the stream has 38 checks, and the desk its own beside them', () => {
  expect(AUDIT_CHECKS).toHaveLength(38);
  expect(new Set(ALL_CHECKS.map(({ id }) => id)).size).toBe(46);
});

it.each([
  [[], null],
  [[null, null], null],
  [['skipped', 'skipped'], null],
  [['pass', 'skipped'], 'go'],
  [['pass', 'warn'], 'check'],
  [['pass', 'unknown'], 'check'],
  [['pass', null], 'check'],
  [['skipped', null], 'check'],
  [['warn', 'fail', 'pass'], 'no-go'],
] as const)('%j is %s', (results, word) => {
  expect(wordOver(results)).toBe(word);
});

describe('opening the show', () => {
  it('is refused while a blocking check fails, with what to do; a re-run that passes unblocks', () => {
    const show = makeShow(streamed);
    audited(show, { ...all('pass'), 'net-7': 'fail', 'cache-2': 'fail' });
    const refusal = run(show, { kind: 'open-show' });
    expect(refusal).toMatchObject({ code: 'preflight-blocks', items: ['net-7'] });
    expect(refusal['message']).toContain('The ingest lets us in: net-7 was looked at. Mend it.');
    audited(show, { 'net-7': 'pass' }, true);
    expect(run(show, { kind: 'open-show' })).toMatchObject({ ok: true, warnings: [] });
  });

  it('goes on with a reason, which stands in the ledger', () => {
    const show = makeShow(streamed);
    audited(show, { 'rec-1': 'fail' });
    expect(run(show, { kind: 'open-show', overrideReason: 'the platform records' })).toMatchObject({ ok: true });
    expect(show.entries.at(-1)?.body).toMatchObject({ overrideReason: 'the platform records' });
  });

  it('only warns when the stream was never checked, or too long ago, or a blocking check is not known', () => {
    expect(run(makeShow(streamed), { kind: 'open-show' })).toMatchObject({
      ok: true,
      warnings: [expect.stringContaining('never checked')],
    });
    const old = makeShow(streamed);
    audited(old, { ...all('pass'), 'rec-2': 'unknown' });
    wait(old, 25 * HOUR);
    expect(run(old, { kind: 'open-show' })).toMatchObject({
      warnings: [expect.stringContaining('older than a day'), expect.stringContaining('Room for the recording')],
    });
  });

  it('says nothing of an audit where no stream is planned', () => {
    expect(run(makeShow(plan()), { kind: 'open-show' })).toMatchObject({ ok: true, warnings: [] });
  });

  it('minds the scenes only where a slate is planned or failover is armed', () => {
    const bare = makeShow(streamed);
    audited(bare, { ...all('pass'), 'scn-1': 'fail' });
    expect(run(bare, { kind: 'open-show' })).toMatchObject({ ok: true });
    const slated = makeShow(plan({ stream: { ...NO_STREAM, slateScene: 'Back soon' } }));
    audited(slated, { ...all('pass'), 'scn-1': 'fail' });
    expect(run(slated, { kind: 'open-show' })).toMatchObject({ code: 'preflight-blocks', items: ['scn-1'] });
    const armed = makeShow(streamed);
    given(armed, { kind: 'failover.armed', body: { mode: 'confirm', by: 'desk' } });
    audited(armed, { ...all('pass'), 'scn-1': 'fail' });
    expect(run(armed, { kind: 'open-show' })).toMatchObject({ code: 'preflight-blocks' });
  });
});

it('keeps the older results when only some checks were run again', () => {
  const show = makeShow(streamed);
  audited(show, { ...all('pass'), 'net-7': 'fail' });
  expect(auditWord(show.state.audit)).toBe('no-go');
  audited(show, { 'net-7': 'pass' }, true);
  expect(auditWord(show.state.audit)).toBe('go');
  expect(show.state.audit.results.size).toBe(46);
});
