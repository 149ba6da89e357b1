import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { once } from 'node:events';
import type { Actor } from '../../src/domain/actor.ts';
import { DESK } from '../../src/domain/actor.ts';
import type { FailoverFact } from '../../src/domain/facts/failover-facts.ts';
import type { Entry, EntryOf, OriginFact } from '../../src/domain/ledger.ts';
import { NO_STREAM } from '../../src/domain/plan-upgrade.ts';
import type { StreamPlan } from '../../src/domain/plan.ts';
import { type ShowState, evolve, initialShow } from '../../src/domain/show.ts';
import type { FailoverView } from '../../src/contract/failover-state.ts';
import { HubClock } from '../../src/hub/clock.ts';
import type { ObsFigures } from '../../src/hub/demo/fake-obs-figures.ts';
import { type FakeObs, startFakeObs } from '../../src/hub/demo/fake-obs.ts';
import type { Ask } from '../../src/hub/failover/failover.ts';
import { Failover } from '../../src/hub/failover/failover.ts';
import type { ObsDoor } from '../../src/hub/doors.ts';
import { StreamWatch } from '../../src/hub/watch.ts';
import { until } from '../kit/hub.ts';
import { UNHEARD } from '../kit/watch-doors.ts';

export const KEY = 'canary-key-4711';
export const BACKUP_KEY = 'canary-backup-0815';

/** An RTMP door that answers a knock (S0) and nothing more. */
export async function startDoor(): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(3072)])));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `rtmp://127.0.0.1:${port}/live`, close: () => new Promise((done) => server.close(() => done())) };
}

/** A stat page of nginx-rtmp that counts while `grows`. */
export async function startStat(): Promise<{ url: string; set: (grows: boolean) => void; close: () => void }> {
  let grows = true;
  let bytes = 1_000_000;
  const server = createHttp((_, response) => {
    if (grows) bytes += 300_000;
    response.setHeader('content-type', 'text/xml');
    response.end(
      `<rtmp><pid>7</pid><bytes_in>${bytes}</bytes_in><server><application><name>live</name><live><stream>` +
        `<name>show</name><time>1000</time><bytes_in>${bytes}</bytes_in><nclients>1</nclients><publishing/><active/>` +
        `<client><id>1</id><publishing/><timestamp>${Math.round(bytes / 600)}</timestamp></client></stream></live></application></server></rtmp>`,
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/stat`,
    set: (now) => (grows = now),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The watch and the failover of a hub, with a fake OBS and a ledger in memory. */
export class FailoverStand {
  readonly obs: FakeObs;
  show: ShowState;
  readonly ledger: Entry[];
  readonly secrets: Map<string, string>;
  readonly settings = new Map<string, unknown>();
  readonly logged: unknown[] = [];
  /** a request to OBS that fails by a fault of ours */
  faulty: string | null = null;
  clock = new HubClock();
  watch!: StreamWatch;
  failover!: Failover;
  #plan: StreamPlan;
  #life = { isOver: false };

  private constructor(obs: FakeObs, plan: Partial<StreamPlan>) {
    this.obs = obs;
    this.show = initialShow('s');
    this.show.phase = 'live';
    this.ledger = [];
    this.secrets = new Map([['stream.backup.key', BACKUP_KEY]]);
    this.#plan = { ...NO_STREAM, obs: { url: obs.url }, slateScene: 'Slate', liveScene: 'Live', ...plan };
  }

  static async start(figures: Partial<ObsFigures>, plan: Partial<StreamPlan> = {}): Promise<FailoverStand> {
    const obs = await startFakeObs({ figures: { recording: true, ...figures } });
    const { service } = obs.figures();
    obs.set({ service: { ...service, settings: { ...service.settings, key: KEY } } });
    const stand = new FailoverStand(obs, plan);
    await stand.boot();
    return stand;
  }

  /** A hub begins on the ledger as it is, as after a restart. */
  async boot(): Promise<void> {
    this.clock = new HubClock();
    const life = { isOver: false };
    this.#life = life;
    const doors = {
      readNow: () => this.clock.read(this.show.clock),
      readShow: () => this.show,
      record: (facts: readonly OriginFact[]) => (life.isOver ? [] : this.#record(facts)),
      readSecret: (name: string) => this.secrets.get(name) ?? null,
      saveSecret: (name: string, value: string) => void this.secrets.set(name, value),
      setting: (key: string) => this.settings.get(key) ?? null,
      onChange: () => undefined,
      log: (line: unknown) => void this.logged.push(line),
    };
    this.watch = new StreamWatch({
      ...UNHEARD,
      ...doors,
      onLook: (health, verdict) => void (life.isOver || this.failover.look(health, verdict)),
      onSample: (sample) => void (life.isOver || this.failover.hear(sample, false)),
    });
    const { watch } = this;
    // What a killed process has not sent it never sends.
    const obs: ObsDoor = {
      ...watch.obs,
      isConnected: () => !life.isOver && watch.obs.isConnected(),
      call: (...ask) => {
        if (ask[0] === this.faulty) return Promise.reject(new TypeError(`a fault with ${KEY}`));
        return life.isOver ? new Promise(() => undefined) : watch.obs.call(...ask);
      },
      batch: (...ask) => (life.isOver ? new Promise(() => undefined) : watch.obs.batch(...ask)),
    };
    this.failover = new Failover({ ...doors, obs });
    this.failover.plan(this.#plan);
    await this.watch.restart(this.#plan);
    await until('OBS to be seen', () => this.#isSeen());
  }

  /** The producer loads another show; the ledger of the one before stays as it is. */
  anotherShow(): void {
    this.show = initialShow('t');
    this.show.phase = 'live';
    this.failover.plan(this.#plan);
  }

  /** The process is gone: nothing it held is told to anybody. */
  async kill(): Promise<void> {
    this.#life.isOver = true;
    await this.watch.stop();
  }

  async stop(): Promise<void> {
    await this.failover.stop();
    await this.watch.stop();
    await this.obs.close().catch(() => undefined);
  }

  get now() {
    return this.clock.read(this.show.clock);
  }
  get view(): FailoverView {
    return this.failover.view(this.now);
  }

  ask(ask: Ask, actor: Actor = DESK) {
    return this.failover.ask(ask, actor);
  }
  facts<K extends FailoverFact['kind']>(kind: K): EntryOf<K>[] {
    return this.ledger.filter((entry): entry is EntryOf<K> => entry.kind === kind);
  }
  requests(kind: string): Record<string, unknown>[] {
    return this.obs.requests().flatMap(({ requestType, requestData }) => (requestType === kind ? [requestData] : []));
  }
  state(word: FailoverView['state'], ms = 10_000): Promise<true> {
    return until(`state ${word}`, () => this.view.state === word && (true as const), ms);
  }

  #isSeen(): boolean {
    return (
      this.view.ingest !== null &&
      this.view.can['show-slate'].why !== 'OBS is not connected. Start OBS, then try again.'
    );
  }

  #record(facts: readonly OriginFact[]): Entry[] {
    return facts.map((fact) => {
      if (this.ledger.some(({ origin, originId }) => origin === fact.origin && originId === fact.originId))
        throw new Error(`twice: ${fact.originId}`);
      const { at, mono, boot } = this.clock.read();
      const entry = { ...fact, seq: this.show.seq + 1, at, mono, boot, prevHash: '', hash: '' } as Entry;
      evolve(this.show, entry);
      this.ledger.push(entry);
      return entry;
    });
  }
}
