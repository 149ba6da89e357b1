import type { StreamPlan } from '../../domain/plan.ts';
import type { IngestLabel } from '../../domain/words.ts';
import type { Log, Measure, ReadNow, ReadSecret, RelayDoor } from '../doors.ts';
import { checkedAddress, readUrl } from '../net/address.ts';
import { beforeDeadline } from '../net/deadline.ts';
import { Gate } from './gate.ts';
import { Leg } from './leg.ts';

const MEASURE_MS = 500;
const FLOWING_MS = 2000;
/** A leg that could not begin (its relay's name is not found, its program is not there) is begun again after this. */
const BEGIN_AGAIN_MS = 2000;
const NAME_WITHIN_MS = 3000;
const DEFAULT_PROGRAM = 'ffmpeg';

export interface RelayDoors {
  readNow: ReadNow;
  readSecret: ReadSecret;
  setting: (key: string) => unknown;
  measure: Measure;
  ownPorts: () => readonly number[];
  log: Log;
}

/**
 * Tier A (STR-84): OBS sends to a server of our own, and from there a leg of ours carries the stream on. Another ingest
 * is another leg; OBS never stops. The leg runs while OBS is on air.
 */
export class Relay implements RelayDoor {
  readonly #doors: RelayDoors;
  #plan: StreamPlan | null = null;
  #target: IngestLabel = 'primary';
  /** where both would go, keys and all: only ever compared */
  #ways = '';
  #isOnAir = false;
  #leg: Leg | null = null;
  #gate: Gate | null = null;
  #timer: NodeJS.Timeout | null = null;
  #again: NodeJS.Timeout | null = null;
  #busy: Promise<void> = Promise.resolve();
  /** legs that are on their way out */
  readonly #leaving = new Set<Promise<void>>();

  constructor(doors: RelayDoors) {
    this.#doors = doors;
  }

  /** @returns true when the plan has a relay: then the ingest is changed here, not in OBS */
  plan(plan: StreamPlan | null): boolean {
    const before = { plan: JSON.stringify(this.#plan), ways: this.#ways };
    this.#plan = plan?.relay ? plan : null;
    this.#ways = JSON.stringify([this.#addressOf('primary'), this.#addressOf('backup')]);
    const isOther = JSON.stringify(this.#plan) !== before.plan;
    if (isOther) this.#target = 'primary';
    // A key that was set meanwhile is another way too.
    if (isOther || this.#ways !== before.ways) this.#renew();
    return this.#plan !== null;
  }

  /** OBS is on air, or is not any more. */
  follow(isOnAir: boolean): void {
    if (isOnAir === this.#isOnAir) return;
    this.#isOnAir = isOnAir;
    this.#renew();
  }

  ready(to: IngestLabel): string | null {
    if (this.#plan === null) return 'The plan has no relay.';
    if (this.#addressOf(to) === null) {
      return to === 'backup'
        ? 'The plan names no backup ingest. Add one on Set up, Stream.'
        : 'The plan names no primary ingest. Add one on Set up, Stream.';
    }
    return null;
  }

  target(): IngestLabel | null {
    return this.#plan === null ? null : this.#target;
  }

  /** From now on the leg goes there: the new one starts while the old one is still being ended. */
  point(to: IngestLabel): void {
    this.#target = to;
    this.#renew();
  }

  isFlowing(): boolean {
    const still = this.#leg?.stillMs ?? null;
    return still !== null && still < FLOWING_MS;
  }

  async stop(): Promise<void> {
    this.#plan = null;
    this.#renew();
    await this.#busy;
    await Promise.all(this.#leaving);
  }

  #renew(): void {
    this.#busy = this.#busy
      .then(() => this.#change())
      .catch((error: unknown) => {
        this.#broke(error);
        this.#again = setTimeout(() => this.#renew(), BEGIN_AGAIN_MS);
      });
  }

  async #change(): Promise<void> {
    const old = { leg: this.#leg, gate: this.#gate };
    this.#leg = null;
    this.#gate = null;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    if (this.#again !== null) clearTimeout(this.#again);
    this.#again = null;
    const to = this.#addressOf(this.#target);
    try {
      if (this.#plan?.relay && this.#isOnAir && to !== null) await this.#begin(this.#plan.relay.url, to);
    } finally {
      this.#leave(old);
    }
  }

  async #begin(relay: string, to: string): Promise<void> {
    const url = readUrl(relay, ['rtmp:', 'http:']);
    const asked = checkedAddress(url, this.#doors.ownPorts());
    const { ip, port } = await beforeDeadline(asked, AbortSignal.timeout(NAME_WITHIN_MS));
    const gate = await Gate.open({ host: ip, port });
    const from = new URL(url);
    from.hostname = '127.0.0.1';
    const target = this.#target;
    const program = this.#doors.setting('relay.program');
    const leg = new Leg({
      program: typeof program === 'string' && program !== '' ? program : DEFAULT_PROGRAM,
      from: withPort(from, gate.port),
      to,
      failed: (why) => this.#doors.log({ level: 'warn', kind: 'relay-leg', target, why }),
    });
    this.#gate = gate;
    this.#leg = leg;
    leg.start();
    this.#timer = setInterval(() => this.#measure(leg, target), MEASURE_MS);
  }

  /** The old leg is not waited for: it may hang in a dead upload for two seconds. */
  #leave({ leg, gate }: { leg: Leg | null; gate: Gate | null }): void {
    if (leg === null) return;
    const going = leg
      .stop()
      .then(() => gate?.close())
      .catch((error: unknown) => this.#broke(error))
      .finally(() => this.#leaving.delete(going));
    this.#leaving.add(going);
  }

  #measure(leg: Leg, target: IngestLabel): void {
    this.#doors.measure({
      source: 'leg',
      ms: this.#doors.readNow().mono,
      data: { target, bytes: leg.bytes, restarts: leg.restarts },
    });
  }

  /** With its key at its end, as RTMP wants it; the key of the primary serves the backup that has none of its own. */
  #addressOf(label: IngestLabel): string | null {
    const server = (label === 'primary' ? this.#plan?.primaryIngest : this.#plan?.backupIngest) ?? null;
    if (server === null) return null;
    const own = this.#doors.readSecret(`stream.${label}.key`);
    const key = own ?? this.#doors.readSecret('stream.primary.key');
    // An address that says `{key}` has it already.
    if (key === null || key === '' || !/^rtmps?:/i.test(server) || server.includes(key)) return server;
    return `${server.replace(/\/+$/, '')}/${key}`;
  }

  #broke(error: unknown): void {
    const name = error instanceof Error ? error.name : 'unknown';
    this.#doors.log({ level: 'error', kind: 'relay', error: name });
  }
}

/** `URL` drops the port of schemes that it does not know well. */
function withPort(url: URL, port: number): string {
  return url.href.replace(/^(\w+:\/\/)(?:[^/@]*@)?[^/]*/, `$1127.0.0.1:${port}`);
}
