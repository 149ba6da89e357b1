import { isUnknown, silentMs, usualGapMs } from './contact.ts';
import { kbps, lostPct, stillMs } from './counter.ts';
import { CALM, obsSpeaks, over, plain } from './findings.ts';
import type { Finding } from './hold.ts';
import type { PlaylistSide } from './playlist-side.ts';
import { type Health, keyframeMs } from './state.ts';

/** OBS itself, this computer, the recording and what viewers are served: STR-20, STR-31, STR-35 to STR-39. */

const OBS_SILENT_MS = 3000;

export function obsAnswer(health: Health, now: number): Finding {
  const { contact } = health.obs;
  if (contact.lastAnswerMs === null) return null;
  if (contact.error === 'refused' || contact.error === 'closed') return plain(2);
  if (now - contact.lastAnswerMs >= Math.max(OBS_SILENT_MS, 2 * usualGapMs(contact))) return plain(2);
  return plain(contact.error === 'timeout' ? 1 : 0);
}

export function lagPct(health: Health, now: number, which: 'encoder' | 'render'): Finding {
  if (!obsSpeaks(health, now)) return null;
  return over(lostPct(health.obs[which]), [1, 0.5], [5, 2]);
}

/** A recording may be started a little after the stream; from then on it is missed. */
const RECORDING_DUE_MS = 10_000;
const RECORDING_CRITICAL_MS = 2000;

export function recording(health: Health, now: number): Finding {
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

export function recordStall(health: Health, now: number): Finding {
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

export function disk(health: Health, now: number): Finding {
  const free = health.obs.freeDiskMb;
  if (!obsSpeaks(health, now) || free === null || health.obs.record.active !== true) return null;
  const minutes = diskMinutes(health) ?? Infinity;
  const below = (limit: number, gb: number): boolean => minutes < limit || free < gb * GB_IN_MB;
  return { enter: below(15, 1) ? 2 : below(60, 5) ? 1 : 0, keep: below(17, 1.1) ? 2 : below(66, 5.5) ? 1 : 0 };
}

export function playlistErrors(playlist: PlaylistSide, now: number): Finding {
  const { failuresRunning, failuresSinceMs, failuresWithStatus, contact } = playlist;
  if (contact.lastMs === null) return null;
  if (failuresRunning < 2 || failuresSinceMs === null) return plain(0);
  const span = contact.lastMs - failuresSinceMs;
  const silent = silentMs(contact, now) ?? 0;
  return plain((failuresWithStatus && span >= 900) || (!failuresWithStatus && silent >= 3000) ? 2 : 1);
}

function playlistStillMs(playlist: PlaylistSide): number | null {
  const { changedMs, contact } = playlist;
  return changedMs === null || contact.lastMs === null ? null : Math.max(0, contact.lastMs - changedMs);
}

export function playlistAge(playlist: PlaylistSide, now: number): Finding {
  const age = playlistStillMs(playlist);
  const target = playlist.targetDurationMs;
  if (age === null || target === null || playlist.status !== 200 || isUnknown(playlist.contact, now)) return null;
  const poll = Math.min(3000, usualGapMs(playlist.contact));
  return plain(age > 3.5 * target + poll ? 2 : age > 1.5 * target + poll ? 1 : 0);
}
