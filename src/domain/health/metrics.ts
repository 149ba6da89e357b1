import type { StreamSource } from '../words.ts';
import { ageMs, silentMs } from './contact.ts';
import { kbps } from './counter.ts';
import { liveEdge } from './delivery-findings.ts';
import { jitterMs, type ProbeTarget } from './network-side.ts';
import { diskMinutes, recordStillMs } from './recording-findings.ts';
import { pictureBlackMs, pictureStillMs } from './source-findings.ts';
import { silentForMs } from './sound-side.ts';
import { srtDropPct, srtLossPct } from './srt-side.ts';
import { legStillMs } from './leg-side.ts';
import type { Health } from './state.ts';
import { congestionMean, deliveredShare, ingestStillMs, sendStillMs } from './transport-findings.ts';

/** Figures of one source under the names of the contract; null is "not known", never 0. */
export type Figures = Record<string, number | string | boolean | null>;

export function metricsOf(health: Health, source: StreamSource, now: number): Figures {
  switch (source) {
    case 'obs':
      return { ...sendFigures(health, now), ...sourceFigures(health, now), ...recordFigures(health) };
    case 'rtmp':
      return ingestFigures(health, now);
    case 'hls':
      return playlistFigures(health, 'hls', now);
    case 'edge':
      return { ...playlistFigures(health, 'edge', now), edgeLagSegments: health.edgeLag.last };
    case 'network':
      return networkFigures(health, now);
    default:
      source satisfies never;
      return {};
  }
}

function sendFigures(health: Health, now: number): Figures {
  const { obs } = health;
  const on = obs.active === true;
  return {
    obsAnswerMs: ageMs(obs.contact, now),
    active: obs.active,
    reconnecting: obs.reconnecting,
    streamMs: on ? obs.durationMs : null,
    bitrateKbps: on ? kbps(obs.bytes) : null,
    sendStallMs: on ? sendStillMs(health) : null,
    droppedPct: on ? obs.dropped.pct : null,
    congestion: on ? rounded(congestionMean(health), 2) : null,
    scene: obs.scene,
  };
}

function sourceFigures(health: Health, now: number): Figures {
  const { obs } = health;
  return {
    encoderLagPct: obs.encoder.pct,
    renderLagPct: obs.render.pct,
    fps: rounded(obs.fps, 1),
    renderMs: rounded(obs.renderMs, 1),
    cpuPct: rounded(obs.cpuPct, 1),
    stillMs: pictureStillMs(health),
    blackMs: pictureBlackMs(health),
    meanLuma: rounded(health.picture.meanLuma, 1),
    silentMs: silentForMs(health.sound, now),
  };
}

function recordFigures(health: Health): Figures {
  const { record, freeDiskMb } = health.obs;
  return {
    recording: record.active,
    recordPaused: record.paused,
    recordMs: record.active === true ? record.durationMs : null,
    recordKbps: record.active === true ? kbps(record.bytes) : null,
    recordStallMs: recordStillMs(health),
    diskMinutes: diskMinutes(health),
    freeDiskMb: rounded(freeDiskMb, 0),
  };
}

function ingestFigures(health: Health, now: number): Figures {
  const { ingest, lag } = health;
  const { srt } = ingest;
  return {
    ingestListed: ingest.contact.lastAnswerMs === null ? null : ingest.absentRunning === 0,
    ingestKbps: ingest.absentRunning === 0 ? kbps(ingest.bytes) : null,
    ingestStallMs: ingestStillMs(health),
    ingestSilentMs: silentMs(ingest.contact, now),
    ingestLagMs: lag.value,
    deliveryRatio: rounded(deliveredShare(health), 2),
    viewers: ingest.viewers,
    ...(srt === null
      ? {}
      : {
          srtRttMs: rounded(srt.rttMs, 1),
          srtDelayMs: rounded(srt.delayMs, 0),
          srtLossPct: srtLossPct(srt),
          srtDropPct: srtDropPct(srt),
        }),
  };
}

function playlistFigures(health: Health, side: 'hls' | 'edge', now: number): Figures {
  const playlist = health[side];
  const edge = liveEdge(health, playlist, now);
  return {
    status: playlist.status,
    playlistAgeMs: playlist.changedMs === null ? null : now - playlist.changedMs,
    playlistErrors: playlist.failuresRunning,
    targetDurationMs: playlist.targetDurationMs,
    newestSegment: playlist.newest,
    extinfMs: playlist.extinfMs ?? playlist.segments.extinfMs,
    segment: rounded(playlist.segments.ratios.at(-1) ?? null, 2),
    keyframeMs: playlist.segments.keyframeMs,
    liveEdgeMs: edge?.ms ?? null,
    liveEdgeBy: edge?.by ?? null,
    liveEdgeLevel: edge?.level ?? null,
  };
}

/** `probe`, `rttMs` and `jitterMs` are those of the ingest; every target has its own beside them. */
function networkFigures(health: Health, now: number): Figures {
  const { network, names } = health;
  const ingest = network.get('ingest');
  const looked = [...names.values()].map(({ tookMs }) => tookMs);
  const figures: Figures = {
    probe: ingest?.failedRunning ?? null,
    lossPct: ingest?.lossPct ?? null,
    rttMs: rounded(ingest?.rttMs ?? null, 1),
    jitterMs: ingest === undefined ? null : rounded(jitterMs(ingest), 1),
    dnsMs: looked.length === 0 || looked.includes(null) ? null : Math.max(...looked.map((ms) => ms ?? 0)),
    legStallMs: legStillMs(health.leg, now),
    legKbps: health.leg === null ? null : kbps(health.leg.bytes),
    dnsFailed: looked.filter((ms) => ms === null).length,
  };
  for (const target of ['gateway', 'ingest', 'backup'] satisfies ProbeTarget[]) {
    const probe = network.get(target);
    if (probe === undefined) continue;
    figures[`${target}ConnectMs`] = rounded(probe.connectMs, 1);
    figures[`${target}RttMs`] = rounded(probe.rttMs, 1);
    figures[`${target}LossPct`] = probe.lossPct;
    figures[`${target}FailedRunning`] = probe.failedRunning;
    if (target !== 'gateway') figures[`${target}HandshakeMs`] = rounded(probe.handshakeMs, 1);
  }
  return figures;
}

function rounded(value: number | null, digits: number): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}
