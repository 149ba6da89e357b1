import type { Raw } from '../../domain/health/sample.ts';
import type { Measure } from '../doors.ts';
import { RefusedAddress } from '../net/address.ts';
import { Asker, Unanswered } from '../net/ask.ts';
import { Poller, Wire, type WireDoors, middle } from './connector.ts';

const LIVE_MS = 500;
/** A stall is told by the next answer: while one may be in the making, it is asked for sooner. */
const UNEASY_MS = 250;
const IDLE_MS = 5000;
const DEADLINE_MS = 1000;
const MAX_BYTES = 1_000_000;

/** What the streaming server itself has received, whichever server it is: the `data` of an `rtmp` sample. */
export interface IngestReading {
  /** of the whole server */
  bytes_in: number | null;
  pid: number | null;
  /** null: our stream is not listed */
  stream: IngestStream | null;
}

export interface IngestStream {
  /** ms since the stream began */
  time: number | null;
  bytes_in: number | null;
  bw_in: number | null;
  bw_video: number | null;
  /** players, the publisher not among them; null: not known */
  nclients: number | null;
  publishing: boolean;
  active: boolean;
  /** media time of the publisher, ms */
  client: { timestamp: number | null };
  /** the publisher's connection: another one begins its counters anew */
  id?: string;
  readers?: number;
  /** figures of an SRT connection under the server's own names */
  srt?: Raw;
}

/** One GET of what is left of the poll's second. `ms`: the middle of question and answer (STR-9). */
export type AskIngest = (url: URL) => Promise<{ status: number; body: string; ms: number }>;

export interface IngestServer {
  /** `nginx-rtmp` or `mediamtx` */
  kind: string;
  /** sentence while it has not been asked yet */
  opening: string;
  /** @throws Unanswered with a sentence, RefusedAddress when it may not be asked at all */
  read: (ask: AskIngest) => Promise<{ reading: IngestReading; ms: number }>;
}

/** Asks a streaming server what it has received: twice a second while live, one poll at a time. */
export class IngestWire {
  readonly #server: IngestServer;
  readonly #doors: WireDoors & { measure: Measure };
  readonly #wire: Wire;
  readonly #asker = new Asker();
  readonly #poller: Poller;
  #isLive = false;
  #isUneasy = false;

  constructor(server: IngestServer, doors: WireDoors & { measure: Measure }) {
    this.#server = server;
    this.#doors = doors;
    this.#wire = new Wire('rtmp', server.kind, doors);
    this.#poller = new Poller({
      ask: () => this.#poll(),
      everyMs: () => (!this.#isLive ? IDLE_MS : this.#isUneasy ? UNEASY_MS : LIVE_MS),
      failed: (error) => this.#refused(error),
    });
  }

  start(): void {
    this.#wire.set('connecting', this.#server.opening);
    this.#poller.start();
  }

  async stop(): Promise<void> {
    this.#asker.destroy();
    await this.#poller.stop();
    this.#wire.set('off', 'Not watched.');
  }

  setLive(isLive: boolean): void {
    if (isLive && !this.#isLive) this.#poller.hurry();
    this.#isLive = isLive;
  }

  /** Something about the way to the ingest looks bad, or is about to. */
  setUneasy(isUneasy: boolean): void {
    this.#isUneasy = isUneasy;
  }

  async #poll(): Promise<void> {
    const began = performance.now();
    const ask: AskIngest = async (url) => {
      const sent = this.#doors.readNow().mono;
      const deadlineMs = Math.max(1, Math.floor(DEADLINE_MS - (performance.now() - began)));
      const question = { url, deadlineMs, maxBytes: MAX_BYTES, ownPorts: this.#doors.ownPorts() };
      const { status, body } = await this.#asker.get(question);
      return { status, body, ms: middle(sent, this.#doors.readNow().mono) };
    };
    try {
      const { reading, ms } = await this.#server.read(ask);
      this.#doors.measure({ source: 'rtmp', ms, data: reading });
      this.#wire.set('up', reading.stream === null ? 'Connected; our stream is not listed.' : 'Connected.');
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      this.#doors.measure({ source: 'rtmp', ms: this.#doors.readNow().mono, error: error.error });
      this.#wire.set('down', error.message);
    }
  }

  #refused(error: unknown): void {
    const sentence = error instanceof RefusedAddress ? error.message : 'The streaming server could not be asked.';
    this.#wire.set('down', sentence);
  }
}
