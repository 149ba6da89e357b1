import { ended } from '../../domain/failover/machine.ts';
import {
  type FailoverMachine,
  type Intent,
  initialMachine,
  isIngest,
  isScene,
  type Look,
  type Move,
} from '../../domain/failover/machine-state.ts';
import * as operator from '../../domain/failover/operator.ts';
import type { Health } from '../../domain/health/state.ts';
import type { ReadNow } from '../doors.ts';
import type { Acts } from './acts.ts';
import { type Flight, seenBy } from './flight.ts';
import type { Notes } from './notes.ts';
import type { Seeing } from './seeing.ts';
import { snapshotOf } from './snapshot.ts';
import type { Outcome } from './steps.ts';

export type Act = Intent & { do: 'act' };

export interface ExecutorParts {
  readNow: ReadNow;
  notes: Notes;
  flight: Flight;
  acts: Acts;
  seeing: Seeing;
  /** what is seen and known now; null while nothing is watched */
  look: () => Look | null;
  health: () => Health | null;
  onChange: () => void;
}

/**
 * Keeps the machine of the present show and does what its rules want: writes what is proposed, sets acts in flight, and
 * tells the machine how they ended.
 */
export class Executor {
  readonly #parts: ExecutorParts;
  #machine = initialMachine();
  /** cause of the source's trouble that the slate covers */
  #coverCause: string | null = null;

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
  }

  get machine(): FailoverMachine {
    return this.#machine;
  }

  get coverCause(): string | null {
    return this.#coverCause;
  }

  /** Another show is on the desk: what is in flight for the one before ends at its next step, and tells nobody here. */
  beginAnew(): void {
    this.#machine = initialMachine();
    this.#coverCause = null;
    this.#parts.flight.cancel('Another show came onto the desk.', 'dropdesk');
  }

  /** @param by whose doing it is */
  apply(intents: readonly Intent[], by = 'dropdesk'): void {
    for (const intent of intents) this.#carry(intent, by);
  }

  /** The machine has the act as running already (`start`, `begin`). Resolves when the ledger knows how it went. */
  async act(act: Act, by: string): Promise<{ action: string; outcome: Outcome }> {
    const { flight, acts, onChange, look, health } = this.#parts;
    const machine = this.#machine;
    if (act.what === 'show-slate') this.#coverCause = health()?.layers.source.cause ?? null;
    const { mode } = machine;
    let action = act.action ?? '';
    const outcome = await flight.take(seenBy(act, machine, look), (run) =>
      acts.carryOut({ ...act, by, mode }, run, (name) => {
        action = name;
        operator.named(machine, name);
        onChange();
      }),
    );
    this.#end(machine, outcome);
    return { action, outcome };
  }

  #carry(intent: Intent, by: string): void {
    const { notes, flight } = this.#parts;
    switch (intent.do) {
      case 'propose':
      case 'would-have':
        return this.#propose(intent);
      case 'withdraw':
        return notes.withdrawn(intent, by);
      case 'act':
        return void this.act(intent, by);
      case 'ensure-recording':
        return void this.#ensureRecording();
      case 'lock':
        return notes.write({ kind: 'failover.locked', body: { why: intent.why } });
      case 'disarm':
        return notes.write({ kind: 'failover.disarmed', body: { why: 'operator', by: 'operator' } });
      case 'abort':
        return flight.cancel(intent.why, 'operator');
      default:
        intent satisfies never;
    }
  }

  #propose(intent: Intent & { do: 'propose' | 'would-have' }): void {
    const { notes, readNow } = this.#parts;
    const health = this.#parts.health();
    const snapshot = health === null ? {} : snapshotOf(health, readNow().mono);
    const action = notes.proposed(intent, this.#machine.mode, snapshot);
    if (intent.do === 'propose') operator.named(this.#machine, action);
  }

  async #ensureRecording(): Promise<void> {
    const { readNow, flight, acts, look } = this.#parts;
    const machine = this.#machine;
    operator.ensuring(machine, readNow().mono);
    const move: Move = { what: 'start-recording', from: null, to: null };
    this.#end(machine, await flight.take(seenBy(move, machine, look), (run) => acts.ensureRecording(run)));
  }

  #end(machine: FailoverMachine, outcome: Outcome): void {
    if (machine !== this.#machine) return;
    const { seeing, readNow, onChange } = this.#parts;
    const { running } = machine;
    if (running !== null && isIngest(running)) machine.leftOff = outcome.outcome !== 'done' && outcome.offAir;
    seeing.expire();
    // Read back, and so true at once: a Clear may follow while OBS still fades.
    if (running !== null && isScene(running) && outcome.outcome === 'done') seeing.place(running.to, readNow().mono);
    this.apply(ended(machine, readNow().mono, outcome.outcome));
    onChange();
  }
}
