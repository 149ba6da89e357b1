import type { FailoverView } from '../../contract/failover-state.ts';
import type { Actor } from '../../domain/actor.ts';
import type { HealthSample } from '../../domain/health/sample.ts';
import type { Health } from '../../domain/health/state.ts';
import type { Verdict } from '../../domain/health.ts';
import type { StreamPlan } from '../../domain/plan.ts';
import { type Decision, refuse } from '../../domain/refusal.ts';
import type { Now } from '../../domain/units.ts';
import type { FailoverMode } from '../../domain/words.ts';
import type { Log, ObsDoor, ReadNow, ReadSecret, ReadShow, RecordFacts } from '../doors.ts';

export interface FailoverDoors {
  readNow: ReadNow;
  readShow: ReadShow;
  record: RecordFacts;
  obs: ObsDoor;
  readSecret: ReadSecret;
  saveSecret: (name: string, value: string) => void;
  setting: (key: string) => unknown;
  /** state changed: tell the desk now */
  onChange: () => void;
  log: Log;
}

/** What a person may ask for, in any mode (STR-75). */
export type Ask =
  | { what: 'show-slate' | 'clear-slate' | 'retry-ingest' | 'start-recording' }
  | { what: 'switch-ingest'; to: 'primary' | 'backup' };

/** Carries out what the failover rules decide, and reads back that it happened. */
export class Failover {
  readonly #doors: FailoverDoors;

  constructor(doors: FailoverDoors) {
    this.#doors = doors;
  }

  /** The plan on the desk has changed, or none is there any more. */
  plan(_plan: StreamPlan | null): void {}

  /** At every look of the judge: at least four times a second while anything is watched. */
  look(_health: Health, _verdict: Verdict): void {}

  /** Every sample and event of OBS, in the order of their coming. */
  hear(_sample: HealthSample): void {}

  arm(_mode: FailoverMode, _actor: Actor): Decision {
    return refuse('not-built', 'not built');
  }

  async ask(_ask: Ask, _actor: Actor): Promise<Decision> {
    return Promise.resolve(refuse('not-built', 'not built'));
  }

  confirm(_action: string, _actor: Actor): Promise<Decision> {
    return Promise.resolve(refuse('unknown-action', 'Nothing is proposed by that id.', { field: 'action' }));
  }

  /** @returns null when no action of ours has that id */
  cancel(_action: string, _actor: Actor): Decision | null {
    return null;
  }

  view(_now: Now): FailoverView {
    const no = { ready: false, why: null };
    void this.#doors;
    return {
      mode: 'observe',
      state: 'ready',
      tier: null,
      ingest: null,
      can: {
        'show-slate': no,
        'clear-slate': no,
        'switch-ingest': no,
        'retry-ingest': no,
        'start-recording': no,
      },
      pending: null,
      counting: null,
      running: null,
      lockedWhy: null,
      slateOn: false,
      notice: null,
      retryAt: null,
      history: [],
    };
  }

  async stop(): Promise<void> {}
}
