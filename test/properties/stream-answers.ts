import type { StreamDice } from './stream-dice.ts';
import { congestionOf } from './stream-line.ts';
import type { StreamWorld } from './stream-world.ts';

/** What OBS, the server, the playlists and the probes would answer now: fields named as their vendors name them. */

export function obsAnswer(world: StreamWorld, dice: StreamDice): object {
  const { line, rig, knobs, told, output } = world;
  const stopped = output === 'stopped';
  const counters = told ?? {
    bytes: line.handed,
    frames: line.frames,
    skipped: line.skipped,
    durationMs: line.mediaMs,
  };
  const frameMs = 1000 / rig.fps;
  return {
    GetStreamStatus: {
      outputActive: !stopped,
      outputReconnecting: output === 'reconnecting',
      outputBytes: stopped ? 0 : Math.round(counters.bytes),
      outputCongestion: stopped ? 0 : (world.congestionStuck ?? congestionOf(line)),
      outputDuration: stopped ? 0 : Math.round(Math.floor(counters.durationMs / frameMs) * frameMs),
      outputSkippedFrames: stopped ? 0 : Math.floor(counters.skipped),
      outputTotalFrames: stopped ? 0 : Math.floor(counters.frames),
    },
    GetStats: {
      activeFps: rig.fps * (1 - knobs.renderLost) + dice.normal(0.08),
      availableDiskSpace: knobs.freeDiskMb,
      averageFrameRenderTime: (1000 / rig.fps) * (knobs.renderLost > 0 ? 1.1 : dice.between(0.15, 0.6)),
      cpuUsage: dice.between(8, 40),
      memoryUsage: dice.between(320, 340),
      outputSkippedFrames: Math.floor(world.encoderLost),
      outputTotalFrames: Math.floor(world.encoderFrames),
      renderSkippedFrames: Math.floor(world.renderLost),
      renderTotalFrames: Math.floor(world.renderFrames),
    },
    GetRecordStatus: {
      outputActive: knobs.recording !== 'off',
      outputBytes: knobs.recording === 'off' ? 0 : Math.round(world.recordBytes),
      outputDuration: knobs.recording === 'off' ? 0 : Math.round(world.recordMs),
      outputPaused: false,
    },
  };
}

/** Publisher's clock at the server: quantized by audio frames, late by half a round trip and what the network adds. */
function clientTimestamp(world: StreamWorld, dice: StreamDice): number {
  const late = world.rig.rttMs / 2 + Math.abs(dice.normal(18)) + world.heldBackMs;
  return Math.max(0, Math.round((world.server.mediaMs - late) / 23) * 23);
}

export function statAnswer(world: StreamWorld, dice: StreamDice): object {
  const { server, rig, output } = world;
  const onAirMs = world.ms - server.sinceMs;
  const bandwidth = onAirMs < 10_000 || world.ms - server.heardMs > 20_000 ? 0 : Math.round(rig.kbps * 1000);
  if (rig.server === 'nginx-rtmp') {
    const client = { timestamp: clientTimestamp(world, dice) };
    const stream = {
      time: Math.round(onAirMs),
      bw_in: bandwidth,
      bytes_in: Math.round(server.bytes),
      bw_video: Math.round(bandwidth * 0.96),
      publishing: true,
      active: output !== 'waiting',
      client,
    };
    return { bytes_in: Math.round(server.totalBytes), pid: server.pid, stream: server.listed ? stream : null };
  }
  const stream = {
    time: Math.round(onAirMs),
    bytes_in: Math.round(server.bytes),
    nclients: null,
    publishing: true,
    active: true,
    client: { timestamp: null },
    id: `source-${server.id}`,
    readers: 2,
    ...(rig.server === 'mediamtx-srt' ? { srt: srtFigures(world) } : {}),
  };
  return { bytes_in: null, pid: null, stream: server.listed ? stream : null };
}

function srtFigures(world: StreamWorld): object {
  return {
    msRTT: world.rig.rttMs,
    msReceiveTsbPdDelay: Math.max(120, Math.ceil(5 * world.rig.rttMs)),
    packetsReceivedLoss: Math.floor(world.srtLost),
    packetsReceivedUnique: Math.floor(world.srtReceived),
    packetsReceivedDrop: Math.floor(world.srtDropped),
  };
}

const LISTED = 6;

export function playlistAnswer(world: StreamWorld, newest: number): object {
  return {
    status: 200,
    'EXT-X-TARGETDURATION': Math.round(world.rig.targetMs / 1000),
    'EXT-X-MEDIA-SEQUENCE': newest - LISTED + 1,
    EXTINF: LISTED,
    'EXT-X-DISCONTINUITY': world.server.discontinuities > 0 ? 1 : 0,
    newestExtinf: world.rig.targetMs / 1000,
  };
}

/** What the edge holds: the origin's list as it was when the edge last asked, or older. */
export function edgeNewest(world: StreamWorld, cachedMs: number): number {
  const at = world.ms - cachedMs;
  const known = world.server.published.findLast(({ ms }) => ms <= at) ?? world.server.published[0];
  return (known?.sequence ?? 0) - world.knobs.edgeBehind;
}

export function segmentAnswer(world: StreamWorld, sequence: number, dice: StreamDice): object {
  const { rig } = world;
  return {
    sequence,
    tookMs: Math.round(dice.between(0.04, 0.15) * rig.targetMs),
    extinf: rig.targetMs / 1000,
    bytes: Math.round((rig.kbps * rig.targetMs) / 8),
    keyframeMs: rig.keyframeMs,
  };
}
