import { expect, it } from 'vitest';
import { READY } from '../../src/domain/failover/failover-testing.ts';
import { advance, ended } from '../../src/domain/failover/machine.ts';
import { initialMachine, type Intent, type Look } from '../../src/domain/failover/machine-state.ts';
import { arm } from '../../src/domain/failover/operator.ts';
import { failoverSight } from '../../src/domain/health/sight.ts';
import { initialHealth } from '../../src/domain/health/state.ts';
import { judge, observe } from '../../src/domain/health.ts';

/**
 * Row 11 of specs/stream.md: an upload that comes and goes as a square wave, ten minutes long, through the real judge. At
 * most three automatic acts, a minute apart, and then it is locked: never a flutter (NOALBS issues 173 and 186).
 */
const MINUTES = 10;
const KBPS = 6000;

interface Acts {
  at: number[];
  what: string[];
  lockedAt: number | null;
}

function tenMinutes(periodMs: number, throughputWhenLow: number, outcome: 'done' | 'failed'): Acts {
  const health = initialHealth({
    sources: new Set(['obs', 'rtmp'] as const),
    fps: 30,
    keyframeSeconds: 2,
    targetDurationSeconds: null,
    recordingExpected: false,
    retryDelaySeconds: 2,
    stillScenes: ['Slate'],
    wallAheadMs: null,
  });
  const machine = initialMachine();
  arm(machine, 'auto');
  const acts: Acts = { at: [], what: [], lockedAt: null };
  let [sent, frames, ingest, endsAt] = [0, 0, 0, Infinity];
  const take = (intents: Intent[], ms: number): void => {
    for (const intent of intents) {
      if (intent.do === 'propose' && machine.pending) machine.pending.action = `f${ms}`;
      if (intent.do === 'lock') acts.lockedAt = ms;
      if (intent.do !== 'act') continue;
      acts.at.push(ms);
      acts.what.push(intent.what);
      endsAt = ms + 4000;
    }
  };
  for (let ms = 250; ms <= MINUTES * 60_000; ms += 250) {
    const isLow = ms > 30_000 && Math.floor(ms / (periodMs / 2)) % 2 === 1;
    const share = isLow ? throughputWhenLow : 1;
    const bytes = (KBPS / 8) * 250 * share;
    sent += bytes;
    ingest += bytes;
    frames += 7.5 * (share > 0 ? 1 : 0);
    if (ms % 500 === 0) {
      const status = { outputActive: true, outputReconnecting: false, outputBytes: Math.round(sent) };
      observe(health, {
        source: 'obs',
        ms,
        tookMs: 5,
        data: {
          GetStreamStatus: {
            ...status,
            outputCongestion: isLow ? 0.9 - (ms % 1000) / 10_000 : 0,
            outputTotalFrames: Math.round(frames),
            outputSkippedFrames: 0,
            outputDuration: ms,
          },
          GetStats: { activeFps: 30, availableDiskSpace: 100_000 },
          GetRecordStatus: { outputActive: true, outputBytes: ms * 1000, outputDuration: ms },
        },
      });
      const stream = { time: ms, bytes_in: Math.round(ingest), client: { timestamp: Math.round(ingest / (KBPS / 8)) } };
      observe(health, { source: 'rtmp', ms, tookMs: 5, data: { bytes_in: Math.round(ingest), pid: 7, stream } });
    }
    if (ms % 1000 === 0) {
      for (const target of ['ingest', 'backup'])
        observe(health, { source: 'network', ms, data: { target, connectMs: 20, handshakeMs: 20 } });
    }
    const verdict = judge(health, ms);
    if (ms >= endsAt) {
      endsAt = Infinity;
      take(ended(machine, ms, outcome), ms);
    }
    const sight = failoverSight(health, ms);
    const look: Look = { ...READY, ms, sight: { ...sight, scene: 'Live' }, isWeak: verdict.level !== 'ok' };
    take(advance(machine, look), ms);
  }
  return acts;
}

const periods = [4, 6, 8, 11, 14, 18, 22, 26, 30].map((seconds) => seconds * 1000);

it.each(['done', 'failed'] as const)(
  'a square wave of 4 to 30 s brings three acts at most, a minute apart (%s)',
  (outcome) => {
    let acted = 0;
    for (const periodMs of periods) {
      for (const low of [0, 0.4]) {
        const { at, what, lockedAt } = tenMinutes(periodMs, low, outcome);
        acted += at.length;
        const label = `${periodMs} ms, ${low}: ${what.join()}`;
        expect(at.length, label).toBeLessThanOrEqual(3);
        at.forEach((ms, n) => expect(ms - (at[n - 1] ?? -Infinity), label).toBeGreaterThanOrEqual(60_000));
        if (at.length === 3 || (outcome === 'failed' && at.length === 2)) expect(lockedAt, label).not.toBeNull();
        // What is only slow still arrives, and is never cut.
        if (low > 0) expect(at, label).toEqual([]);
      }
    }
    console.log(`${acted} automatic acts in ${2 * periods.length} waves (${outcome})`);
    expect(acted).toBeGreaterThan(5);
  },
  60_000,
);
