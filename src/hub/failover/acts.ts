import type { FailoverFact } from '../../domain/facts/failover-facts.ts';
import { isIngest, isScene, type Move } from '../../domain/failover/machine-state.ts';
import { accept, type Decision, refuse } from '../../domain/refusal.ts';
import type { Duration } from '../../domain/units.ts';
import type { FailoverMode } from '../../domain/words.ts';
import type { ReadNow } from '../doors.ts';
import type { IngestSwitch } from './ingest-switch.ts';
import type { Notes } from './notes.ts';
import type { ObsHands } from './obs-hands.ts';
import type { OwnMarks } from './own-marks.ts';
import type { Outcome, Run } from './steps.ts';

export interface Act extends Move {
  /** null: not named in the ledger yet */
  action: string | null;
  why: string;
  by: string;
  mode: FailoverMode;
}

export interface ActDoors {
  readNow: ReadNow;
  notes: Notes;
  hands: ObsHands;
  marks: OwnMarks;
  ingests: () => IngestSwitch | null;
  /** who has stopped the running action; `dropdesk` when nobody has */
  cancelledBy: () => string;
}

/** Carries out one action from its first fact to its last. */
export class Acts {
  readonly #doors: ActDoors;

  constructor(doors: ActDoors) {
    this.#doors = doors;
  }

  /**
   * @param begun told the action's name as soon as it has one
   * @returns how it went, after the ledger knows
   */
  async carryOut(act: Act, run: Run, begun: (action: string) => void): Promise<Outcome> {
    const { notes, readNow } = this.#doors;
    const write = notes.ofThisShow();
    const action = act.action ?? notes.nextName();
    const move = { action, what: act.what, from: act.from, to: act.to };
    write({ kind: 'failover.started', body: { ...move, mode: act.mode, why: act.why, by: act.by } });
    begun(action);
    const startedMs = readNow().mono;
    const outcome = await this.#effect(act, run).catch(run.broken);
    const tookMs = readNow().mono - startedMs;
    switch (outcome.outcome) {
      case 'done':
        for (const fact of effectsOf(act, action, tookMs)) write(fact);
        write({ kind: 'failover.finished', body: { ...move, tookMs } });
        break;
      case 'failed':
        write({ kind: 'failover.failed', body: { ...move, step: outcome.step, why: outcome.why, tookMs } });
        break;
      case 'cancelled':
        write({ kind: 'failover.cancelled', body: { ...move, why: outcome.why, by: this.#doors.cancelledBy() } });
        break;
    }
    return outcome;
  }

  /** STR-86, by itself: no action that anybody has to follow, only that the recording runs. */
  async ensureRecording(run: Run): Promise<Outcome> {
    const { notes, readNow, hands } = this.#doors;
    const write = notes.ofThisShow();
    const startedMs = readNow().mono;
    const outcome = await hands.record(run).catch(run.broken);
    const tookMs = readNow().mono - startedMs;
    if (outcome.outcome === 'done') {
      write({ kind: 'recording.ensured', body: { by: 'dropdesk', action: null, tookMs } });
    } else if (outcome.outcome === 'failed') {
      const move = { action: notes.nextName(), what: 'start-recording', from: null, to: null } as const;
      write({ kind: 'failover.failed', body: { ...move, step: outcome.step, why: outcome.why, tookMs } });
    }
    return outcome;
  }

  async #effect(act: Act, run: Run): Promise<Outcome> {
    const { hands, marks, readNow } = this.#doors;
    if (isScene(act) && act.to !== null) {
      marks.expectScene(act.to, readNow().mono);
      return await hands.toScene(act.from, act.to, run);
    }
    if (act.what === 'start-recording') return await hands.record(run);
    const ingests = this.#doors.ingests();
    if (!isIngest(act) || ingests === null)
      return { outcome: 'cancelled', why: 'The plan was changed.', offAir: false };
    if (act.what === 'retry-ingest') return await ingests.retry(run);
    return await ingests.to(act.to === 'primary' ? 'primary' : 'backup', run);
  }
}

/** What the act has changed, beside that it was done. */
function effectsOf(act: Act, action: string, tookMs: Duration): FailoverFact[] {
  switch (act.what) {
    case 'show-slate':
      return [{ kind: 'slate.shown', body: { scene: act.to ?? '', by: 'dropdesk', action, remembered: act.from } }];
    case 'clear-slate':
      return [{ kind: 'slate.cleared', body: { scene: act.to ?? '', by: 'dropdesk', action } }];
    case 'start-recording':
      return [{ kind: 'recording.ensured', body: { by: act.by, action, tookMs } }];
    case 'switch-ingest':
    case 'retry-ingest':
      return [];
    default:
      act.what satisfies never;
      return [];
  }
}

/** What whoever asked is told of it. */
export function answerOf(action: string, outcome: Outcome): Decision {
  if (outcome.outcome === 'done') return accept([], { action });
  const where = outcome.outcome === 'failed' ? ` (${outcome.step})` : '';
  return refuse('not-done', `${outcome.why}${where} Look at OBS, then try again.`, { action });
}
