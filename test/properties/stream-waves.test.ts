import { expect, it, vi } from 'vitest';
import type { FaultKind } from './stream-faults.ts';
import type { Rig } from './stream-rig.ts';
import { realJudge } from './stream-rounds.ts';
import { type Change, playShow } from './stream-score.ts';

// Playing hours is work; a busy machine may take its time over it.
vi.setConfig({ testTimeout: 60_000 });

/**
 * A way that is too narrow, then wide, then too narrow (specs/stream.md §13, row 11; NOALBS issues 173 and 186 flap
 * here). A layer gets well only after ten seconds of calm without a break, so it cannot come and go with short waves.
 */

const TEN_MINUTES = 600_000;
const CALM_MS = 10_000;

const RIG: Rig = {
  kbps: 4500,
  fps: 30,
  keyframeMs: 2000,
  rateControl: 'CBR',
  server: 'nginx-rtmp',
  targetMs: 2000,
  obsMs: 500,
  playlistMs: 1000,
  renderLost: 0,
  spread: 0.05,
  bufferBytes: 400_000,
  lossBufferMs: 400,
  deadPublisherMs: 7300,
  probeMs: 2000,
  rttMs: 20,
  edge: false,
  statLoss: 0,
  watchesPicture: true,
  driftPpm: 0,
};

function wave(periodMs: number, share: number): FaultKind {
  return {
    kind: 'wave',
    layer: 'transport',
    causes: ['uplink-too-slow'],
    warnByMs: () => null,
    criticalByMs: () => null,
    lastsMs: [TEN_MINUTES, TEN_MINUTES],
    also: [],
    begin: ({ knobs, kbpsUsual }) => {
      knobs.upKbps = kbpsUsual * share;
      knobs.wavePeriodMs = periodMs;
    },
    clear: ({ knobs }) => {
      knobs.upKbps = Infinity;
      knobs.wavePeriodMs = 0;
    },
  };
}

function during(periodMs: number, share: number): Change[] {
  const script = { seed: 4, rig: RIG, faults: [wave(periodMs, share)], calmMs: 0, disturbed: false };
  const { changes, placed } = playShow(script, realJudge());
  const { onsetMs, clearMs } = placed[0] ?? { onsetMs: 0, clearMs: 0 };
  return changes.filter(({ ms, layer }) => layer === 'transport' && ms >= onsetMs && ms <= clearMs);
}

function falls(changes: Change[]): Change[] {
  return changes.filter(({ rank }, i) => rank < (changes[i - 1]?.rank ?? 0));
}

it.each([6, 8, 12, 16, 20])('waves of %i s are one trouble: it never gets well in between', (seconds) => {
  const changes = during(seconds * 1000, 0.3);
  expect(changes[0]?.rank).toBeGreaterThanOrEqual(1);
  expect(falls(changes).filter(({ rank }) => rank === 0)).toEqual([]);
});

it.each([4, 5, 10, 24, 27, 30])('waves of %i s change the level no more often than its calm allows', (seconds) => {
  const changes = during(seconds * 1000, 0.4);
  const fallen = falls(changes);
  // A step down has its ten seconds of calm, and there are none in a wave whose free half is shorter.
  const waves = Math.ceil(TEN_MINUTES / (seconds * 1000));
  expect(fallen.length, JSON.stringify(changes)).toBeLessThanOrEqual(seconds * 500 > CALM_MS ? 2 * waves : 2);
  for (const { ms } of fallen) {
    const rise = changes.findLast((change) => change.rose && change.ms < ms);
    expect(ms - (rise?.ms ?? 0)).toBeGreaterThanOrEqual(CALM_MS);
  }
});
