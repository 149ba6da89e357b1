import { isUnknown, silentMs } from './contact.ts';
import { kbps, lostPct, stillMs } from './counter.ts';
import { CALM, type GradeRead, obsSpeaks, over, plain, sending } from './findings.ts';
import type { Finding } from './hold.ts';
import { lossPct, median } from './network-side.ts';
import type { Health } from './state.ts';

/** The way from OBS to the ingest: STR-21 to STR-29, STR-43. */

export function gaveUp(health: Health): Finding {
  return plain(health.obs.gaveUpMs === null ? 0 : 2);
}

export function reconnecting(health: Health): Finding {
  return plain(health.obs.reconnecting || health.obs.awaitingFlow ? 2 : 0);
}

/** ms for which the lag must have stayed above; a single late answer is not a lag */
export function ingestLag(health: Health, now: number): Finding {
  const lag = health.lag;
  if (lag.value === null || now - lag.valueMs > 3000 || !sending(health, now)) return null;
  const above = (limit: number, forMs: number): boolean => lagAbove(health, limit, forMs);
  return {
    enter: above(3000, 1000) ? 2 : above(500, 2000) || above(1000, 1000) ? 1 : 0,
    keep: lag.value >= 1500 ? 2 : lag.value >= 300 ? 1 : 0,
  };
}

function lagAbove(health: Health, limit: number, forMs: number): boolean {
  const { recent, valueMs } = health.lag;
  if (health.lag.value === null || health.lag.value <= limit) return false;
  const last = recent.findLast((point) => point.value <= limit);
  const from = recent.find((point) => last === undefined || point.ms > last.ms);
  return from !== undefined && valueMs - from.ms >= forMs;
}

/** A figure that does not move at all is stuck, not congested: it once read 1.00 for minutes after a reconnection. */
export function congestionMean(health: Health): number | null {
  const { congestion: points, reconnecting: away } = health.obs;
  const first = points[0];
  const last = points.at(-1);
  if (away || first === undefined || last === undefined || last.ms - first.ms < 3000) return null;
  if (points.every((point) => point.value === first.value)) return first.value === 0 ? 0 : null;
  return points.reduce((sum, point) => sum + point.value, 0) / points.length;
}

export function congestion(health: Health, now: number): Finding {
  if (!obsSpeaks(health, now) || !sending(health, now)) return null;
  const mean = congestionMean(health);
  // Not moving at all may be a stuck figure or a dead link; the stalls tell which.
  return mean === null ? CALM : over(mean, [0.33, 0.33], [0.67, 0.67]);
}

export function dropped(health: Health, now: number): Finding {
  if (!obsSpeaks(health, now) || !sending(health, now)) return null;
  return over(lostPct(health.obs.dropped), [1, 0.5], [5, 2]);
}

const STALL_WARN_MS = 2000;
const STALL_CRITICAL_MS = 3000;

export function sendStillMs(health: Health): number | null {
  return stillMs(health.obs.bytes, health.obs.contact.lastAnswerMs);
}

export function ingestStillMs(health: Health): number | null {
  return health.ingest.everListed ? stillMs(health.ingest.bytes, health.ingest.contact.lastAnswerMs) : null;
}

export function sendStall(health: Health, now: number, gradeOf: GradeRead): Finding {
  const still = sendStillMs(health);
  if (still === null || !obsSpeaks(health, now) || !sending(health, now)) return null;
  if (still < STALL_WARN_MS) return CALM;
  const joined =
    (ingestStillMs(health) ?? 0) >= STALL_WARN_MS ||
    health.ingest.absentRunning >= ABSENT_ANSWERS ||
    (silentMs(health.ingest.contact, now) ?? 0) >= STALL_WARN_MS ||
    gradeOf('ingestLagMs') > 0;
  return plain(still >= STALL_CRITICAL_MS || joined ? 2 : 1);
}

export function ingestStall(health: Health, now: number): Finding {
  const still = ingestStillMs(health);
  if (still === null || isUnknown(health.ingest.contact, now) || !sending(health, now)) return null;
  if (still < STALL_WARN_MS) return CALM;
  return plain(still >= STALL_CRITICAL_MS || (sendStillMs(health) ?? 0) >= STALL_WARN_MS ? 2 : 1);
}

const ABSENT_ANSWERS = 3;

export function ingestListed(health: Health, now: number): Finding {
  if (health.ingest.contact.error !== null || !sending(health, now)) return null;
  // Never listed: the plan may name another stream than the one OBS sends. That is for the audit to say.
  if (!health.ingest.everListed) return null;
  return plain(health.ingest.absentRunning >= ABSENT_ANSWERS ? 2 : 0);
}

const SILENT_WARN_MS = 2000;
const SILENT_ALONE_MS = 6000;

export function ingestSilent(health: Health, now: number): Finding {
  const silent = silentMs(health.ingest.contact, now);
  if (silent === null || !sending(health, now)) return null;
  if (silent < SILENT_WARN_MS) return CALM;
  const ingest = health.network.get('ingest');
  const congested = health.obs.congestion.at(-1)?.value ?? 0;
  const joined =
    ingest?.handshakeFailed === true ||
    (ingest?.failedRunning ?? 0) >= 2 ||
    (sendStillMs(health) ?? 0) >= STALL_WARN_MS ||
    congested > 0.33;
  if (joined) return plain(2);
  const playlistSilent = (silentMs(health.hls.contact, now) ?? 0) >= SILENT_WARN_MS;
  return plain(playlistSilent || silent >= SILENT_ALONE_MS ? 1 : 0);
}

export function probe(health: Health, now: number): Finding {
  if (!sending(health, now)) return null;
  const watched = [health.network.get('ingest'), health.network.get('gateway')].filter((side) => side !== undefined);
  if (watched.length === 0) return null;
  const failing = watched.some((side) => side.failedRunning >= 2);
  const lossy = watched.some((side) => (lossPct(side) ?? 0) >= 15 && side.failedRunning > 0);
  return plain(failing || lossy ? 1 : 0);
}

const RATE_WINDOW_MS = 5000;

/** A low rate alone is a calm picture; together with lag, congestion or drops it is a slow upload (STR-27). */
export function bitrate(health: Health, now: number, gradeOf: GradeRead): Finding {
  if (!sending(health, now)) return null;
  const shares = [
    share(kbps(health.ingest.bytes, RATE_WINDOW_MS), health.ingestBaseline.rates),
    share(kbps(health.obs.bytes, RATE_WINDOW_MS), health.sendBaseline.rates),
  ].filter((value) => value !== null);
  if (shares.length === 0) return null;
  const lowest = Math.min(...shares);
  const joined = gradeOf('ingestLagMs') > 0 || gradeOf('droppedPct') > 0 || gradeOf('congestion') > 0;
  if (!joined) return CALM;
  return { enter: lowest < 0.5 ? 2 : lowest < 0.8 ? 1 : 0, keep: lowest < 0.5 ? 2 : lowest < 0.9 ? 1 : 0 };
}

function share(rate: number | null, baseline: number[]): number | null {
  const usual = median(baseline);
  return rate === null || usual === null || usual === 0 ? null : rate / usual;
}
