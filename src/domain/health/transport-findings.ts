import { isUnknown, silentMs } from './contact.ts';
import { kbps, stillMs } from './counter.ts';
import { CALM, finding, over, plain, under } from './findings.ts';
import type { Finding } from './hold.ts';
import { legStillMs } from './leg-side.ts';
import type { ProbeSide } from './network-side.ts';
import { srtDropPct, srtLossPct } from './srt-side.ts';
import type { Health } from './state.ts';
import type { Turn } from './turn.ts';

/** The way from OBS to the ingest: STR-21 to STR-30, STR-43 to STR-45. */

export function gaveUp(health: Health): Finding {
  return plain(health.obs.gaveUpMs === null ? 0 : 2);
}

export function reconnecting(health: Health): Finding {
  return plain(health.obs.reconnecting || health.obs.awaitingFlow ? 2 : 0);
}

const LAG_FRESH_MS = 3000;

export function ingestLag({ lag }: Health, { now, sending }: Turn): Finding {
  const { value, valueMs, aboveFromMs } = lag;
  if (value === null || now - valueMs > LAG_FRESH_MS || !sending) return null;
  const above = (fromMs: number | null, forMs: number): boolean => fromMs !== null && valueMs - fromMs >= forMs;
  const warn = above(aboveFromMs[500], 2000) || above(aboveFromMs[1000], 1000);
  return finding(above(aboveFromMs[3000], 1000) ? 2 : warn ? 1 : 0, value >= 1500 ? 2 : value >= 300 ? 1 : 0);
}

/** A figure that does not move at all is stuck, not congested: it once read 1.00 for minutes after a reconnection. */
export function congestionMean({ obs }: Health): number | null {
  const { congestion: points, reconnecting: away } = obs;
  const [first, last] = [points[0], points.at(-1)];
  if (away || first === undefined || last === undefined || last.ms - first.ms < 3000) return null;
  let [sum, moves] = [0, false];
  for (const { value } of points) {
    sum += value;
    moves ||= value !== first.value;
  }
  return moves || first.value === 0 ? sum / points.length : null;
}

export function congestion(health: Health, { speaks, sending }: Turn): Finding {
  if (!speaks || !sending) return null;
  const mean = congestionMean(health);
  // Not moving at all may be a stuck figure or a dead link; the stalls tell which.
  return mean === null ? CALM : over(mean, [0.33, 0.33], [0.67, 0.67]);
}

export function dropped(health: Health, { speaks, sending }: Turn): Finding {
  return speaks && sending ? over(health.obs.dropped.pct, [1, 0.5], [5, 2]) : null;
}

const STALL_WARN_MS = 2000;
const STALL_CRITICAL_MS = 3000;

export function sendStillMs(health: Health): number | null {
  return stillMs(health.obs.bytes, health.obs.contact.lastAnswerMs);
}

export function ingestStillMs(health: Health): number | null {
  return health.ingest.everListed ? stillMs(health.ingest.bytes, health.ingest.contact.lastAnswerMs) : null;
}

export function sendStall(health: Health, { now, speaks, sending }: Turn): Finding {
  const still = sendStillMs(health);
  if (still === null || !speaks || !sending) return null;
  if (still < STALL_WARN_MS) return CALM;
  const joined =
    (ingestStillMs(health) ?? 0) >= STALL_WARN_MS ||
    health.ingest.absentRunning >= ABSENT_ANSWERS ||
    (silentMs(health.ingest.contact, now) ?? 0) >= STALL_WARN_MS ||
    health.present.ingestLagMs > 0;
  return plain(still >= STALL_CRITICAL_MS || joined ? 2 : 1);
}

export function ingestStall(health: Health, { now, sending }: Turn): Finding {
  const still = ingestStillMs(health);
  if (still === null || isUnknown(health.ingest.contact, now) || !sending) return null;
  if (still < STALL_WARN_MS) return CALM;
  // The media clocks date the stall better than the page, which was asked some time after it began.
  const missing = health.lag.value !== null && now - health.lag.valueMs < 1000 ? health.lag.value : 0;
  const sendStill = sendStillMs(health) ?? 0;
  return plain(still >= STALL_CRITICAL_MS || sendStill >= STALL_WARN_MS || missing >= STALL_CRITICAL_MS ? 2 : 1);
}

/** Behind a relay of our own the leg is what can stand still while OBS knows nothing of it. */
export function legStall(health: Health, { now, sending }: Turn): Finding {
  const still = legStillMs(health.leg, now);
  if (still === null || !sending) return null;
  if (still < STALL_WARN_MS) return CALM;
  return plain(still >= STALL_CRITICAL_MS ? 2 : 1);
}

export const ABSENT_ANSWERS = 3;

export function ingestListed({ ingest }: Health, { sending }: Turn): Finding {
  if (ingest.contact.error !== null || !sending) return null;
  // Never listed: the plan may name another stream than the one OBS sends. That is for the audit to say.
  if (!ingest.everListed) return null;
  return plain(ingest.absentRunning >= ABSENT_ANSWERS ? 2 : 0);
}

const SILENT_WARN_MS = 2000;
const SILENT_ALONE_MS = 6000;

export function ingestSilent(health: Health, { now, sending }: Turn): Finding {
  const silent = silentMs(health.ingest.contact, now);
  if (silent === null || !sending) return null;
  if (silent < SILENT_WARN_MS) return CALM;
  const ingest = health.network.get('ingest');
  const congested = congestionMean(health) ?? 0;
  const joined =
    ingest?.handshakeFailed === true ||
    (ingest?.failedRunning ?? 0) >= 2 ||
    (sendStillMs(health) ?? 0) >= STALL_WARN_MS ||
    congested > 0.33;
  if (joined) return plain(2);
  const playlistSilent = (silentMs(health.hls.contact, now) ?? 0) >= SILENT_WARN_MS;
  return plain(playlistSilent || silent >= SILENT_ALONE_MS ? 1 : 0);
}

const LOSS_PCT = 15;

/** Two failures running, or one more failure of a connection that has lost many: an outage that is over is not loss. */
export function probe({ network }: Health, { sending }: Turn): Finding {
  if (!sending) return null;
  const [ingest, gateway] = [network.get('ingest'), network.get('gateway')];
  if (ingest === undefined && gateway === undefined) return null;
  return plain(isFailing(ingest) || (isFailing(gateway) && !isPassed(gateway, ingest)) ? 1 : 0);
}

/** Whoever has been reached beyond the router since it fell silent has passed through it: it only does not answer us. */
function isPassed(gateway: ProbeSide | undefined, ingest: ProbeSide | undefined): boolean {
  const since = gateway?.contact.errorsSinceMs ?? null;
  return since !== null && ingest?.failedRunning === 0 && (ingest.contact.lastAnswerMs ?? -Infinity) > since;
}

function isFailing(probe: ProbeSide | undefined): boolean {
  if (probe === undefined || probe.failedRunning === 0) return false;
  return probe.failedRunning >= 2 || (probe.lossPct ?? 0) >= LOSS_PCT;
}

export function roundTrip(health: Health, { now, sending }: Turn): Finding {
  const ingest = health.network.get('ingest');
  if (ingest === undefined || ingest.rttMs === null || isUnknown(ingest.contact, now) || !sending) return null;
  if (ingest.rttMs <= 100) return CALM;
  return plain(ingest.rttMs > 200 && health.present.ingestLagMs > 0 ? 2 : 1);
}

/** SRT repairs losses while four round trips fit into its delay; with less than two and a half it cannot. */
export function srt({ ingest }: Health, { now, sending }: Turn): Finding {
  const link = ingest.srt;
  if (link === null || isUnknown(ingest.contact, now) || !sending) return null;
  const { rttMs, delayMs } = link;
  const [loss, drop] = [srtLossPct(link), srtDropPct(link)];
  const late = (trips: number): boolean => rttMs !== null && delayMs !== null && trips * rttMs > delayMs;
  if (late(2.5) || (loss ?? 0) > 7 || (drop ?? 0) > 0.5) return plain(2);
  return plain(late(4) || (loss ?? 0) > 1 || (drop ?? 0) > 0 ? 1 : 0);
}

/** A low rate alone is a calm picture; together with lag, congestion or drops it is a slow upload (STR-27). */
export function bitrate(health: Health, { sending }: Turn): Finding {
  if (!sending) return null;
  const arrived = share(kbps(health.ingest.bytes), health.ingestBaseline.usual);
  const sent = share(kbps(health.obs.bytes), health.sendBaseline.usual);
  if (arrived === null && sent === null) return null;
  const { ingestLagMs, droppedPct, congestion: congested } = health.present;
  if (ingestLagMs === 0 && droppedPct === 0 && congested === 0) return CALM;
  return under(Math.min(arrived ?? Infinity, sent ?? Infinity), [0.8, 0.9], [0.5, 0.5]);
}

function share(rate: number | null, usual: number | null): number | null {
  return rate === null || usual === null || usual === 0 ? null : rate / usual;
}

/** @returns share of what OBS sends that the ingest gets, over 5 s; null when either is not known */
export function deliveredShare({ obs, ingest }: Health): number | null {
  const sent = obs.active === true ? obs.bytes.perSecond : null;
  const arrived = ingest.absentRunning === 0 ? ingest.bytes.perSecond : null;
  return sent === null || sent === 0 || arrived === null ? null : arrived / sent;
}

export function deliveryRatio(health: Health, { sending }: Turn): Finding {
  const share = deliveredShare(health);
  if (share === null || !sending) return null;
  return health.present.ingestLagMs === 0 ? CALM : under(share, [0.9, 0.95], [0.6, 0.75]);
}
