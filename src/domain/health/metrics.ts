import type { StreamSource } from '../words.ts';
import { ageMs, silentMs } from './contact.ts';
import { kbps, lostPct } from './counter.ts';
import { lossPct, rttMs, type ProbeTarget } from './network-side.ts';
import type { Health } from './state.ts';
import { diskMinutes, recordStillMs } from './other-findings.ts';
import { congestionMean, ingestStillMs, sendStillMs } from './transport-findings.ts';

/** Figures of one source under the names of the contract; null is "not known", never 0. */
export type Figures = Record<string, number | string | boolean | null>;

export function metricsOf(health: Health, source: StreamSource, now: number): Figures {
  switch (source) {
    case 'obs':
      return obsFigures(health, now);
    case 'rtmp':
      return ingestFigures(health, now);
    case 'hls':
      return playlistFigures(health, 'hls', now);
    case 'edge':
      return { ...playlistFigures(health, 'edge', now), edgeLagSegments: edgeLag(health) };
    case 'network':
      return networkFigures(health);
    default:
      source satisfies never;
      return {};
  }
}

function obsFigures(health: Health, now: number): Figures {
  const { obs } = health;
  const on = obs.active === true;
  return {
    obsAnswerMs: ageMs(obs.contact, now),
    active: obs.active,
    reconnecting: obs.reconnecting,
    streamMs: on ? obs.durationMs : null,
    bitrateKbps: on ? kbps(obs.bytes, 5000) : null,
    sendStallMs: on ? sendStillMs(health) : null,
    droppedPct: on ? lostPct(obs.dropped) : null,
    congestion: on ? rounded(congestionMean(health), 2) : null,
    encoderLagPct: lostPct(obs.encoder),
    renderLagPct: lostPct(obs.render),
    fps: rounded(obs.fps, 1),
    renderMs: rounded(obs.renderMs, 1),
    cpuPct: rounded(obs.cpuPct, 1),
    recording: obs.record.active,
    recordPaused: obs.record.paused,
    recordMs: obs.record.active === true ? obs.record.durationMs : null,
    recordStallMs: recordStillMs(health),
    diskMinutes: diskMinutes(health),
    freeDiskMb: rounded(obs.freeDiskMb, 0),
  };
}

function ingestFigures(health: Health, now: number): Figures {
  const { ingest, lag } = health;
  const sent = kbps(health.obs.bytes, 5000);
  const arrived = ingest.absentRunning === 0 ? kbps(ingest.bytes, 5000) : null;
  return {
    ingestListed: ingest.contact.lastAnswerMs === null ? null : ingest.absentRunning === 0,
    ingestKbps: arrived,
    ingestStallMs: ingestStillMs(health),
    ingestSilentMs: silentMs(ingest.contact, now),
    ingestLagMs: lag.value,
    deliveryRatio: sent === null || sent === 0 || arrived === null ? null : rounded(arrived / sent, 2),
    viewers: ingest.viewers,
  };
}

function playlistFigures(health: Health, side: 'hls' | 'edge', now: number): Figures {
  const playlist = health[side];
  return {
    status: playlist.status,
    playlistAgeMs: playlist.changedMs === null ? null : now - playlist.changedMs,
    playlistErrors: playlist.failuresRunning,
    targetDurationMs: playlist.targetDurationMs,
    newestSegment: playlist.newest,
  };
}

function edgeLag(health: Health): number | null {
  const [origin, edge] = [health.hls.newest, health.edge.newest];
  return origin === null || edge === null ? null : origin - edge;
}

function networkFigures(health: Health): Figures {
  const figures: Figures = {};
  for (const target of ['gateway', 'ingest', 'backup'] satisfies ProbeTarget[]) {
    const probe = health.network.get(target);
    if (probe === undefined) continue;
    figures[`${target}ConnectMs`] = rounded(probe.connectMs, 1);
    figures[`${target}RttMs`] = rounded(rttMs(probe), 1);
    figures[`${target}LossPct`] = lossPct(probe);
    figures[`${target}FailedRunning`] = probe.failedRunning;
    if (target !== 'gateway') figures[`${target}HandshakeMs`] = rounded(probe.handshakeMs, 1);
  }
  return figures;
}

function rounded(value: number | null, digits: number): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}
