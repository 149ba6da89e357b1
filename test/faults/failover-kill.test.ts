import { expect, test } from 'vitest';
import { type Kill, killInSwitch } from '../kit/failover-kills.ts';

/** A handful of the kills of test/release/failover-kill.test.ts: one in each kind of step. */
const KILLS: Kill[] = [
  { after: 'StopStream', waitMs: 50 },
  { after: 'SetStreamServiceSettings', waitMs: 0 },
  { after: 'StartStream', waitMs: 300 },
];

test.each(KILLS)(
  'killed after $after + $waitMs ms: observe, one reading of the truth, no second action',
  async (kill) => {
    const found = await killInSwitch(kill);
    expect(found.mode).toBe('observe');
    expect(found.disarmed).toEqual(['restart']);
    expect(found.ends).toEqual([found.happened ? 'failover.finished' : 'failover.failed']);
    expect(found.changedAfter).toEqual([]);
    expect(found.history[0]?.what).toBe('switch-ingest');
  },
);
