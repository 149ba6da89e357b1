import type { FailoverFact } from '../../domain/facts/failover-facts.ts';
import type { Snapshot } from '../../domain/facts/stream-facts.ts';
import type { Intent } from '../../domain/failover/machine-state.ts';
import type { FailoverMode } from '../../domain/words.ts';
import type { Log, ReadNow, ReadShow, RecordFacts } from '../doors.ts';

export interface NoteDoors {
  readNow: ReadNow;
  readShow: ReadShow;
  record: RecordFacts;
  log: Log;
}

/** Writes the facts of failover. A disk that fails must not keep the stream from being saved, so it is said and gone on. */
export class Notes {
  readonly #doors: NoteDoors;
  #written = 0;

  constructor(doors: NoteDoors) {
    this.#doors = doors;
  }

  /** `f<seq>` of the fact that is written next: an action is named by its first one */
  nextName(): string {
    return `f${(this.#doors.readShow()?.seq ?? 0) + 1}`;
  }

  /** Writes into the ledger of the show that is on the desk now; once another one is there, nothing. */
  ofThisShow(): (fact: FailoverFact) => void {
    const id = this.#doors.readShow()?.id;
    return (fact) => {
      if (this.#doors.readShow()?.id === id) this.write(fact);
    };
  }

  write(fact: FailoverFact): void {
    if (this.#doors.readShow() === null) return;
    this.#written += 1;
    try {
      // Unique across restarts: every run of the hub has its own boot.
      this.#doors.record([{ ...fact, origin: 'failover', originId: `${this.#doors.readNow().boot}:${this.#written}` }]);
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown';
      this.#doors.log({ level: 'error', kind: 'failover-fact', fact: fact.kind, error: name });
    }
  }

  armed(mode: FailoverMode, by: string): void {
    if (mode === 'observe') this.write({ kind: 'failover.disarmed', body: { why: 'operator', by } });
    else this.write({ kind: 'failover.armed', body: { mode, by } });
  }

  /** @returns the name by which people answer it */
  proposed(intent: Intent & { do: 'propose' | 'would-have' }, mode: FailoverMode, snapshot: Snapshot): string {
    const action = this.nextName();
    const { what, from, to, why } = intent;
    const wouldHave = intent.do === 'would-have';
    this.write({ kind: 'failover.proposed', body: { action, what, from, to, mode, why, wouldHave, snapshot } });
    return action;
  }

  withdrawn({ action, what, from, to, why }: Intent & { do: 'withdraw' }, by: string): void {
    if (action !== null) this.write({ kind: 'failover.cancelled', body: { action, what, from, to, why, by } });
  }

  /** The operator has put the slate on the air, or taken it away. */
  sceneChanged(scene: string, before: string, slate: string | null): void {
    const phase = this.#doors.readShow()?.phase;
    if (slate === null || (phase !== 'live' && phase !== 'closing')) return;
    if (scene === slate)
      this.write({ kind: 'slate.shown', body: { scene, by: 'operator', action: null, remembered: before } });
    else if (before === slate) this.write({ kind: 'slate.cleared', body: { scene, by: 'operator', action: null } });
  }
}
