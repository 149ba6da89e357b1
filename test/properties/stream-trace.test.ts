import { expect, it, vi } from 'vitest';
import { configFrom, readTrace, replay } from '../../src/hub/replay-health.ts';
import { FaultDealer, realJudge } from './stream-rounds.ts';
import { playShow } from './stream-score.ts';
import { traceOf } from './stream-trace.ts';

// Playing hours is work; a busy machine may take its time over it.
vi.setConfig({ testTimeout: 60_000 });

/** STR-94, STR-50: the same show from a file, looked at after each line too, comes to the same verdicts. */
it.each([21, 22, 23])('the made-up show %i is judged the same when it is replayed from a trace', (seed) => {
  const script = new FaultDealer().show(seed, 3);
  const { lines, key } = traceOf(script);
  const replayed = replay(readTrace(lines.join('\n')), configFrom(key));
  const { placed, changes } = playShow(script, realJudge());
  for (const { fault, onsetMs } of placed) {
    const lived = changes.find(({ ms, layer, rose }) => rose && layer === fault.layer && ms >= onsetMs);
    const read = replayed.changes.find(({ ms, layers }) => ms >= onsetMs && layers[fault.layer]?.level !== undefined);
    expect(Math.abs((read?.ms ?? NaN) - (lived?.ms ?? NaN)), fault.kind).toBeLessThanOrEqual(250);
    expect(fault.causes, fault.kind).toContain(
      replayed.incidents.find(({ layer, startMs }) => layer === fault.layer && startMs >= onsetMs)?.cause,
    );
  }
});
