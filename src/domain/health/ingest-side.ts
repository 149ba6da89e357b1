import { type Contact, initialContact, noteContact } from './contact.ts';
import { type Counter, breakEpoch, count, initialCounter } from './counter.ts';
import { type HealthSample, asNumber, asRecord } from './sample.ts';

/** What the streaming server says it has received: the truth about what has left the house. */
export interface IngestSide {
  contact: Contact;
  /** good answers in a row in which our stream was not listed */
  absentRunning: number;
  everListed: boolean;
  bytes: Counter;
  /** media time of the publisher, ms, and when it was read */
  timestampMs: number | null;
  viewers: number | null;
  pid: number | null;
  /** grew at the newest answer, and from what to what: read by the dark-time account */
  newest: { ms: number; grew: boolean; grownBytes: number } | null;
}

export function initialIngest(): IngestSide {
  return {
    contact: initialContact(),
    absentRunning: 0,
    everListed: false,
    bytes: initialCounter(),
    timestampMs: null,
    viewers: null,
    pid: null,
    newest: null,
  };
}

/** `publishing`, `active` and the `bw_*` averages are not read: they stay set for 112 s on a dead link (STR-14). */
export function observeIngest(ingest: IngestSide, sample: HealthSample): void {
  const data = asRecord(sample.data);
  noteContact(ingest.contact, sample.ms, sample.error ?? (data === null ? 'closed' : null));
  ingest.newest = null;
  if (sample.error !== undefined || data === null) return;
  const pid = asNumber(data['pid']);
  if (pid !== null && ingest.pid !== null && pid !== ingest.pid) breakEpoch(ingest.bytes);
  ingest.pid = pid ?? ingest.pid;
  const stream = asRecord(data['stream']);
  if (stream === null) {
    ingest.absentRunning += 1;
    ingest.timestampMs = null;
    ingest.newest = { ms: sample.ms, grew: false, grownBytes: 0 };
    return;
  }
  // Listed again after an absence: another publisher, whose counter starts from nothing.
  if (ingest.absentRunning > 0) breakEpoch(ingest.bytes);
  ingest.absentRunning = 0;
  ingest.everListed = true;
  ingest.viewers = asNumber(stream['nclients']) ?? asNumber(data['nclients']);
  ingest.timestampMs = asNumber(asRecord(stream['client'])?.['timestamp']);
  const bytes = asNumber(stream['bytes_in']);
  if (bytes === null) return;
  const before = ingest.bytes.points.at(-1)?.value ?? 0;
  const grew = count(ingest.bytes, sample.ms, bytes);
  ingest.newest = { ms: sample.ms, grew, grownBytes: bytes >= before ? bytes - before : bytes };
}
