import { type Counter, count, initialCounter } from './counter.ts';
import { type Raw, asFlag, asNumber } from './sample.ts';

/** What OBS has told us of its recording. */
export interface RecordSide {
  active: boolean | null;
  paused: boolean;
  bytes: Counter;
  durationMs: number | null;
  /** seen to start at; null when found running */
  startedMs: number | null;
  everActive: boolean;
  inactiveSinceMs: number | null;
}

/** The recording's rate says how long the disk lasts: a calm picture of some seconds must not promise hours. */
const RECORD_WINDOW_MS = 30_000;

export function initialRecord(): RecordSide {
  return {
    active: null,
    paused: false,
    bytes: initialCounter(RECORD_WINDOW_MS),
    durationMs: null,
    startedMs: null,
    everActive: false,
    inactiveSinceMs: null,
  };
}

/** @param status OBS's answer to GetRecordStatus */
export function observeRecord(record: RecordSide, ms: number, status: Raw): void {
  const paused = asFlag(status['outputPaused']) ?? false;
  // While paused OBS reports outputActive false: that is not a stop (RCD-2).
  const active = (asFlag(status['outputActive']) ?? false) || paused;
  if (active && record.active === false) {
    record.startedMs = ms;
    record.bytes = initialCounter(RECORD_WINDOW_MS);
  }
  record.inactiveSinceMs = active ? null : (record.inactiveSinceMs ?? ms);
  record.active = active;
  record.paused = paused;
  record.everActive ||= active;
  record.durationMs = asNumber(status['outputDuration']);
  const bytes = asNumber(status['outputBytes']);
  if (bytes !== null && active) {
    count(record.bytes, ms, bytes);
    if (paused) record.bytes.lastGrowthMs = ms;
  }
}
