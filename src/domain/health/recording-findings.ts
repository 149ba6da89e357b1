import { kbps, stillMs } from './counter.ts';
import { CALM, finding, plain, since } from './findings.ts';
import type { Finding } from './hold.ts';
import { type Health, keyframeMs } from './state.ts';
import type { Turn } from './turn.ts';

/** The recording on this computer: STR-35 to STR-37. */

/** A recording may be started a little after the stream; from then on it is missed. */
const RECORDING_DUE_MS = 10_000;
const RECORDING_CRITICAL_MS = 2000;

export function recording({ obs, config }: Health, { now, speaks }: Turn): Finding {
  const { record, startedMs } = obs;
  if (!speaks || record.active === null) return null;
  const due = record.everActive || startedMs === null || now - startedMs >= RECORDING_DUE_MS;
  if (!config.recordingExpected || record.active || !due) return CALM;
  return plain(now - (record.inactiveSinceMs ?? now) >= RECORDING_CRITICAL_MS ? 2 : 1);
}

export function recordStillMs({ obs }: Health): number | null {
  const { record, contact } = obs;
  return record.active === true && !record.paused ? stillMs(record.bytes, contact.lastAnswerMs) : null;
}

/** The first bytes of a recording come late: nine seconds after its start, measured. */
export function recordStall(health: Health, { now, speaks }: Turn): Finding {
  const { record } = health.obs;
  if (!speaks) return null;
  const graceMs = Math.max(12_000, 1.5 * keyframeMs(health.config));
  const young = record.startedMs !== null && now - record.startedMs < graceMs;
  const empty = record.bytes.points.at(-1)?.value === 0 && (record.durationMs ?? Infinity) < graceMs;
  return young || empty ? null : since(recordStillMs(health) ?? 0, 5000, 10_000);
}

const GB_IN_MB = 1000;

/** @returns minutes of recording that still fit; null without a recording to measure */
export function diskMinutes({ obs }: Health): number | null {
  const rate = obs.record.active === true ? kbps(obs.record.bytes) : null;
  if (rate === null || rate <= 0 || obs.freeDiskMb === null) return null;
  return Math.round((obs.freeDiskMb * 8000) / rate / 60);
}

/** Limits by minutes left and by what is free, so that a recording that has just begun is judged too. */
export function disk(health: Health, { speaks }: Turn): Finding {
  const free = health.obs.freeDiskMb;
  if (!speaks || free === null || health.obs.record.active !== true) return null;
  const minutes = diskMinutes(health) ?? Infinity;
  const below = (limit: number, gb: number): boolean => minutes < limit || free < gb * GB_IN_MB;
  return finding(below(15, 1) ? 2 : below(60, 5) ? 1 : 0, below(17, 1.1) ? 2 : below(66, 5.5) ? 1 : 0);
}
