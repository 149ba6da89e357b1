import { type Contact, initialContact, noteContact } from './contact.ts';
import { type HealthSample, type Raw, asNumber, asRecord, asText } from './sample.ts';
import { type SegmentSide, initialSegments } from './segment-side.ts';

/** One HLS playlist, at the origin or at the edge, and what its segments were like. */
export interface PlaylistSide {
  contact: Contact;
  /** HTTP status of the newest answer */
  status: number | null;
  /** non-200 answers and timeouts in a row */
  failuresRunning: number;
  failuresSinceMs: number | null;
  /** the run of failures is of answers with a status, not of silence */
  failuresWithStatus: boolean;
  /** newest segment: media sequence + segments listed − 1 */
  newest: number | null;
  changedMs: number | null;
  targetDurationMs: number | null;
  /** of the newest segment, where the playlist tells */
  extinfMs: number | null;
  /** wall clock of the encoder at the end of the newest segment, ms since 1970 */
  endsAt: number | null;
  segments: SegmentSide;
  /** stretches without anything new, for the dark time of delivery incidents */
  gaps: { fromMs: number; toMs: number }[];
}

export function initialPlaylist(): PlaylistSide {
  return {
    contact: initialContact(),
    status: null,
    failuresRunning: 0,
    failuresSinceMs: null,
    failuresWithStatus: false,
    newest: null,
    changedMs: null,
    targetDurationMs: null,
    extinfMs: null,
    endsAt: null,
    segments: initialSegments(),
    gaps: [],
  };
}

const GAPS_KEPT = 100;

export function observePlaylist(playlist: PlaylistSide, sample: HealthSample): void {
  const data = asRecord(sample.data);
  noteContact(playlist.contact, sample.ms, sample.error ?? null);
  const status = sample.error === undefined ? asNumber(data?.['status']) : null;
  playlist.status = status;
  const newest = status === 200 ? newestSegment(data) : null;
  if (newest === null) {
    playlist.failuresRunning += 1;
    playlist.failuresSinceMs ??= sample.ms;
    playlist.failuresWithStatus = status !== null;
    return;
  }
  playlist.failuresRunning = 0;
  playlist.failuresSinceMs = null;
  const target = asNumber(data?.['EXT-X-TARGETDURATION']);
  if (target !== null && target > 0) playlist.targetDurationMs = target * 1000;
  noteTimes(playlist, data);
  if (newest !== playlist.newest) {
    if (playlist.changedMs !== null) playlist.gaps.push({ fromMs: playlist.changedMs, toMs: sample.ms });
    if (playlist.gaps.length > GAPS_KEPT) playlist.gaps.shift();
    playlist.newest = newest;
    playlist.changedMs = sample.ms;
  }
}

function noteTimes(playlist: PlaylistSide, data: Raw | null): void {
  const extinf = asNumber(data?.['newestExtinf']);
  const startsAt = Date.parse(asText(data?.['programDateTime']) ?? '');
  playlist.extinfMs = extinf === null ? null : extinf * 1000;
  playlist.endsAt = Number.isNaN(startsAt) ? null : startsAt + (playlist.extinfMs ?? 0);
}

function newestSegment(fields: Raw | null): number | null {
  const sequence = asNumber(fields?.['EXT-X-MEDIA-SEQUENCE']);
  const segments = asNumber(fields?.['EXTINF']);
  return sequence === null || segments === null ? null : sequence + segments - 1;
}

/** How many segments the edge is behind the origin, as of its newest two good answers (STR-40). */
export interface EdgeLag {
  last: number | null;
  before: number | null;
}

/** Call after each answer of the edge. An origin that has begun to count anew is not behind: that is no lag. */
export function noteEdgeLag(lag: EdgeLag, origin: PlaylistSide, edge: PlaylistSide): void {
  const known = origin.status === 200 && edge.status === 200 && origin.newest !== null && edge.newest !== null;
  lag.before = known ? lag.last : null;
  lag.last = known ? Math.max(0, (origin.newest ?? 0) - (edge.newest ?? 0)) : null;
}
