import { setTimeout as sleep } from 'node:timers/promises';
import type { Duration } from '../../domain/units.ts';
import { NoAnswer, ObsRefused } from '../net/obs-errors.ts';

/** What an action may look at and must tell while it runs. */
export interface Run {
  /** the desk shows it */
  step: (name: string) => void;
  /** a sentence when somebody has stopped the action, else null */
  cancelledWhy: () => string | null;
  /** STR-83: does the ingest get bytes through the connection that OBS has? */
  ingestGrows: () => boolean;
  /** the stream should be on air, whatever OBS says of it now */
  isMeantOn: () => boolean;
  /** events of OBS that are about to come are ours, not the operator's */
  expect: (what: 'stop' | 'start') => void;
  /** how an action ends that a fault of ours has broken off: it ends, and the hub goes on */
  broken: (error: unknown) => Outcome;
  /** counts the connections to OBS: a change means that what was sent may never have arrived */
  connection: () => number;
}

export type Outcome =
  | { outcome: 'done' }
  /** `offAir`: the stream is stopped and should not be */
  | { outcome: 'failed'; step: string; why: string; offAir: boolean }
  | { outcome: 'cancelled'; why: string; offAir: boolean };

/** A step of an action: told, and true only when OBS says so (STR-81). */
export interface Step {
  name: string;
  deadlineMs: Duration;
  /** may be cut short by a Cancel; else it is seen through to its end */
  isCancellable: boolean;
  tell: () => Promise<void>;
  isDone: () => Promise<boolean>;
}

export class StepFailed extends Error {
  readonly step: string;
  constructor(step: string, why: string) {
    super(why);
    this.step = step;
  }
}
export class Cancelled extends Error {}

const LOOK_MS = 100;

/**
 * Reads first, tells only if it has not happened, and reads until it has. After a lost connection it reads again before
 * it repeats anything; what was told on a connection that still stands is never told twice.
 *
 * @throws StepFailed, Cancelled
 */
export async function carryOut(step: Step, run: Run): Promise<void> {
  const until = performance.now() + step.deadlineMs;
  let toldOn: number | null = null;
  for (;;) {
    const why = run.cancelledWhy();
    if (why !== null && step.isCancellable) throw new Cancelled(why);
    try {
      if (await step.isDone()) return;
      if (toldOn !== run.connection()) {
        toldOn = run.connection();
        await step.tell();
        continue;
      }
    } catch (error) {
      // OBS's own words may quote what was sent, so only the code is told.
      if (error instanceof ObsRefused) throw new StepFailed(step.name, `OBS refused it (code ${error.code}).`);
      if (!(error instanceof NoAnswer)) throw error;
    }
    if (performance.now() >= until) {
      throw new StepFailed(step.name, `It has not happened within ${Math.round(step.deadlineMs / 1000)} s.`);
    }
    await sleep(LOOK_MS);
  }
}
