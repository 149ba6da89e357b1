import { type Counter, breakEpoch, count, initialCounter } from './counter.ts';
import { type HealthSample, asNumber, asRecord, asText } from './sample.ts';

/** The leg behind a relay of our own: it carries the stream on to the ingest, and OBS knows nothing of it (STR-84). */
export interface LegSide {
  target: string;
  bytes: Counter;
  restarts: number;
  /** since when it goes where it goes; a fresh leg has no bytes yet */
  fromMs: number;
  /** has it carried anything there */
  everFlowed: boolean;
  lastMs: number;
  grownBytes: number;
}

/** @returns the leg with this sample taken in: another target is another leg; null when the sample says nothing */
export function observeLeg(leg: LegSide | null, sample: HealthSample): LegSide | null {
  const data = asRecord(sample.data);
  const [target, bytes] = [asText(data?.['target']), asNumber(data?.['bytes'])];
  if (target === null || bytes === null) return leg;
  const side = leg?.target === target ? leg : initialLeg(target, sample.ms);
  const restarts = asNumber(data?.['restarts']) ?? 0;
  if (restarts !== side.restarts) breakEpoch(side.bytes);
  side.restarts = restarts;
  const before = side.bytes.points.at(-1)?.value ?? 0;
  const grew = count(side.bytes, sample.ms, bytes);
  side.grownBytes = grew ? Math.max(0, bytes >= before ? bytes - before : bytes) : 0;
  side.everFlowed ||= grew;
  side.lastMs = sample.ms;
  return side;
}

function initialLeg(target: string, ms: number): LegSide {
  return {
    target,
    bytes: initialCounter(),
    restarts: 0,
    fromMs: ms,
    everFlowed: false,
    lastMs: ms,
    grownBytes: 0,
  };
}

/** Its program is told of twice a second; without a word for longer than this it has been taken off. */
const GONE_MS = 3000;
/** A new leg waits for a keyframe; what has not flowed by then does not flow. */
const FIRST_BYTES_MS = 8000;

/** @returns ms since the leg last carried anything; 0 while it is still new; null: there is none */
export function legStillMs(leg: LegSide | null, now: number): number | null {
  if (leg === null || now - leg.lastMs > GONE_MS) return null;
  if (leg.everFlowed) return Math.max(0, now - (leg.bytes.lastGrowthMs ?? leg.fromMs));
  return Math.max(0, now - leg.fromMs - FIRST_BYTES_MS);
}
