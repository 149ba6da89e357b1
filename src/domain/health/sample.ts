/**
 * What a connector saw: one poll or one event of one stream source. The same shape as a line of a recorded trace, so
 * that a recording and a live show are judged by the same code.
 */
export interface HealthSample {
  /** `obs`, `obs-event`, `rtmp`, `hls`, `edge`, `network`; others are ignored */
  source: string;
  /** monotonic ms: midpoint of question and answer; for a timeout, when the deadline ran out */
  ms: number;
  /** from question to answer, ms */
  tookMs?: number;
  /** fields named as the vendor names them; absent when there is an error */
  data?: unknown;
  error?: ProbeError;
  /** `network` only: whom was probed, when there is no data to say it */
  target?: string;
}

export type ProbeError = 'timeout' | 'refused' | 'closed';

/** A vendor's record, unknown until read field by field. */
export type Raw = Record<string, unknown>;

export function asRecord(value: unknown): Raw | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : null;
}

/** @returns a finite number, else null: a missing field is "not known", never 0 */
export function asNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function asFlag(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}
