import type { AuditView } from '../../contract/audit-state.ts';
import type { Actor } from '../../domain/actor.ts';
import { type Decision, refuse } from '../../domain/refusal.ts';
import type { Now } from '../../domain/units.ts';
import type { Health } from '../../domain/health/state.ts';
import type { ShowState } from '../../domain/show.ts';
import type { Log, ObsDoor, ReadNow, ReadSecret, ReadShow, RecordFacts } from '../doors.ts';

export interface PreflightDoors {
  readNow: ReadNow;
  readShow: ReadShow;
  record: RecordFacts;
  obs: ObsDoor;
  /** what the judge knows of the stream now; null: nothing is watched */
  health: () => Health | null;
  readSecret: ReadSecret;
  saveSecret: (name: string, value: string) => void;
  setting: (key: string) => unknown;
  /** lines that the hub has logged, for sec-1 */
  logged: () => readonly string[];
  ownPorts: () => readonly number[];
  onChange: () => void;
  log: Log;
}

/** The stream audit before the show (STR-73, STR-74). */
export class Preflight {
  readonly #doors: PreflightDoors;

  constructor(doors: PreflightDoors) {
    this.#doors = doors;
  }

  /** @param checks only these; null: all. Resolves when the results are in the ledger. */
  run(_checks: readonly string[] | null, _actor: Actor): Promise<Decision> {
    void this.#doors;
    return Promise.resolve(refuse('not-built', 'not built'));
  }

  /** Ends a run that is under way; what was found by then is kept. @returns false when none is */
  cancel(): boolean {
    return false;
  }

  view(_show: ShowState | null, _now: Now): AuditView {
    return { auditId: null, at: null, by: null, word: null, stale: false, groups: [], checks: [], running: null };
  }
}
