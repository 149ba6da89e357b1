import type { ProbeTarget } from '../../domain/health/network-side.ts';
import type { Measure } from '../doors.ts';
import { knock } from '../net/knock.ts';
import { Poller, Wire, type WireDoors } from './connector.ts';

const CALM_MS = 5000;
const TROUBLED_MS = 1000;
const IDLE_MS = 30_000;

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
