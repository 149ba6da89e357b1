import type { ConnectorView } from '../../contract/desk-state.ts';
import { type Now, toIso } from '../../domain/units.ts';
import type { Log, ReadNow, ReportConnector } from '../doors.ts';

/** What every wire to the outside gets from the hub. */
export interface WireDoors {
  readNow: ReadNow;
  report: ReportConnector;
  log: Log;
  /** ports of our own listeners, never to be asked */
  ownPorts: () => readonly number[];
}

type WireState = ConnectorView['state'];

/** The state of one wire as the desk shows it. Only changes are reported and logged. */
export class Wire {
  readonly #id: string;
  readonly #kind: string;
  readonly #doors: WireDoors;
  #state: WireState | null = null;
  #message = '';
  #since: Now | null = null;

  constructor(id: string, kind: string, doors: WireDoors) {
    this.#id = id;
    this.#kind = kind;
    this.#doors = doors;
  }

  get state(): WireState | null {
    return this.#state;
  }

  /** @param message a sentence of ours for people; never foreign text */
  set(state: WireState, message: string): void {
    if (state === this.#state && message === this.#message) return;
    if (state !== this.#state) {
      this.#since = this.#doors.readNow();
      this.#doors.log({ level: state === 'down' ? 'warn' : 'info', kind: 'connector', id: this.#id, state });
    }
    this.#state = state;
    this.#message = message;
    const since = this.#since === null ? null : toIso(this.#since.at);
    this.#doors.report({ id: this.#id, kind: this.#kind, state, since, message });
  }
}

const BACKOFF_MS = [0, 1000, 2000, 4000];
const BACKOFF_CAP_MS = 5000;

/** STR-15: at once, then 1, 2, 4 s, then every 5 s. @param failures in a row, 0 for the first retry */
export function backoffMs(failures: number): number {
  return BACKOFF_MS[failures] ?? BACKOFF_CAP_MS;
}

/**
 * Supervision: runs `ask` again and again, one at a time, and is the place where a wire's failures end (DESIGN §7). What
 * `ask` throws beyond the outcomes it knows is logged by its class and never reaches the hub.
 */
export class Poller {
  readonly #ask: () => Promise<void>;
  /** ms from the start of one question to the start of the next */
  readonly #everyMs: () => number;
  readonly #failed: (error: unknown) => void;
  #timer: NodeJS.Timeout | null = null;
  #running = false;
  #stopped = true;
  #hurried = false;
  #inFlight: Promise<void> = Promise.resolve();

  constructor(poll: { ask: () => Promise<void>; everyMs: () => number; failed: (error: unknown) => void }) {
    this.#ask = poll.ask;
    this.#everyMs = poll.everyMs;
    this.#failed = poll.failed;
  }

  start(): void {
    this.#stopped = false;
    this.#schedule(0);
  }

  /** Asks now instead of at the next turn, e.g. when the stream has just gone live. */
  hurry(): void {
    if (this.#stopped) return;
    if (this.#running) this.#hurried = true;
    else this.#schedule(0);
  }

  /** Resolves when the question in flight has ended; its deadline bounds that. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#inFlight;
  }

  #schedule(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#inFlight = this.#turn();
    }, ms);
  }

  async #turn(): Promise<void> {
    const began = performance.now();
    this.#running = true;
    this.#hurried = false;
    try {
      await this.#ask();
    } catch (error) {
      this.#failed(error);
    }
    this.#running = false;
    if (this.#stopped) return;
    const rest = this.#everyMs() - (performance.now() - began);
    this.#schedule(this.#hurried ? 0 : Math.max(0, rest));
  }
}

/** Midpoint of question and answer, whole ms (STR-9). */
export function middle(sent: number, received: number): number {
  return Math.round((sent + received) / 2);
}
