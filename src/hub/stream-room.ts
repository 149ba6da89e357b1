import type { OriginFact } from '../domain/ledger.ts';
import type { StreamPlan } from '../domain/plan.ts';
import { Failover, type FailoverDoors } from './failover/failover.ts';
import { RelaySwitch } from './failover/relay-switch.ts';
import { placeKeys } from './net/key-place.ts';
import { cleaned, hideKnown, redact } from './net/redact.ts';
import { Preflight, type PreflightDoors } from './preflight/preflight.ts';
import { restoreService } from './preflight/test-stream-service.ts';
import { Relay } from './relay/relay.ts';
import { StreamWatch, type WatchDoors } from './watch.ts';

type OwnDoors = 'onLook' | 'onSample' | 'onConnected' | 'watchesPicture' | 'recordingExpected' | 'ingestNow';

export type StreamRoomDoors = Omit<WatchDoors, OwnDoors> &
  Omit<FailoverDoors, 'obs'> &
  Omit<PreflightDoors, 'obs' | 'health'>;

/** Everything about the stream: it is watched, audited before the show, and saved when it fails. */
export class StreamRoom {
  readonly watch: StreamWatch;
  readonly failover: Failover;
  readonly preflight: Preflight;
  readonly #relay: Relay;
  readonly #doors: StreamRoomDoors;

  constructor(given: StreamRoomDoors) {
    const doors: StreamRoomDoors = { ...given, record: (facts) => given.record(facts.map(withoutKeys)) };
    this.#doors = doors;
    this.watch = new StreamWatch({
      ...doors,
      watchesPicture: () => doors.setting('stream.watchPicture') !== false,
      recordingExpected: () => doors.setting('recording.expected') !== false,
      onLook: (health, verdict) => {
        this.#relay.follow(health.obs.active === true);
        this.failover.look(health, verdict);
      },
      onSample: (sample) => {
        this.failover.hear(sample, this.preflight.isTrying);
        this.preflight.hear(sample);
      },
      ingestNow: () => this.failover.ingest,
      onConnected: () => {
        restoreService(obs, doors.readSecret, doors.saveSecret).catch((error: unknown) => {
          const name = error instanceof Error ? error.name : 'unknown';
          doors.log({ level: 'error', kind: 'obs-service-not-back', error: name });
        });
      },
    });
    const { obs } = this.watch;
    this.#relay = new Relay({ ...doors, measure: (sample) => this.watch.measure(sample) });
    this.failover = new Failover({ ...doors, obs });
    this.preflight = new Preflight({ ...doors, obs, health: () => this.watch.health });
  }

  /** Wires follow the plan on the desk and the keys in the settings; the same again changes nothing. */
  async restart(written: StreamPlan | null): Promise<void> {
    const plan = written && placeKeys(written, this.#doors.readSecret);
    this.failover.useRelay(this.#relay.plan(plan) ? new RelaySwitch(this.#relay) : null);
    this.failover.plan(plan);
    await this.watch.restart(plan);
  }

  async stop(): Promise<void> {
    this.preflight.cancel();
    await this.failover.stop();
    await this.#relay.stop();
    await this.watch.stop();
  }
}

/** STR-87: what others have said goes through the one redaction before it is written down for ever. */
function withoutKeys(fact: OriginFact): OriginFact {
  const isForeign = fact.kind === 'audit.finished' || fact.kind.startsWith('failover.');
  return cleaned(fact, isForeign ? (text) => redact(text) : hideKnown);
}
