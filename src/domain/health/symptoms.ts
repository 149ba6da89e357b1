import type { StreamLayer, StreamSource } from '../words.ts';
import { isUnknown, silentMs, usualGapMs } from './contact.ts';
import { kbps, lostPct, stillMs } from './counter.ts';
import type { Finding, Grade } from './hold.ts';
import { lossPct, median } from './network-side.ts';
import type { PlaylistSide } from './playlist-side.ts';
import { type Health, inGrace, isConfigured, keyframeMs } from './state.ts';

/** Names of symptoms are the names of the metrics they come from. */
export type SymptomId =
  | 'obsAnswerMs'
  | 'gaveUp'
  | 'reconnecting'
  | 'ingestLagMs'
  | 'congestion'
  | 'droppedPct'
  | 'sendStallMs'
  | 'ingestStallMs'
  | 'ingestListed'
  | 'ingestSilentMs'
  | 'probe'
  | 'bitrateKbps'
  | 'encoderLagPct'
  | 'renderLagPct'
  | 'recording'
  | 'recordStallMs'
  | 'diskMinutes'
  | 'playlistErrors'
  | 'playlistAgeMs';

/**
 * One row of the table of symptoms (specs: STR-20 to STR-43). `find` says what holds right now; hysteresis, holding
 * times and suppression are not its business. Rows that lean on others stand below them.
 */
export interface Rule {
  id: SymptomId;
  layer: StreamLayer;
  source: StreamSource;
  warnMs?: number;
  criticalMs?: number;
  find: (health: Health, now: number, gradeOf: (id: SymptomId) => Grade) => Finding;
}

const TABLE: readonly Rule[] = [
  { id: 'obsAnswerMs', layer: 'obs', source: 'obs', find: obsAnswer },
  { id: 'gaveUp', layer: 'transport', source: 'obs', criticalMs: 1000, find: gaveUp },
  { id: 'reconnecting', layer: 'transport', source: 'obs', find: reconnecting },
  { id: 'ingestLagMs', layer: 'transport', source: 'rtmp', find: ingestLag },
  { id: 'congestion', layer: 'transport', source: 'obs', find: congestion },
  { id: 'droppedPct', layer: 'transport', source: 'obs', find: dropped },
  { id: 'sendStallMs', layer: 'transport', source: 'obs', find: sendStall },
  { id: 'ingestStallMs', layer: 'transport', source: 'rtmp', find: ingestStall },
  { id: 'ingestListed', layer: 'transport', source: 'rtmp', find: ingestListed },
  { id: 'ingestSilentMs', layer: 'transport', source: 'rtmp', find: ingestSilent },
  { id: 'probe', layer: 'transport', source: 'network', find: probe },
  { id: 'bitrateKbps', layer: 'transport', source: 'rtmp', criticalMs: 3000, find: bitrate },
  {
    id: 'encoderLagPct',
    layer: 'source',
    source: 'obs',
    criticalMs: 3000,
    find: (h, now) => lagPct(h, now, 'encoder'),
  },
  { id: 'renderLagPct', layer: 'source', source: 'obs', criticalMs: 3000, find: (h, now) => lagPct(h, now, 'render') },
  { id: 'recording', layer: 'recording', source: 'obs', find: recording },
  { id: 'recordStallMs', layer: 'recording', source: 'obs', find: recordStall },
  { id: 'diskMinutes', layer: 'recording', source: 'obs', find: disk },
  { id: 'playlistErrors', layer: 'delivery', source: 'hls', find: (h, now) => playlistErrors(h.hls, now) },
  { id: 'playlistErrors', layer: 'delivery', source: 'edge', find: (h, now) => playlistErrors(h.edge, now) },
  { id: 'playlistAgeMs', layer: 'delivery', source: 'hls', find: (h, now) => playlistAge(h.hls, now) },
  { id: 'playlistAgeMs', layer: 'delivery', source: 'edge', find: (h, now) => playlistAge(h.edge, now) },
];

/** The table with the key under which each row's symptom is held: two rows of the same name watch two playlists. */
export const RULES: readonly (Rule & { key: string })[] = TABLE.map((rule) => ({
  ...rule,
  key: `${rule.id}/${rule.source}`,
}));

const CALM: Finding = { enter: 0, keep: 0 };

/** A pair of thresholds each way: entered above the first, left at or below the second. */
function over(
  value: number | null,
  warn: [enter: number, exit: number],
  critical: [enter: number, exit: number],
): Finding {
  if (value === null) return null;
  return {
    enter: value > critical[0] ? 2 : value > warn[0] ? 1 : 0,
    keep: value > critical[1] ? 2 : value > warn[1] ? 1 : 0,
  };
}

/** A finding that is left as soon as it is no longer entered. */
function plain(grade: Grade): Finding {
  return { enter: grade, keep: grade };
}

/** OBS answers and is sending, and has been for long enough: the ground on which its figures are judged. */
function sending(health: Health, now: number): boolean {
  if (!isConfigured(health, 'obs')) return true;
  return health.obs.active === true && !inGrace(health, now);
}

function obsSpeaks(health: Health, now: number): boolean {
  return health.obs.contact.error === null && !isUnknown(health.obs.contact, now);
}

const OBS_SILENT_MS = 3000;

function obsAnswer(health: Health, now: number): Finding {
  const { contact } = health.obs;
  if (contact.lastAnswerMs === null) return null;
  if (contact.error === 'refused' || contact.error === 'closed') return plain(2);
  if (now - contact.lastAnswerMs >= Math.max(OBS_SILENT_MS, 2 * usualGapMs(contact))) return plain(2);
  return plain(contact.error === 'timeout' ? 1 : 0);
}

function gaveUp(health: Health): Finding {
  return plain(health.obs.gaveUpMs === null ? 0 : 2);
}

function reconnecting(health: Health): Finding {
  return plain(health.obs.reconnecting || health.obs.awaitingFlow ? 2 : 0);
}

/** ms for which the lag must have stayed above; a single late answer is not a lag */
function ingestLag(health: Health, now: number): Finding {
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

function congestion(health: Health, now: number): Finding {
  if (!obsSpeaks(health, now) || !sending(health, now)) return null;
  const mean = congestionMean(health);
  // Not moving at all may be a stuck figure or a dead link; the stalls tell which.
  return mean === null ? CALM : over(mean, [0.33, 0.33], [0.67, 0.67]);
}

function dropped(health: Health, now: number): Finding {
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

function sendStall(health: Health, now: number, gradeOf: (id: SymptomId) => Grade): Finding {
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

function ingestStall(health: Health, now: number): Finding {
  const still = ingestStillMs(health);
  if (still === null || isUnknown(health.ingest.contact, now) || !sending(health, now)) return null;
  if (still < STALL_WARN_MS) return CALM;
  return plain(still >= STALL_CRITICAL_MS || (sendStillMs(health) ?? 0) >= STALL_WARN_MS ? 2 : 1);
}

const ABSENT_ANSWERS = 3;

function ingestListed(health: Health, now: number): Finding {
  if (health.ingest.contact.error !== null || !sending(health, now)) return null;
  // Never listed: the plan may name another stream than the one OBS sends. That is for the audit to say.
  if (!health.ingest.everListed) return null;
  return plain(health.ingest.absentRunning >= ABSENT_ANSWERS ? 2 : 0);
}

const SILENT_WARN_MS = 2000;
const SILENT_ALONE_MS = 6000;

function ingestSilent(health: Health, now: number): Finding {
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

function probe(health: Health, now: number): Finding {
  if (!sending(health, now)) return null;
  const watched = [health.network.get('ingest'), health.network.get('gateway')].filter((side) => side !== undefined);
  if (watched.length === 0) return null;
  const failing = watched.some((side) => side.failedRunning >= 2);
  const lossy = watched.some((side) => (lossPct(side) ?? 0) >= 15 && side.failedRunning > 0);
  return plain(failing || lossy ? 1 : 0);
}

const RATE_WINDOW_MS = 5000;

/** A low rate alone is a calm picture; together with lag, congestion or drops it is a slow upload (STR-27). */
function bitrate(health: Health, now: number, gradeOf: (id: SymptomId) => Grade): Finding {
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

function lagPct(health: Health, now: number, which: 'encoder' | 'render'): Finding {
  if (!obsSpeaks(health, now)) return null;
  return over(lostPct(health.obs[which]), [1, 0.5], [5, 2]);
}

/** A recording may be started a little after the stream; from then on it is missed. */
const RECORDING_DUE_MS = 10_000;
const RECORDING_CRITICAL_MS = 2000;

function recording(health: Health, now: number): Finding {
  const { record, startedMs } = health.obs;
  if (!obsSpeaks(health, now) || record.active === null) return null;
  const due = record.everActive || startedMs === null || now - startedMs >= RECORDING_DUE_MS;
  if (!health.config.recordingExpected || record.active || !due) return CALM;
  return plain(now - (record.inactiveSinceMs ?? now) >= RECORDING_CRITICAL_MS ? 2 : 1);
}

export function recordStillMs(health: Health): number | null {
  const { record, contact } = health.obs;
  return record.active === true && !record.paused ? stillMs(record.bytes, contact.lastAnswerMs) : null;
}

function recordStall(health: Health, now: number): Finding {
  const { record } = health.obs;
  if (!obsSpeaks(health, now)) return null;
  const grace = Math.max(12_000, 1.5 * keyframeMs(health.config));
  if (record.startedMs !== null && now - record.startedMs < grace) return null;
  const still = recordStillMs(health) ?? 0;
  return plain(still >= 10_000 ? 2 : still >= 5000 ? 1 : 0);
}

const GB_IN_MB = 1000;

/** @returns minutes of recording that still fit; null without a recording to measure */
export function diskMinutes(health: Health): number | null {
  const rate = health.obs.record.active === true ? kbps(health.obs.record.bytes, 30_000) : null;
  if (rate === null || rate <= 0 || health.obs.freeDiskMb === null) return null;
  return Math.round((health.obs.freeDiskMb * 8000) / rate / 60);
}

function disk(health: Health, now: number): Finding {
  const free = health.obs.freeDiskMb;
  if (!obsSpeaks(health, now) || free === null || health.obs.record.active !== true) return null;
  const minutes = diskMinutes(health) ?? Infinity;
  const below = (limit: number, gb: number): boolean => minutes < limit || free < gb * GB_IN_MB;
  return { enter: below(15, 1) ? 2 : below(60, 5) ? 1 : 0, keep: below(17, 1.1) ? 2 : below(66, 5.5) ? 1 : 0 };
}

function playlistErrors(playlist: PlaylistSide, now: number): Finding {
  const { failuresRunning, failuresSinceMs, failuresWithStatus, contact } = playlist;
  if (contact.lastMs === null) return null;
  if (failuresRunning < 2 || failuresSinceMs === null) return plain(0);
  const span = contact.lastMs - failuresSinceMs;
  const silent = silentMs(contact, now) ?? 0;
  return plain((failuresWithStatus && span >= 900) || (!failuresWithStatus && silent >= 3000) ? 2 : 1);
}

export function playlistStillMs(playlist: PlaylistSide): number | null {
  const { changedMs, contact } = playlist;
  return changedMs === null || contact.lastMs === null ? null : Math.max(0, contact.lastMs - changedMs);
}

function playlistAge(playlist: PlaylistSide, now: number): Finding {
  const age = playlistStillMs(playlist);
  const target = playlist.targetDurationMs;
  if (age === null || target === null || playlist.status !== 200 || isUnknown(playlist.contact, now)) return null;
  const poll = Math.min(3000, usualGapMs(playlist.contact));
  return plain(age > 3.5 * target + poll ? 2 : age > 1.5 * target + poll ? 1 : 0);
}
