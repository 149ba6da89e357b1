import type { FailoverFact } from '../../domain/facts/failover-facts.ts';
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
}
