import { type Contact, initialContact, noteContact } from './contact.ts';
import { type HealthSample, asNumber, asRecord } from './sample.ts';

/** One HLS playlist, at the origin or at the edge. */
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
  if (newest !== playlist.newest) {
    if (playlist.changedMs !== null) playlist.gaps.push({ fromMs: playlist.changedMs, toMs: sample.ms });
    if (playlist.gaps.length > GAPS_KEPT) playlist.gaps.shift();
    playlist.newest = newest;
    playlist.changedMs = sample.ms;
  }
}

function newestSegment(data: unknown): number | null {
  const fields = asRecord(data);
  const sequence = asNumber(fields?.['EXT-X-MEDIA-SEQUENCE']);
  const segments = asNumber(fields?.['EXTINF']);
  return sequence === null || segments === null ? null : sequence + segments - 1;
}
