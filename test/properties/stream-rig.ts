import type { StreamDice } from './stream-dice.ts';

/**
 * One producer's equipment. Spreads are those of test/fixtures/stream-traces: recorded with OBS 29 and nginx-rtmp on a
 * busy two-core machine (bytes of a quarter second ± 15 %, keyframes 8.3 s apart), or as their synthetic shows have it.
 */
export interface Rig {
  kbps: number;
  fps: number;
  keyframeMs: number;
  rateControl: 'CBR' | 'VBR';
  /** nginx-rtmp tells the publisher's media time, MediaMTX does not; SRT has figures of its own */
  server: 'nginx-rtmp' | 'mediamtx' | 'mediamtx-srt';
  targetMs: number;
  /** how often OBS and the playlists are asked */
  obsMs: number;
  playlistMs: number;
  /** share of frames that the renderer skips all the time, as on the machine of the recordings: a trouble of its own */
  renderLost: number;
  /** standard deviation of the bytes of one step */
  spread: number;
  /** what OBS's socket takes while acknowledgements come; and when they stop, in ms of the stream */
  bufferBytes: number;
  lossBufferMs: number;
  /** how long the server keeps a publisher that has gone silent: 112 s as shipped, 7.3 s when tuned */
  deadPublisherMs: number;
  /** null: no probes, as in the recordings */
  probeMs: number | null;
  rttMs: number;
  edge: boolean;
  /** share of the stat page's answers that miss their second, as over a busy Wi-Fi */
  statLoss: number;
  watchesPicture: boolean;
  driftPpm: number;
}

export function rigFrom(dice: StreamDice): Rig {
  const recordedKind = dice.chance(0.25);
  const starved = recordedKind && dice.chance(0.4);
  const keyframeMs = recordedKind ? 8333 : dice.pick([1000, 2000, 2000, 4000] as const);
  const targetMs = recordedKind ? 8000 : Math.max(keyframeMs, dice.pick([2000, 2000, 4000, 6000] as const));
  return {
    kbps: dice.between(1800, 8000),
    fps: dice.pick([30, 30, 60] as const),
    keyframeMs,
    rateControl: dice.chance(0.5) ? 'CBR' : 'VBR',
    server: dice.pick(['nginx-rtmp', 'nginx-rtmp', 'nginx-rtmp', 'mediamtx', 'mediamtx-srt'] as const),
    targetMs,
    obsMs: recordedKind ? 250 : 500,
    playlistMs: recordedKind ? 500 : dice.chance(0.3) ? 1000 : Math.min(3000, Math.max(1000, targetMs / 2)),
    renderLost: starved ? dice.between(0.1, 0.5) : 0,
    spread: recordedKind ? dice.between(0.1, 0.16) : dice.between(0.03, 0.08),
    bufferBytes: dice.between(300_000, 1_500_000),
    lossBufferMs: dice.between(300, 700),
    deadPublisherMs: dice.chance(0.2) ? 112_000 : 7300,
    probeMs: recordedKind ? null : dice.pick([2000, 2000, 5000] as const),
    rttMs: dice.between(4, 70),
    edge: !recordedKind && dice.chance(0.8),
    statLoss: dice.pick([0, 0, 0, 0.01, 0.06] as const),
    watchesPicture: !recordedKind,
    driftPpm: dice.normal(60),
  };
}

/** What `replay-health` reads of an answer key, so that the judge is told as much as in a replay. */
export function sidecarOf(rig: Pick<Rig, 'fps' | 'keyframeMs' | 'targetMs' | 'rateControl' | 'server'>): object {
  return {
    nominal: {
      fps: rig.fps,
      keyframeSeconds: rig.keyframeMs / 1000,
      hlsTargetDurationSeconds: rig.targetMs / 1000,
      rateControl: rig.rateControl,
      protocol: rig.server === 'mediamtx-srt' ? 'srt' : 'rtmp',
    },
    config: { slateScene: 'Slate', liveScene: 'Live', recordingExpected: true },
  };
}
