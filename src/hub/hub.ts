import { createHmac } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcedureCommand } from '../contract/commands.ts';
import type { DeskState, WrittenFile } from '../contract/desk-state.ts';
import { deskView } from '../contract/desk-view.ts';
import type { Live } from '../contract/live.ts';
import { planToFile } from '../contract/plan-file.ts';
import { APP_VERSION, CONTRACT_VERSION } from '../contract/version.ts';
import { undeliveredOf } from '../contract/views/close-view.ts';
import { cueContent, floorView } from '../contract/views/floor-view.ts';
import type { Actor } from '../domain/actor.ts';
import type { Ask } from '../domain/decide/ask.ts';
import { deliveredFacts } from '../domain/decide/floor.ts';
import type { Vitals } from '../domain/decide/vitals.ts';
import type { Entry, OriginFact } from '../domain/ledger.ts';
import type { Decision } from '../domain/refusal.ts';
import { HubClock } from './clock.ts';
import { DemoStand } from './demo-stand.ts';
import type { PairedDevice, Perform } from './doors.ts';
import type { GatewayDoors } from './gateway/doors.ts';
import { floorHostFault } from './gateway/floor-address.ts';
import { Gateway } from './gateway/gateway.ts';
import { LiveState } from './live-state.ts';
import { log, reasonOf } from './log.ts';
import { BadOption, type HubOptions } from './options.ts';
import { orderBooker } from './orders.ts';
import { Performer } from './performer.ts';
import { adoptPlanFile } from './plan-start.ts';
import { PostRoom } from './post-room.ts';
import { settleClose } from './procedures/finish-close.ts';
import type { Hall } from './procedures/hall.ts';
import { carryOut } from './procedures/procedures.ts';
import { SETTING_KEYS } from './settings.ts';
import { Shows } from './shows.ts';
import { Stage } from './stage.ts';
import { StorageWatch } from './storage-watch.ts';
import { DeskStore, type ShowRow } from './store/desk-store.ts';
import { DeviceStore } from './store/devices.ts';
import { lockFolder } from './store/lock.ts';
import { deskToken, Secrets } from './store/secrets.ts';
import { StreamWatch } from './watch.ts';

const HOUSEKEEPING_MS = 10_000;

/** The one line of JSON that says the hub is up; stable (DESIGN §5). */
export interface Ready {
  ready: true;
  version: string;
  contractVersion: number;
  desk: string;
  token: string;
  floor: string | null;
  ingest: string | null;
}

/**
 * The hall: builds every room, hands each the functions it needs, and owns the way of a fact: decided or heard,
 * appended, folded, announced.
 */
export class Hub {
  readonly #options: HubOptions;
  readonly #unlock: () => void;
  readonly #clock = new HubClock();
  readonly #live = new LiveState();
  readonly #secrets: Secrets;
  readonly #desk: DeskStore;
  readonly #shows: Shows;
  readonly #storage: StorageWatch;
  readonly #stage: Stage;
  readonly #performer: Performer;
  readonly #gateway: Gateway;
  readonly #stream: StreamWatch;
  readonly #post: PostRoom;
  readonly #demo: DemoStand;
  readonly #hall: Hall;
  #deskUrl: string | null = null;
  #housekeeper: NodeJS.Timeout | null = null;

  /** Takes the data folder. @throws FolderInUse, UnsafeSecrets, NewerFile */
  constructor(options: HubOptions, place: { pages: string; resources: string }) {
    this.#options = options;
    mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
    this.#unlock = lockFolder(options.dataDir);
    this.#secrets = new Secrets(options.dataDir, process.env['DROPDESK_SECRETS']);
    this.#desk = new DeskStore(options.dataDir);
    this.#shows = new Shows(options.dataDir, this.#desk);
    this.#storage = new StorageWatch(options.dataDir);
    this.#stage = new Stage({
      clock: this.#clock,
      shows: this.#shows,
      storage: this.#storage,
      vitals: () => this.#vitals(),
      onEntries: (entries) => this.#announce(entries),
      onShow: () => this.#showChanged(),
    });
    const perform: Perform = (actor, raw) => this.#performer.perform(actor, raw);
    const refOf = (contact: string) => personRef(this.#secrets.installationKey(), contact);
    const bookOrders = orderBooker(this.#stage, refOf);
    this.#performer = new Performer({
      book: () => this.#stage.book,
      ask: (id, actor) => this.#ask(id, actor),
      append: (facts, command, now) => void this.#stage.append(facts, command, now),
      failed: (error) => this.#appendFailed(error),
      recovering: () => this.#stage.trouble,
      carryOut: (command, actor, bodySha256) => this.#carryOut(command, actor, bodySha256),
    });
    this.#gateway = new Gateway(this.#gatewayDoors(perform), {
      deskPort: options.deskPort,
      deskToken: deskToken(options.dataDir),
      floor: this.#floorAtStart(),
      ingestPort: options.ingestPort,
      pages: place.pages,
    });
    this.#stream = new StreamWatch({
      readNow: () => this.#stage.now(),
      readShow: () => this.#stage.book?.show ?? null,
      record: (facts) => this.#record(facts),
      readDb: () => this.#stage.book?.db ?? null,
      reportConnector: (view) => this.#live.report(view),
      readSecret: (name) => this.#secrets.read(name),
      onChange: () => this.#gateway.touch(),
      log,
      // A plan must not turn the hub's probes on the hub itself (PRB-2).
      ownPorts: () =>
        [this.#deskUrl, this.#gateway.floor.url, this.#gateway.ingestUrl].flatMap((url) =>
          url === null ? [] : [Number(new URL(url).port)],
        ),
    });
    this.#post = new PostRoom({
      book: () => this.#stage.book,
      secrets: this.#secrets,
      refOf,
      bookOrders,
      now: () => this.#stage.now(),
      onChange: (unsettled) => {
        this.#live.unsettledLetters = unsettled;
        this.#gateway.touch();
      },
    });
    this.#demo = new DemoStand({
      hall: () => this.#hall,
      perform,
      post: this.#post,
      presence: (device, presence) => void this.#live.presence.set(device, presence),
      resources: place.resources,
    });
    this.#hall = this.#makeHall(bookOrders);
  }

  async start(): Promise<Ready> {
    await this.#openLastShow();
    if (this.#options.planFile !== null) await adoptPlanFile(this.#options.planFile, this.#hall);
    const urls = await this.#gateway.start();
    this.#deskUrl = urls.desk;
    this.#storage.look(this.#stage.book);
    this.#stage.start();
    this.#rewire();
    this.#housekeeper = setInterval(() => void this.#keepHouse(), HOUSEKEEPING_MS);
    this.#post.start();
    if (this.#options.demo) await this.#demo.start();
    const { version, contractVersion } = { version: APP_VERSION, contractVersion: CONTRACT_VERSION };
    return {
      ready: true,
      version,
      contractVersion,
      desk: urls.desk,
      token: deskToken(this.#options.dataDir),
      floor: urls.floor,
      ingest: urls.ingest,
    };
  }

  async stop(): Promise<void> {
    if (this.#housekeeper) clearInterval(this.#housekeeper);
    await this.#demo.stop();
    await this.#stream.stop();
    this.#post.stop();
    await this.#gateway.stop();
    this.#stage.stop();
    this.#desk.close();
    this.#unlock();
  }

  /** The whole desk view as of now. */
  #state(): DeskState {
    const now = this.#stage.now();
    return deskView(this.#stage.book?.show ?? null, this.#liveNow(), now);
  }

  #liveNow(): Live {
    const now = this.#stage.now();
    const book = this.#stage.book;
    return {
      epoch: book?.ledger.epoch ?? null,
      stream: this.#stream.view(now),
      recording: this.#stream.recording(now),
      presence: this.#live.presence,
      storage: this.#storage.view(book, this.#stage.trouble),
      connectors: this.#live.connectors(),
      shows: this.#shows.list().map(({ madeAt: _, ...show }) => show),
      settings: this.#settings(),
      floor: this.#gateway.floor,
      ingest: { url: this.#gateway.ingestUrl },
      files: this.#files(),
      closeProgress: this.#live.closeProgress,
      unsettledLetters: this.#live.unsettledLetters,
    };
  }

  #ask(id: string, actor: Actor): Ask {
    return {
      id,
      actor,
      now: this.#stage.now(),
      seq: (this.#stage.book?.ledger.head.seq ?? 0) + 1,
      refOf: (contact) => personRef(this.#secrets.installationKey(), contact),
      undelivered: undeliveredOf({
        unsettledLetters: this.#live.unsettledLetters,
        presence: this.#live.presence,
        storage: this.#storage.view(null, this.#stage.trouble),
      }),
    };
  }

  #settings(): Record<string, unknown> {
    const plain = SETTING_KEYS.map((key) => [key, this.#desk.setting(key) ?? null] as const);
    const secrets = this.#secrets.names().map((name) => [`secret.${name}`, { set: true }] as const);
    return Object.fromEntries([...plain, ...secrets]);
  }

  #vitals(): Vitals {
    return {
      cannotSave: this.#storage.cannotSave,
      freeBytes: this.#storage.freeBytes,
      online: this.#live.online(),
      pending: this.#live.pending,
    };
  }

  #record(facts: OriginFact[]): Entry[] {
    try {
      return this.#stage.append(facts);
    } catch (error) {
      this.#appendFailed(error);
      throw new Error('record facts from outside', { cause: error });
    }
  }

  #appendFailed(error: unknown) {
    const refusal = this.#storage.failed(error);
    log({ level: 'error', kind: 'append-failed', code: refusal.code, reason: reasonOf(error) });
    this.#gateway.touch();
    return refusal;
  }

  #announce(entries: Entry[]): void {
    this.#gateway.publish(entries);
    this.#gateway.touch();
  }

  #showChanged(): void {
    this.#live.forget();
    this.#gateway?.touch();
  }

  /** Wires follow the plan on the desk and the settings. */
  #rewire(): void {
    const ceiling = this.#desk.setting('storage.maxPages');
    this.#stage.book?.limit(typeof ceiling === 'number' ? ceiling : null);
    // Devices that are kept for the venue work in every show, so every show's ledger names them.
    if (this.#stage.book && this.#stage.book.show.seq > 0) this.#gateway.announceDevices();
    void this.#stream.restart(this.#stage.book?.show.plan?.stream ?? null);
    this.#gateway.touch();
  }

  async #carryOut(command: ProcedureCommand, actor: Actor, bodySha256: string): Promise<Decision> {
    const row = (reply: Record<string, unknown>) => ({
      actor: actor.key,
      id: command.id,
      bodySha256,
      reply: JSON.stringify({ ok: true, seq: (this.#stage.book?.ledger.head.seq ?? 0) + 1, ...reply }),
    });
    const hall: Hall = { ...this.#hall, append: (facts, reply) => this.#stage.append(facts, reply && row(reply)) };
    try {
      return await carryOut(command, actor, hall);
    } catch (error) {
      if (!isDatabaseError(error)) throw new Error(`carry out ${command.kind}`, { cause: error });
      return { ok: false, refusal: this.#appendFailed(error) };
    }
  }

  async #openLastShow(): Promise<void> {
    const row = this.#shows.current();
    if (row) await this.#open(row);
  }

  /** Puts a show on the desk and settles what a kill has left of its closing. */
  async #open(row: ShowRow): Promise<void> {
    const book = this.#stage.load(row);
    if (book) await settleClose(book, (facts) => this.#stage.append(facts));
  }

  async #keepHouse(): Promise<void> {
    this.#storage.look(this.#stage.book);
    if (this.#stage.book) await this.#storage.snapshot(this.#stage.book, this.#stage.now().at);
    this.#gateway.touch();
  }

  #makeHall(bookOrders: Hall['bookOrders']): Hall {
    return {
      now: () => this.#stage.now(),
      book: () => this.#stage.book,
      ask: (id, actor) => this.#ask(id, actor),
      append: (facts) => this.#stage.append(facts),
      bookOrders,
      makeShow: (plan, demo) => this.#stage.make(plan, demo),
      loadShow: async (id) => {
        const row = this.#shows.find(id);
        if (row) await this.#open(row);
        this.#rewire();
      },
      startDemo: () => this.#demo.start(),
      stopDemo: () => this.#demo.stop(),
      rewire: () => this.#rewire(),
      settings: () => this.#settings(),
      live: this.#live,
      touch: () => this.#gateway.touch(),
      stream: this.#stream,
      post: this.#post,
      desk: this.#desk,
      secrets: this.#secrets,
      shows: this.#shows,
      gateway: this.#gateway,
      storage: this.#storage,
    };
  }

  #gatewayDoors(perform: Perform): GatewayDoors {
    const show = () => this.#stage.book?.show ?? null;
    return {
      perform,
      log,
      readNow: () => this.#stage.now(),
      deskState: () => this.#state(),
      floorView: (device) => floorView(show(), this.#liveNow(), device, this.#stage.now()),
      cueContent: (device, cue) => cueContent(show(), device, cue, this.#stage.now()),
      entriesAfter: (seq, limit) => this.#stage.book?.ledger.after(seq, limit) ?? [],
      head: () => this.#stage.book?.ledger.head.seq ?? 0,
      epoch: () => this.#stage.book?.ledger.epoch ?? null,
      samples: (query) => this.#stream.samples(query),
      files: () => this.#files(),
      readFile: (path) => this.#readWritten(path),
      planFile: () => {
        const now = show();
        // Cues are edited one by one after the plan was adopted; the file carries them as they stand.
        return now?.plan ? planToFile({ ...now.plan, cues: now.cues.order.map(({ cue }) => cue) }) : null;
      },
      ingest: (delivery) => Promise.resolve(this.#post.accept(delivery)),
      devices: new DeviceStore(this.#desk.db, this.#secrets.installationKey()),
      people: () => show()?.plan?.people ?? [],
      tills: () => show()?.plan?.tills ?? [],
      record: (facts) => {
        if (this.#stage.book) this.#record(facts);
      },
      floorPlace: () => this.#floorPlace(),
      floorOpened: ({ host, port }) => this.#desk.setSetting('floor.place', { host, port }),
      delivered: (device, dispatches) => this.#delivered(device, dispatches),
      presence: (device, presence) => {
        this.#live.presence.set(device, presence);
        this.#gateway.touch();
      },
    };
  }

  /**
   * The floor opens at start when the command line says so, or when it was open before: a till's unsent sales belong to
   * that address. Port 0 means "the one from before, else a free one".
   *
   * @throws BadOption for an address that phones must not be served on
   */
  #floorAtStart(): { host?: string; port?: number } | null {
    const { floorHost, floorPort } = this.#options;
    const fault = floorHost === null ? null : floorHostFault(floorHost);
    if (fault !== null) throw new BadOption(`--floor-host ${floorHost}: ${fault}`);
    if (floorHost === null && floorPort === null && this.#floorPlace().port === null) return null;
    return { ...(floorHost !== null && { host: floorHost }), ...(floorPort && { port: floorPort }) };
  }

  /** Where the floor was last, or the host that the producer picked since. */
  #floorPlace(): { host: string | null; port: number | null } {
    const place = this.#desk.setting('floor.place') as { host: string; port: number } | undefined;
    const picked = this.#desk.setting('floor.host');
    return { host: typeof picked === 'string' ? picked : (place?.host ?? null), port: place?.port ?? null };
  }

  #delivered(device: PairedDevice, dispatches: string[]): void {
    const book = this.#stage.book;
    if (!book) return;
    const facts = deliveredFacts(book.show, device, dispatches);
    if (facts.length > 0) this.#record(facts);
  }

  /** Everything that was written for this show, newest version first. */
  #files(): WrittenFile[] {
    return (this.#stage.book?.show.close.written ?? []).toReversed().flatMap(({ files }) => files);
  }

  async #readWritten(path: string): Promise<Uint8Array | null> {
    const book = this.#stage.book;
    if (!book || !this.#files().some((file) => file.path === path)) return null;
    return readFile(join(book.folder, path)).catch(() => null);
  }
}

/** better-sqlite3 names SQLite's own code; anything else is a bug, not a full disk. */
function isDatabaseError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_');
}

/** First 22 characters of a keyed hash: the same contact gives the same reference in every show of this installation (CON-12). */
function personRef(key: Buffer, contact: string): string {
  return createHmac('sha256', key).update(contact.trim().toLowerCase()).digest('base64url').slice(0, 22);
}
