import { type Contact, initialContact, noteContact } from './contact.ts';
import { type Counter, breakEpoch, count, initialCounter } from './counter.ts';
import { type HealthSample, type Raw, asNumber, asRecord, asText } from './sample.ts';
import { type SrtSide, breakSrt, initialSrt, observeSrt } from './srt-side.ts';

/** What the streaming server says it has received: the truth about what has left the house. */
export interface IngestSide {
  contact: Contact;
  /** from question to answer, where that was measured */
  tookMs: number | null;
  /** good answers in a row in which our stream was not listed */
  absentRunning: number;
  /** of the first of them; null while it is listed */
  absentFromMs: number | null;
  everListed: boolean;
  bytes: Counter;
  /** goes up by one with every other publisher, server or connection: counters begin anew */
  epoch: number;
  /** media time of the publisher, ms */
  timestampMs: number | null;
  viewers: number | null;
  pid: number | null;
  /** MediaMTX's name of the publisher's connection */
  id: string | null;
  srt: SrtSide | null;
  /** grew at the newest answer, and by how much: read by the dark-time account; null: the newest was no answer */
  newest: { ms: number; grew: boolean; grownBytes: number } | null;
}

export function initialIngest(): IngestSide {
  return {
    contact: initialContact(),
    tookMs: null,
    absentRunning: 0,
    absentFromMs: null,
    everListed: false,
    bytes: initialCounter(),
    epoch: 0,
    timestampMs: null,
    viewers: null,
    pid: null,
    id: null,
    srt: null,
    newest: null,
  };
}

/** `publishing`, `active` and the `bw_*` averages are not read: they stay set for 112 s on a dead link (STR-14). */
export function observeIngest(ingest: IngestSide, sample: HealthSample): void {
  const data = asRecord(sample.data);
  noteContact(ingest.contact, sample.ms, sample.error ?? (data === null ? 'closed' : null));
  ingest.newest = null;
  if (sample.error !== undefined || data === null) return;
  ingest.tookMs = sample.tookMs ?? null;
  const pid = asNumber(data['pid']);
  if (pid !== null && ingest.pid !== null && pid !== ingest.pid) beginEpoch(ingest);
  ingest.pid = pid ?? ingest.pid;
  const stream = asRecord(data['stream']);
  if (stream !== null) return observePublisher(ingest, sample.ms, stream);
  ingest.absentRunning += 1;
  ingest.absentFromMs ??= sample.ms;
  ingest.timestampMs = null;
  ingest.viewers = null;
  ingest.newest = { ms: sample.ms, grew: false, grownBytes: 0 };
}

/** Sound and picture carry clocks of their own, a little apart. */
const CLOCK_STEP_MS = 1000;

function observePublisher(ingest: IngestSide, ms: number, stream: Raw): void {
  const id = asText(stream['id']);
  const timestamp = asNumber(asRecord(stream['client'])?.['timestamp']);
  const bytes = asNumber(stream['bytes_in']);
  const before = ingest.bytes.points.at(-1)?.value ?? 0;
  const isOther = id !== null && ingest.id !== null && id !== ingest.id;
  const isBack = timestamp !== null && ingest.timestampMs !== null && timestamp < ingest.timestampMs - CLOCK_STEP_MS;
  // Listed again after an absence: another publisher, whose counter starts from nothing.
  if (ingest.absentRunning > 0 || isOther || isBack || (bytes ?? before) < before) beginEpoch(ingest);
  ingest.id = id ?? ingest.id;
  ingest.absentRunning = 0;
  ingest.absentFromMs = null;
  ingest.everListed = true;
  ingest.viewers = asNumber(stream['readers']) ?? asNumber(stream['nclients']);
  ingest.timestampMs = timestamp;
  observeLink(ingest, ms, asRecord(stream['srt']));
  if (bytes === null) return;
  const from = ingest.bytes.points.at(-1)?.value ?? 0;
  const grew = count(ingest.bytes, ms, bytes);
  ingest.newest = { ms, grew, grownBytes: Math.max(0, bytes - from) };
}

function observeLink(ingest: IngestSide, ms: number, srt: Raw | null): void {
  if (srt === null) {
    ingest.srt = null;
    return;
  }
  ingest.srt ??= initialSrt();
  observeSrt(ingest.srt, ms, srt);
}

function beginEpoch(ingest: IngestSide): void {
  ingest.epoch += 1;
  breakEpoch(ingest.bytes);
  if (ingest.srt !== null) breakSrt(ingest.srt);
}
