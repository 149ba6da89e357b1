import type { FailoverMode } from '../words.ts';
import type { FailoverSight } from '../health/sight.ts';
import { advance } from './machine.ts';
import { type FailoverMachine, initialMachine, type Intent, type Look } from './machine-state.ts';
import { arm } from './operator.ts';

/** Given–when–then for the failover rules: a machine, its clock, and looks four times a second. Tests only. */
export class Rehearsal {
  readonly machine: FailoverMachine = initialMachine();
  ms = 1_000_000;
  sight: FailoverSight = { ...FINE };
  look: Omit<Look, 'ms' | 'sight'> = { ...READY };
  /** everything the machine wanted, with its moment */
  readonly wanted: (Intent & { ms: number })[] = [];
  #names = 0;

  constructor(mode: FailoverMode) {
    arm(this.machine, mode);
    this.wait(1);
  }

  /** Looks for so many seconds; `each` runs before every look. */
  wait(seconds: number, each?: () => void): this {
    for (let passed = 0; passed < seconds * 1000; passed += STEP_MS) {
      this.ms += STEP_MS;
      each?.();
      this.take(advance(this.machine, { ...this.look, ms: this.ms, sight: this.sight }));
    }
    return this;
  }

  take(intents: readonly Intent[]): void {
    for (const intent of intents) {
      this.wanted.push({ ...intent, ms: this.ms });
      if (intent.do === 'propose' && this.machine.pending) this.machine.pending.action = `f${(this.#names += 1)}`;
    }
  }

  of<K extends Intent['do']>(kind: K): (Extract<Intent, { do: K }> & { ms: number })[] {
    return this.wanted.filter((one): one is Extract<Intent, { do: K }> & { ms: number } => one.do === kind);
  }
}

export const STEP_MS = 250;

export const FINE: FailoverSight = {
  transport: 0,
  cause: null,
  signals: 0,
  source: 0,
  obsCritical: false,
  streaming: true,
  flowing: true,
  growingMs: 60_000,
  lagMs: 40,
  reconnectingMs: 0,
  stallMs: 250,
  primaryProbeOkRunning: 20,
  backupProbeOkRunning: 20,
  ingestGrows: true,
  scene: 'Live',
};

export const READY: Omit<Look, 'ms' | 'sight'> = {
  retryInMs: null,
  isWeak: false,
  phase: 'live',
  scenes: ['Live', 'Slate', 'Wide', 'Off limits'],
  slateScene: 'Slate',
  liveScene: 'Live',
  allowScenes: ['Wide'],
  tier: 'direct',
  backupReady: true,
  ingest: 'primary',
  clearSlate: 'ask',
  hiddenMoves: null,
  recording: { expected: true, active: true, ensuredBefore: false },
};
