import { randomBytes } from 'node:crypto';
import { type Socket, connect } from 'node:net';
import type { ProbeTarget } from '../../domain/health/network-side.ts';
import type { ProbeError } from '../../domain/health/sample.ts';
import type { Measure } from '../doors.ts';
import { type CheckedAddress, checkedAddress } from '../net/address.ts';
import { Poller, Wire, type WireDoors } from './connector.ts';

const CALM_MS = 5000;
const TROUBLED_MS = 1000;
const IDLE_MS = 30_000;
const DEADLINE_MS = 1000;

/** RTMP 1.0, section 5.2: C0 is the version byte, C1 is time, zero and random bytes, 1536 in all; S0 begins the answer. */
const RTMP_VERSION = 3;
const C1_BYTES = 1536;

export interface ProbedIngest {
  target: Extract<ProbeTarget, 'ingest' | 'backup'>;
  /** rtmp: also the first step of its handshake; others: connecting only */
  url: URL;
}

/**
 * Knocks on the doors of the ingests: does the network reach them, and do they react. It never publishes, so it needs no
 * key. A place that has never answered is left to the audit: its silence says nothing new.
 */
export class NetworkProbe {
  readonly #doors: WireDoors & { measure: Measure };
  readonly #wire: Wire;
  readonly #poller: Poller;
  readonly #answered = new Set<string>();
  #targets: ProbedIngest[] = [];
  #mood: 'idle' | 'calm' | 'troubled' = 'idle';

  constructor(doors: WireDoors & { measure: Measure }) {
    this.#doors = doors;
    this.#wire = new Wire('network', 'network-probe', doors);
    this.#poller = new Poller({
      ask: () => this.#ask(),
      everyMs: () => ({ idle: IDLE_MS, calm: CALM_MS, troubled: TROUBLED_MS })[this.#mood],
      failed: () => this.#wire.set('down', 'The network could not be probed.'),
    });
  }

  start(): void {
    this.#poller.start();
  }

  async stop(): Promise<void> {
    await this.#poller.stop();
    this.#wire.set('off', 'Not watched.');
  }

  setTargets(targets: ProbedIngest[]): void {
    this.#targets = targets;
    this.#poller.hurry();
  }

  setMood(mood: 'idle' | 'calm' | 'troubled'): void {
    const worse = mood !== this.#mood && mood !== 'idle';
    this.#mood = mood;
    if (worse) this.#poller.hurry();
  }

  async #ask(): Promise<void> {
    await Promise.all(this.#targets.map((target) => this.#probe(target)));
  }

  async #probe({ target, url }: ProbedIngest): Promise<void> {
    const sent = this.#doors.readNow().mono;
    const outcome = await knock(url, this.#doors.ownPorts());
    if ('error' in outcome) {
      if (!this.#answered.has(url.host))
        return this.#wire.set('connecting', 'The ingest has not answered a probe yet.');
      this.#doors.measure({
        source: 'network',
        ms: this.#doors.readNow().mono,
        error: outcome.error,
        target,
        data: { target },
      });
      return this.#wire.set(
        'down',
        target === 'ingest' ? 'The ingest cannot be reached.' : 'The backup ingest cannot be reached.',
      );
    }
    // A place that takes connections but has never shaken hands is perhaps no RTMP server: only its door is watched.
    if (outcome.handshakeMs !== undefined) this.#answered.add(`rtmp ${url.host}`);
    const { handshakeError, ...plain } = outcome;
    const counts = handshakeError !== undefined && this.#answered.has(`rtmp ${url.host}`);
    this.#answered.add(url.host);
    this.#doors.measure({
      source: 'network',
      ms: sent,
      data: { target, ...plain, ...(counts ? { handshakeError } : {}) },
    });
    this.#wire.set(counts ? 'down' : 'up', counts ? 'The ingest takes connections but does not react.' : 'Connected.');
  }
}

export type Knock = { connectMs: number; handshakeMs?: number; handshakeError?: ProbeError } | { error: ProbeError };

/** One probe within a second: connect, and for plain RTMP wait for S0. Never throws. */
export async function knock(url: URL, ownPorts: readonly number[] = []): Promise<Knock> {
  let address: CheckedAddress;
  try {
    address = await checkedAddress(url, ownPorts);
  } catch {
    // An unknown name and a refused address both mean that nobody can be reached there.
    return { error: 'refused' };
  }
  const began = performance.now();
  const socket = connect({ host: address.ip, port: address.port, family: address.family });
  try {
    const failed = await first(socket, 'connect', DEADLINE_MS);
    if (failed !== null) return { error: failed };
    const connectMs = tenth(performance.now() - began);
    if (url.protocol !== 'rtmp:') return { connectMs };
    const asked = performance.now();
    socket.write(Buffer.concat([Buffer.from([RTMP_VERSION]), Buffer.alloc(8), randomBytes(C1_BYTES - 8)]));
    const silent = await first(socket, 'data', DEADLINE_MS);
    return silent === null
      ? { connectMs, handshakeMs: tenth(performance.now() - asked) }
      : { connectMs, handshakeError: silent };
  } finally {
    socket.destroy();
  }
}

/** @returns null when `event` came, else how it failed */
function first(socket: Socket, event: 'connect' | 'data', deadlineMs: number): Promise<ProbeError | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('timeout'), deadlineMs);
    const end = (outcome: ProbeError | null): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    socket.once(event, () => end(null));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNREFUSED' ? 'refused' : 'closed'));
    socket.once('close', () => end('closed'));
  });
}

function tenth(ms: number): number {
  return Math.round(ms * 10) / 10;
}
