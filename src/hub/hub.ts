import { mkdirSync } from 'node:fs';
import type { ConnectorView } from '../contract/desk-state.ts';
import { cohortSettings } from '../contract/views/funnel-view.ts';
import type { Actor } from '../domain/actor.ts';
import type { Entry, OriginFact } from '../domain/ledger.ts';
import { carrier } from './carrier.ts';
import { HubClock } from './clock.ts';
import { DemoStand } from './demo-stand.ts';
import type { Perform } from './doors.ts';
import { floorAtStart } from './floor-place.ts';
import { GuestList } from './guest-list.ts';
import { Housekeeper } from './housekeeper.ts';
import { gatewayDoors } from './gateway-doors.ts';
import { Gateway } from './gateway/gateway.ts';
import { LiveState } from './live-state.ts';
import { log, reasonOf, recentLines } from './log.ts';
import type { HubOptions } from './options.ts';
import { orderBooker, snapshotBooker } from './orders.ts';
import { Performer } from './performer.ts';
import { personRef } from './person-ref.ts';
import { adoptPlanFile } from './plan-start.ts';
import { PostRoom } from './post-room.ts';
import { Present } from './present.ts';
import { settleClose } from './procedures/finish-close.ts';
import type { Hall } from './procedures/hall.ts';
import { type Ready, readyOf } from './ready.ts';
import { Shows } from './shows.ts';
import { SeriesVerdicts } from './series-verdicts.ts';
import { ShopWires } from './shop-wires.ts';
import { Stage } from './stage.ts';
import { StorageWatch } from './storage-watch.ts';
import { DeskStore, type ShowRow } from './store/desk-store.ts';
import { lockFolder } from './store/lock.ts';
import { deskToken, Secrets } from './store/secrets.ts';
import { StreamRoom } from './stream-room.ts';

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
  readonly #guests: GuestList;
  readonly #present: Present;
  readonly #performer: Performer;
  readonly #gateway: Gateway;
  readonly #stream: StreamRoom;
  readonly #post: PostRoom;
  readonly #series: SeriesVerdicts;
  readonly #shops: ShopWires;
  readonly #demo: DemoStand;
  readonly #housekeeper: Housekeeper;
  readonly #hall: Hall;
  #deskUrl: string | null = null;

  /** Takes the data folder. @throws FolderInUse, UnsafeSecrets, NewerFile */
  constructor(options: HubOptions, place: { pages: string; resources: string }) {
    this.#options = options;
    mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
    this.#unlock = lockFolder(options.dataDir);
    this.#secrets = new Secrets(options.dataDir, process.env['DROPDESK_SECRETS']);
    this.#desk = new DeskStore(options.dataDir);
    this.#series = new SeriesVerdicts(this.#desk);
    this.#shows = new Shows(options.dataDir, this.#desk);
    this.#storage = new StorageWatch(options.dataDir);
    this.#stage = new Stage({
      clock: this.#clock,
      shows: this.#shows,
      storage: this.#storage,
      vitals: () => this.#present.vitals(),
      onEntries: (entries) => this.#announce(entries),
      onShow: () => this.#showChanged(),
    });
    this.#guests = new GuestList(this.#stage, (contact) => personRef(this.#secrets.installationKey(), contact));
    this.#present = new Present({
      stage: this.#stage,
      storage: this.#storage,
      live: this.#live,
      shows: this.#shows,
      desk: this.#desk,
      secrets: this.#secrets,
      refOf: (text) => this.#guests.refOf(text),
      series: this.#series,
      behind: (at) => this.#shops.behind(at),
      readUntil: () => this.#shops.readUntil(),
      gateway: () => this.#gateway,
      stream: () => this.#stream,
    });
    const perform: Perform = (actor, raw) => this.#performer.perform(actor, raw);
    const askOf = (id: string, actor: Actor) => this.#present.ask(id, actor);
    const bookOrders = orderBooker(this.#stage, askOf);
    const bookSnapshots = snapshotBooker(this.#stage, askOf, (buyers) => this.#guests.keepBuyers(buyers));
    this.#performer = new Performer({
      book: () => this.#stage.book,
      ask: askOf,
      append: (facts, command, now) => void this.#stage.append(facts, command, now),
      failed: (error) => this.#appendFailed(error),
      recovering: () => this.#stage.trouble,
      carryOut: carrier({
        hall: () => this.#hall,
        stage: this.#stage,
        failed: (error) => this.#appendFailed(error),
      }),
    });
    const doors = gatewayDoors({
      perform,
      stage: this.#stage,
      present: this.#present,
      live: this.#live,
      desk: this.#desk,
      secrets: this.#secrets,
      record: (facts) => this.#record(facts),
      stream: () => this.#stream,
      post: () => this.#post,
      touch: () => this.#gateway.touch(),
    });
    this.#gateway = new Gateway(doors, {
      deskPort: options.deskPort,
      deskToken: deskToken(options.dataDir),
      floor: floorAtStart(options, this.#desk),
      ingestPort: options.ingestPort,
      pages: place.pages,
    });
    this.#stream = new StreamRoom({
      readNow: () => this.#stage.now(),
      readShow: () => this.#stage.book?.show ?? null,
      record: (facts) => this.#record(facts),
      readDb: () => this.#stage.book?.db ?? null,
      reportConnector: (view) => this.#live.report(view),
      readSecret: (name) => this.#secrets.read(name),
      saveSecret: (name, value) => this.#secrets.set(name, value),
      setting: (key) => this.#desk.setting(key),
      logged: recentLines,
      house: () => this.#present.house(),
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
      bookOrders,
      bookSnapshots,
      shops: () => this.#shops,
      now: () => this.#stage.now(),
      report: (view) => this.#live.report(view),
      onChange: (unsettled) => {
        this.#live.unsettledLetters = unsettled;
        this.#gateway.touch();
      },
    });
    this.#shops = new ShopWires({
      book: () => this.#stage.book,
      now: () => this.#stage.now(),
      setting: (key) => this.#desk.setting(key),
      secrets: this.#secrets,
      bookSnapshots,
      report: (view) => this.#reportConnector(view),
      onLetters: () => this.#post.recount(),
      log,
    });
    this.#demo = new DemoStand({
      hall: () => this.#hall,
      perform,
      post: this.#post,
      presence: (device, presence) => void this.#live.presence.set(device, presence),
      resources: place.resources,
    });
    this.#housekeeper = new Housekeeper({
      ...{ stage: this.#stage, storage: this.#storage, series: this.#series, present: this.#present },
      hall: () => this.#hall,
      touch: () => this.#gateway.touch(),
    });
    this.#hall = this.#makeHall(bookOrders, bookSnapshots);
  }

  async start(): Promise<Ready> {
    const last = this.#shows.current();
    if (last) await this.#open(last);
    if (this.#options.planFile !== null) await adoptPlanFile(this.#options.planFile, this.#hall);
    const urls = await this.#gateway.start();
    this.#deskUrl = urls.desk;
    this.#storage.look(this.#stage.book);
    this.#stage.start();
    this.#rewire();
    this.#housekeeper.start();
    this.#post.start(urls.ingest !== null);
    if (this.#options.demo) await this.#demo.start();
    return readyOf(urls, deskToken(this.#options.dataDir));
  }

  async stop(): Promise<void> {
    this.#housekeeper.stop();
    await this.#demo.stop();
    await this.#stream.stop();
    await this.#shops.stop();
    this.#post.stop();
    await this.#gateway.stop();
    this.#stage.stop();
    this.#desk.close();
    this.#unlock();
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
    const { show } = this.#stage.book ?? {};
    if (show && show.seq > 0 && show.phase !== 'closed') this.#gateway.announceDevices();
    this.#shops.rewire();
    void this.#stream.restart(this.#stage.book?.show.plan?.stream ?? null);
    this.#gateway.touch();
  }

  #reportConnector(view: ConnectorView): void {
    this.#live.report(view);
    this.#gateway.touch();
  }

  /** Puts a show on the desk and settles what a kill has left of its closing. */
  async #open(row: ShowRow): Promise<void> {
    const book = this.#stage.load(row);
    if (book) await settleClose(book, (facts) => this.#stage.append(facts));
  }

  #makeHall(bookOrders: Hall['bookOrders'], bookSnapshots: Hall['bookSnapshots']): Hall {
    return {
      now: () => this.#stage.now(),
      book: () => this.#stage.book,
      perform: (actor, raw) => this.#performer.perform(actor, raw),
      ask: (id, actor) => this.#present.ask(id, actor),
      append: (facts) => this.#stage.append(facts),
      bookOrders,
      bookSnapshots,
      makeShow: (plan, demo) => this.#stage.make(plan, demo),
      loadShow: async (id) => {
        const row = this.#shows.find(id);
        if (row) await this.#open(row);
        this.#rewire();
      },
      startDemo: () => this.#demo.start(),
      stopDemo: () => this.#demo.stop(),
      rewire: () => this.#rewire(),
      settings: () => this.#present.settings(),
      cohorts: () => cohortSettings(this.#present.live()),
      live: this.#live,
      touch: () => this.#gateway.touch(),
      stream: this.#stream,
      post: this.#post,
      guests: this.#guests,
      desk: this.#desk,
      secrets: this.#secrets,
      shows: this.#shows,
      gateway: this.#gateway,
      storage: this.#storage,
    };
  }
}
