import { expect, test } from 'vitest';
import { type Kill, killInSwitch } from '../kit/failover-kills.ts';

/** Row 15 of specs/stream.md: SIGKILL of the hub in every step of a switch, 28 times. */
const STEPS: Kill['after'][] = ['GetStreamServiceSettings', 'StopStream', 'SetStreamServiceSettings', 'StartStream'];
const WAITS = [0, 10, 50, 120, 200, 260, 400];
const KILLS: Kill[] = STEPS.flatMap((after) => WAITS.map((waitMs) => ({ after, waitMs })));

test(`${KILLS.length} kills: always observe, one reading of the truth, never a second action`, async () => {
  const ends = { finished: 0, failed: 0, none: 0 };
  for (const kill of KILLS) {
    const found = await killInSwitch(kill);
    const label = `killed after ${kill.after} + ${kill.waitMs} ms`;
    expect(found.mode, label).toBe('observe');
    expect(found.disarmed, label).toEqual(['restart']);
    expect(found.changedAfter, label).toEqual([]);
    // A hub that was quick enough had finished before it was killed; then its own word stands.
    expect(found.ends.length, label).toBeLessThanOrEqual(1);
    if (found.ends.length === 0) ends.none += 1;
    else if (found.ends[0] === 'failover.finished') ends.finished += 1;
    else ends.failed += 1;
    if (found.ends[0] === 'failover.finished') expect(found.happened, label).toBe(true);
  }
  console.log(`${KILLS.length} kills: ${JSON.stringify(ends)}`);
  expect(ends.failed).toBeGreaterThan(5);
});
