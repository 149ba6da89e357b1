import type { FaultKind } from './stream-faults.ts';
import type { Rig } from './stream-rig.ts';
import { dropPublisher } from './stream-server.ts';
import type { StreamWorld } from './stream-world.ts';

/** Troubles between OBS and the streaming server. */

const overRtmp = (rig: Rig): boolean => rig.server !== 'mediamtx-srt';
const both = (ms: number) => () => ms;

function noAnswerBeyond(world: StreamWorld, gatewayToo: boolean): void {
  const { knobs } = world;
  knobs.upKbps = 0;
  knobs.stat = 'timeout';
  knobs.origin = 'timeout';
  knobs.probe = { gateway: gatewayToo ? 'timeout' : 'ok', ingest: 'timeout', backup: gatewayToo ? 'timeout' : 'ok' };
  if (gatewayToo) knobs.edge = 'timeout';
}

function mend(world: StreamWorld): void {
  const { knobs } = world;
  knobs.upKbps = Infinity;
  knobs.stat = 'ok';
  knobs.origin = 200;
  knobs.edge = 200;
  knobs.probe = { gateway: 'ok', ingest: 'ok', backup: 'ok' };
}

/** Without the server's word on media time a slow way shows only when OBS's own queue fills, behind the kernel's. */
function buffersFillMs(rig: Rig, share: number): number {
  return (rig.bufferBytes * 8) / (rig.kbps * (1 - share)) + 700;
}

function throttle(percent: number, warnMs: number, criticalMs: number | null): FaultKind {
  const share = percent / 100;
  // A lost answer of the stat page costs a second and a half.
  const later = (rig: Rig, ms: number): number =>
    (rig.server === 'nginx-rtmp' ? ms : buffersFillMs(rig, share) + ms + 4000) + (rig.statLoss > 0 ? 1500 : 0);
  return {
    kind: `throttle-${percent}`,
    layer: 'transport',
    causes: ['uplink-too-slow'],
    warnByMs: (rig) => later(rig, warnMs),
    criticalByMs: (rig) => (criticalMs === null || rig.server !== 'nginx-rtmp' ? null : later(rig, criticalMs)),
    lastsMs: [35_000, 50_000],
    // Pieces really come late, and without media clocks that may be seen first.
    also: ['delivery'],
    fits: overRtmp,
    begin: (world) => {
      world.knobs.upKbps = world.kbpsUsual * share;
    },
    clear: mend,
  };
}

function killServer(world: StreamWorld): void {
  world.server.process = 'down';
  dropPublisher(world.server);
  world.loseConnection();
}

export const WAY_FAULTS: readonly FaultKind[] = [
  {
    // The asking link is another one, as in the recording: the stat page goes on answering.
    kind: 'silent-loss',
    layer: 'transport',
    causes: ['path-to-ingest'],
    warnByMs: both(3000),
    criticalByMs: both(4000),
    lastsMs: [18_000, 40_000],
    also: [],
    fits: overRtmp,
    begin: ({ knobs }) => {
      knobs.upKbps = 0;
      knobs.probe = { ...knobs.probe, ingest: 'timeout' };
    },
    clear: mend,
  },
  {
    kind: 'path-beyond-gateway',
    layer: 'transport',
    // Without probes a silent stat page is all there is to see (T2).
    causes: ['path-to-ingest', 'ingest-wedged?'],
    warnByMs: both(4500),
    criticalByMs: both(5500),
    lastsMs: [18_000, 30_000],
    also: [],
    fits: overRtmp,
    begin: (world) => noAnswerBeyond(world, false),
    clear: mend,
  },
  {
    kind: 'gateway-lost',
    layer: 'transport',
    causes: ['local-network'],
    warnByMs: both(4500),
    criticalByMs: both(5500),
    lastsMs: [18_000, 30_000],
    also: [],
    fits: (rig) => overRtmp(rig) && rig.probeMs !== null,
    begin: (world) => noAnswerBeyond(world, true),
    clear: mend,
  },
  throttle(60, 7000, null),
  throttle(40, 4000, 8000),
  throttle(20, 3500, 7000),
  {
    kind: 'ingest-wedged',
    layer: 'transport',
    causes: ['ingest-wedged'],
    // Without probes OBS's own stall, behind the kernel's buffer, is the second witness.
    warnByMs: (rig) => (rig.probeMs === null ? 6000 : 4000),
    criticalByMs: (rig) => (rig.probeMs === null ? buffersFillMs(rig, 0) + 4500 : 4500),
    lastsMs: [10_000, 30_000],
    also: [],
    fits: overRtmp,
    begin: ({ server, knobs }) => {
      server.process = 'stopped';
      knobs.stat = 'timeout';
      knobs.origin = 'timeout';
      knobs.probe = { ...knobs.probe, ingest: 'mute' };
    },
    clear: (world) => {
      world.server.process = 'up';
      // A connection that OBS has left is found closed.
      if (world.output === 'reconnecting') dropPublisher(world.server);
      mend(world);
    },
  },
  {
    kind: 'ingest-killed',
    layer: 'transport',
    causes: ['ingest-dropped'],
    warnByMs: both(1500),
    criticalByMs: both(2500),
    lastsMs: [6000, 20_000],
    also: [],
    fits: overRtmp,
    begin: (world) => {
      killServer(world);
      world.knobs.stat = 'refused';
      world.knobs.origin = 'refused';
      world.knobs.probe = { ...world.knobs.probe, ingest: 'refused' };
    },
    clear: (world, dice) => {
      world.server.process = 'up';
      world.server.pid = dice.whole(300, 30_000);
      world.server.totalBytes = 0;
      mend(world);
    },
  },
  {
    kind: 'ingest-restarted',
    layer: 'transport',
    causes: ['ingest-dropped'],
    warnByMs: both(1500),
    criticalByMs: both(2500),
    lastsMs: [2500, 2500],
    also: [],
    fits: overRtmp,
    begin: (world, dice) => {
      killServer(world);
      world.server.process = 'up';
      world.server.pid = dice.whole(300, 30_000);
      world.server.totalBytes = 0;
    },
    clear: mend,
  },
  {
    kind: 'obs-gave-up',
    layer: 'transport',
    causes: ['obs-gave-up'],
    warnByMs: both(2500),
    criticalByMs: both(2500),
    lastsMs: [8000, 15_000],
    also: [],
    begin: (world) => world.endOutput(),
    clear: (world) => world.startOutput(),
  },
  {
    kind: 'srt-loss',
    layer: 'transport',
    causes: ['uplink-too-slow'],
    warnByMs: both(12_000),
    criticalByMs: () => null,
    lastsMs: [35_000, 50_000],
    also: [],
    fits: (rig) => rig.server === 'mediamtx-srt',
    begin: ({ knobs }, dice) => {
      knobs.srtLoss = dice.between(0.03, 0.06);
    },
    clear: ({ knobs }) => {
      knobs.srtLoss = 0;
    },
  },
  {
    kind: 'jittery-wifi',
    layer: 'transport',
    causes: ['uplink-too-slow', 'path-to-ingest'],
    warnByMs: both(60_000),
    criticalByMs: () => null,
    lastsMs: [75_000, 90_000],
    also: [],
    fits: (rig) => rig.probeMs === 2000,
    begin: ({ knobs }, dice) => {
      knobs.probeSlowMs = dice.between(130, 300);
      knobs.probeLoss = 0.1;
    },
    clear: ({ knobs }) => {
      knobs.probeSlowMs = 0;
      knobs.probeLoss = 0;
    },
  },
];
