import type { HealthSample } from '../../domain/health/sample.ts';
import type { Health } from '../../domain/health/state.ts';
import type { StreamPlan } from '../../domain/plan.ts';
import type { ShowState } from '../../domain/show.ts';
import type { Instant } from '../../domain/units.ts';
import type { AuditOutcome } from '../../domain/words.ts';
import type { Log, ObsDoor, ReadNow, ReadSecret } from '../doors.ts';

/**
 * One check of the stream audit. It measures, compares with the limits of STR-74's table and says what to do; what it
 * throws, and what it has not answered by its deadline, becomes `unknown` with a sentence. It changes nothing on air.
 *
 * Adding one? Its row in domain/audit/catalogue.ts, its line in checks.ts, a planted mistake that it catches in
 * test/hub/preflight-planted*.test.ts.
 *
 * @param signal aborted at the check's own deadline, and when the run is cancelled: stop, and close what is open
 */
export type Check = (ground: Ground, signal: AbortSignal) => Promise<Finding>;

export interface Finding {
  result: AuditOutcome;
  /** what was measured, in words with its figures; no key, no address (both are redacted after, and cut to 200) */
  evidence: string;
  /** what to do, with its figures; empty when nothing is to be done */
  fix: string;
}

/** What a check stands on; one ground for each run. */
export interface Ground {
  show: ShowState;
  stream: StreamPlan;
  /** as planned; null: not planned */
  times: { startsAt: Instant | null; endsAt: Instant | null };
  obs: ObsDoor;
  /** what the judge knows of the stream now; null: nothing is watched */
  health: () => Health | null;
  setting: (key: string) => unknown;
  readSecret: ReadSecret;
  saveSecret: (name: string, value: string) => void;
  /** OBS streams, or somebody feeds the ingest: only checks marked L run, and none of them starts anything */
  isLive: boolean;
  ownPorts: readonly number[];
  now: ReadNow;
  log: Log;
  /** lines that the hub has logged lately */
  logged: () => readonly string[];
  /** who is here, what is stored: for the desk's own group */
  house: () => House;
  /** every sample and event of the stream's sources from now on, until the returned function is called */
  listen: (hear: (sample: HealthSample) => void) => () => void;
  /** aborted when the whole run is cancelled or over: for what several checks share (sharedOnce) */
  signal: AbortSignal;
}

/** What only the hall knows, read for the desk's own checks (UI-54). */
export interface House {
  /** ids of the devices that are connected */
  online: ReadonlySet<string>;
  /** device id → how its screen is kept awake, as the device says; null: not said */
  awake: ReadonlyMap<string, string | null>;
  freeBytes: number | null;
  lastSnapshotAt: Instant | null;
}

export const passed = (evidence: string): Finding => ({ result: 'pass', evidence, fix: '' });
export const warns = (evidence: string, fix: string): Finding => ({ result: 'warn', evidence, fix });
export const fails = (evidence: string, fix: string): Finding => ({ result: 'fail', evidence, fix });
/** not configured, or not while live; grey, never a pass */
export const skips = (evidence: string): Finding => ({ result: 'skipped', evidence, fix: '' });
/** it could not be measured */
export const unknowable = (evidence: string, fix = ''): Finding => ({ result: 'unknown', evidence, fix });

/**
 * Work that several checks of one run need and that is done once for all of them, when the first asks: the test stream,
 * the test recording. Whoever asks later gets the same promise, also when it failed.
 *
 * `const testStream = sharedOnce(runTestStream)` … `const seen = await testStream(ground)`; stop at `ground.signal`.
 */
export function sharedOnce<T>(work: (ground: Ground) => Promise<T>): (ground: Ground) => Promise<T> {
  const done = new WeakMap<Ground, Promise<T>>();
  return (ground) => {
    const known = done.get(ground);
    if (known) return known;
    const fresh = work(ground);
    done.set(ground, fresh);
    return fresh;
  };
}
