import { type Counter, breakEpoch, count, grown, initialCounter } from './counter.ts';
import { type Raw, asNumber } from './sample.ts';

/** What MediaMTX tells of an SRT publisher (STR-45). */
export interface SrtSide {
  rttMs: number | null;
  /** how long a packet may take before it is too late */
  delayMs: number | null;
  loss: Counter;
  got: Counter;
  dropped: Counter;
}

const WINDOW_MS = 10_000;

export function initialSrt(): SrtSide {
  const counter = (): Counter => initialCounter(WINDOW_MS);
  return { rttMs: null, delayMs: null, loss: counter(), got: counter(), dropped: counter() };
}

export function observeSrt(srt: SrtSide, ms: number, fields: Raw): void {
  srt.rttMs = asNumber(fields['msRTT']);
  srt.delayMs = asNumber(fields['msReceiveTsbPdDelay']);
  const note = (counter: Counter, value: number | null): void => {
    if (value !== null) count(counter, ms, value);
  };
  note(srt.loss, asNumber(fields['packetsReceivedLoss']));
  note(srt.got, asNumber(fields['packetsReceivedUnique']) ?? asNumber(fields['packetsReceived']));
  note(srt.dropped, asNumber(fields['packetsReceivedDrop']));
}

export function breakSrt(srt: SrtSide): void {
  for (const counter of [srt.loss, srt.got, srt.dropped]) breakEpoch(counter);
}

/** @returns percent of the packets of the last 10 s that had to be sent again; null: nothing to judge by */
export function srtLossPct(srt: SrtSide): number | null {
  return pct(grown(srt.loss), grown(srt.got));
}

/** @returns percent of the packets of the last 10 s that came too late to be played */
export function srtDropPct(srt: SrtSide): number | null {
  return pct(grown(srt.dropped), grown(srt.got));
}

function pct(part: number | null, rest: number | null): number | null {
  return part === null || rest === null || part + rest <= 0 ? null : Math.round((part / (part + rest)) * 10_000) / 100;
}
