import { isMeantToBeOnAir } from '../../domain/failover/course.ts';
import type { FailoverMachine, Look, Move } from '../../domain/failover/machine-state.ts';
import type { Log, ReadNow } from '../doors.ts';
import type { OwnMarks } from './own-marks.ts';
import type { Outcome, Run } from './steps.ts';

export interface FlightDoors {
  readNow: ReadNow;
  log: Log;
  onChange: () => void;
}

const STOP_WITHIN_MS = 1_000;

/** The one action in flight (STR-79): how far it is, who has stopped it, and when it is down. */
export class Flight {
  readonly #doors: FlightDoors;
  readonly #marks: OwnMarks;
  #step = '';
  #cancel: { why: string; by: string } | null = null;
  #connection = 0;
  #isBusy = false;
  #work: Promise<unknown> = Promise.resolve();

  constructor(doors: FlightDoors, marks: OwnMarks) {
    this.#doors = doors;
    this.#marks = marks;
  }

  get step(): string {
    return this.#step;
  }

  get cancelledBy(): string {
    return this.#cancel?.by ?? 'dropdesk';
  }

  cancel(why: string, by: string): void {
    this.#cancel ??= { why, by };
  }

  /** OBS's connection is gone: what was sent on it may never have arrived. */
  lost(): void {
    this.#connection += 1;
  }

  /** Sets the work off when nothing else is in flight. @returns how it went */
  async take(sees: Pick<Run, 'isMeantOn' | 'ingestGrows'>, work: (run: Run) => Promise<Outcome>): Promise<Outcome> {
    // Another show's may still be on its way down.
    while (this.#isBusy) await this.#work;
    this.#isBusy = true;
    this.#cancel = null;
    const doing = work(this.#run(sees)).catch((error: unknown) => this.#broken(error));
    this.#work = doing;
    const outcome = await doing;
    this.#step = '';
    this.#isBusy = false;
    return outcome;
  }

  /** Ends what is in flight at its next step; a stop of the hub does not wait for the deadlines of a dead OBS. */
  async stop(): Promise<void> {
    this.cancel('Dropdesk was closed.', 'dropdesk');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((done) => (timer = setTimeout(done, STOP_WITHIN_MS)));
    await Promise.race([this.#work, late]);
    clearTimeout(timer);
  }

  #run(sees: Pick<Run, 'isMeantOn' | 'ingestGrows'>): Run {
    return {
      ...sees,
      step: (name) => {
        this.#step = name;
        this.#doors.onChange();
      },
      cancelledWhy: () => this.#cancel?.why ?? null,
      expect: (what) => this.#marks.expect(what, this.#doors.readNow().mono),
      broken: (error) => this.#broken(error),
      connection: () => this.#connection,
    };
  }

  #broken(error: unknown): Outcome {
    this.#doors.log({ level: 'error', kind: 'failover-act', error: error instanceof Error ? error.name : 'unknown' });
    return { outcome: 'failed', step: this.#step, why: 'Dropdesk could not carry it out.', offAir: false };
  }
}

/** What an action must know of the stream, at its beginning and while it runs. */
export function seenBy(
  { what, to }: Move,
  machine: FailoverMachine,
  look: () => Look | null,
): Pick<Run, 'isMeantOn' | 'ingestGrows'> {
  const first = look();
  const isMeantOn = first !== null && isMeantToBeOnAir(machine, first);
  return {
    isMeantOn: () => isMeantOn,
    // Going back to the primary is a person's explicit wish, whatever still flows to the backup (STR-82).
    ingestGrows: () => (what === 'retry-ingest' || to === 'backup') && (look()?.sight.ingestGrows ?? false),
  };
}
