import { expect, it } from 'vitest';
import { evolveFailover, initialFailoverRecord } from '../failover/failover-record.ts';
import type { FailoverFact } from '../facts/failover-facts.ts';
import type { Entry } from '../ledger.ts';
import { initialShow } from '../show.ts';
import { wantedOfFailover } from './alarm-failover.ts';

function alarmsAfter(...facts: FailoverFact[]) {
  const show = initialShow('s');
  show.failover = initialFailoverRecord();
  for (const fact of facts) evolveFailover(show.failover, { ...fact, seq: 1, at: 5 } as Entry);
  return wantedOfFailover(show);
}
const move = { action: 'f7', what: 'switch-ingest', from: 'primary', to: 'backup' } as const;
const why = 'Nothing has reached the streaming server for 8 s, and the backup answers.';
const proposed: FailoverFact = {
  kind: 'failover.proposed',
  body: { ...move, mode: 'confirm', why, wouldHave: false, snapshot: {} },
};

it('a proposal is an alarm until somebody has answered it', () => {
  const [alarm] = alarmsAfter(proposed);
  expect(alarm).toMatchObject({ kind: 'failover-waits', priority: 1, action: 'Confirm', holdMs: 0 });
  expect(alarm?.message).toMatch(/^Switch to the backup\? /);
  expect(alarm?.message.length).toBeLessThanOrEqual(90);
  const yes: FailoverFact = { kind: 'failover.started', body: { ...move, mode: 'confirm', why, by: 'desk' } };
  expect(alarmsAfter(proposed, yes, { kind: 'failover.finished', body: { ...move, tookMs: 900 } })).toEqual([]);
  expect(alarmsAfter(proposed, { kind: 'failover.cancelled', body: { ...move, why, by: 'desk' } })).toEqual([]);
});

it('what would only have been done is no alarm', () => {
  expect(alarmsAfter({ ...proposed, body: { ...proposed.body, wouldHave: true } })).toEqual([]);
});

it('a lock is an alarm until it is armed again', () => {
  const lock: FailoverFact = { kind: 'failover.locked', body: { why: 'Two switches have failed.' } };
  expect(alarmsAfter(lock)).toMatchObject([{ id: 'failover-waits:locked', action: 'Arm again' }]);
  expect(alarmsAfter(lock, { kind: 'failover.armed', body: { mode: 'confirm', by: 'desk' } })).toEqual([]);
  expect(alarmsAfter(lock, { kind: 'failover.disarmed', body: { why: 'operator', by: 'desk' } })).toEqual([]);
});
