import { isUnknown, silentMs, usualGapMs } from './contact.ts';
import { CALM, finding, plain } from './findings.ts';
import { type Finding, type Grade, worse } from './hold.ts';
import type { PlaylistSide } from './playlist-side.ts';
import { leastRatio } from './segment-side.ts';
import { type Health, targetDurationMs } from './state.ts';
import type { Turn } from './turn.ts';

/** What viewers are served: STR-38 to STR-42. */

export function playlistErrors(playlist: PlaylistSide, { now }: Turn): Finding {
  const { failuresRunning, failuresSinceMs, failuresWithStatus, contact } = playlist;
  if (contact.lastMs === null) return null;
  if (failuresRunning < 2 || failuresSinceMs === null) return CALM;
  const span = contact.lastMs - failuresSinceMs;
  const silent = silentMs(contact, now) ?? 0;
  return plain((failuresWithStatus && span >= 900) || (!failuresWithStatus && silent >= 3000) ? 2 : 1);
}

/** STR-4: a playlist is asked at least this often while on air. */
const LONGEST_POLL_MS = 3000;
/** The limits are whole numbers of polls, as a rule: one that comes a little early must not cost another. */
const EARLY_MS = 100;

export function playlistAge(playlist: PlaylistSide, { now }: Turn): Finding {
  const { changedMs, contact, targetDurationMs: target } = playlist;
  if (changedMs === null || contact.lastMs === null || target === null) return null;
  if (playlist.status !== 200 || isUnknown(contact, now)) return null;
  const age = contact.lastMs - changedMs + EARLY_MS;
  const poll = Math.min(LONGEST_POLL_MS, contact.longestMs ?? usualGapMs(contact));
  return plain(age > 3.5 * target + poll ? 2 : age > 1.5 * target + poll ? 1 : 0);
}

/** Both of the newest two answers count: an edge may be asked just before it fetches. */
export function edgeLag({ edgeLag: lag, hls, edge }: Health, { now }: Turn): Finding {
  if (lag.last === null || lag.before === null) return null;
  if (isUnknown(hls.contact, now) || isUnknown(edge.contact, now)) return null;
  return finding(lagGrade(Math.min(lag.last, lag.before)), lagGrade(lag.last));
}

function lagGrade(segments: number): Grade {
  return segments >= 4 ? 2 : segments >= 2 ? 1 : 0;
}

/** A segment is fetched every few target durations; later the newest one says nothing of now. */
const SEGMENT_FRESH_TARGETS = 10;

export function segment(health: Health, playlist: PlaylistSide, { now }: Turn): Finding {
  const { segments, targetDurationMs: target, extinfMs, contact } = playlist;
  const fresh = segments.lastMs !== null && now - segments.lastMs < SEGMENT_FRESH_TARGETS * targetDurationMs(health);
  const ratio = fresh ? leastRatio(segments) : null;
  const newest = fresh ? segments.ratios.at(-1) : undefined;
  const length = extinfMs ?? (fresh ? segments.extinfMs : null);
  const tooLong = length !== null && target !== null && Math.round(length / 1000) * 1000 > target;
  if (ratio === null && !tooLong && (length === null || isUnknown(contact, now))) return null;
  const least: Grade = tooLong ? 1 : 0;
  return finding(worse(ratioGrade(ratio ?? 0), least), worse(ratioGrade(newest ?? 0), least));
}

function ratioGrade(ratio: number): Grade {
  return ratio > 1 ? 2 : ratio > 0.5 ? 1 : 0;
}

export interface LiveEdge {
  /** how far the newest segment's end is behind now */
  ms: number;
  /** by the encoder's clock in the playlist, or by when the segment was first seen */
  by: 'program-date-time' | 'first-seen';
  level: 'ok' | 'warn' | 'critical';
}

/**
 * How far behind live a viewer is who plays the newest segment (STR-42). Shown and coloured, never a symptom: the
 * encoder's clock may be wrong. A negative answer is clamped to 0.
 *
 * @see RFC 8216 §6.3.3
 */
export function liveEdge(health: Health, playlist: PlaylistSide, now: number): LiveEdge | null {
  const { endsAt, changedMs } = playlist;
  const { wallAheadMs } = health.config;
  if (changedMs === null) return null;
  const told = endsAt !== null && wallAheadMs !== null;
  const ms = Math.max(0, Math.round(told ? now + wallAheadMs - endsAt : now - changedMs));
  const target = targetDurationMs(health);
  const level = ms > 6 * target ? 'critical' : ms > 3 * target + 2000 ? 'warn' : 'ok';
  return { ms, by: told ? 'program-date-time' : 'first-seen', level };
}
