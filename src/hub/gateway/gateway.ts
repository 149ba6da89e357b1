import type { Namespace } from 'socket.io';
import type { ImportView } from '../../contract/desk-state.ts';
import type { CueContent } from '../../contract/floor-views.ts';
import type { DeskAsks, DeskNews } from '../../contract/messages.ts';
import { PAGES } from '../../contract/routes.ts';
import type { Entry } from '../../domain/ledger.ts';
import { accept, type Decision, refuse } from '../../domain/refusal.ts';
import type { DeviceRole } from '../../domain/words.ts';
import { log, reasonOf } from '../log.ts';
import { DeskApi } from './desk-api.ts';
import { DeskSockets } from './desk-sockets.ts';
import type { GatewayDoors, GatewayOptions } from './doors.ts';
import { floorAddresses, floorHostFault } from './floor-address.ts';
import { FloorListener } from './floor-listener.ts';
import { IngestApi } from './ingest-api.ts';
import { JoinDesk, joinedFact } from './join-desk.ts';
import { Listener } from './listener.ts';
import { readPages } from './pages.ts';
import { tokenCheck } from './token.ts';

const LOOPBACK = '127.0.0.1';
const LARGEST_DESK_FRAME = 1_000_000;
/** A floor that could not be opened is tried again this often: a network comes back, a port is let go. */
const FLOOR_AGAIN_SECONDS = 5;

/** The floor cannot be opened there; the message is for people. */
export class FloorUnavailable extends Error {}

export interface GatewayUrls {
  desk: string;
  floor: string | null;
  ingest: string | null;
}

/**
 * The hub's three doors to the world: desk (loopback, token), floor (LAN, paired devices), ingest (loopback, signed
 * webhooks). It decides who may speak and carries words in and views out; what they mean is decided elsewhere.
 */
export class Gateway {
  readonly #doors: GatewayDoors;
  readonly #options: GatewayOptions;
  readonly #joinDesk: JoinDesk;
  #desk: { listener: Listener; sockets: DeskSockets } | null = null;
  #floor: FloorListener | null = null;
  #floorMessage: string | null = null;
  /** where it was wanted last, as it was asked */
  #floorWanted: { host: string | undefined; port: number | undefined } = { host: undefined, port: undefined };
  /** one move at a time: two at once would leave a listener that nobody knows */
  #floorTurn: Promise<unknown> = Promise.resolve();
  #seconds = 0;
  #ingest: Listener | null = null;
  #second: ReturnType<typeof setInterval> | undefined;

  constructor(doors: GatewayDoors, options: GatewayOptions) {
    this.#doors = doors;
    this.#options = options;
    this.#joinDesk = new JoinDesk(doors);
  }

  /** For `state.floor`: the message says why the floor could not be opened. */
  get floor(): { url: string | null; message: string | null } {
    return { url: this.#floor?.url ?? null, message: this.#floorMessage };
  }

  get ingestUrl(): string | null {
    return this.#ingest?.url ?? null;
  }

  /**
   * Opens the desk, and floor and ingest when the options say so. A floor that cannot be opened is a sentence in
   * `floor.message` and the desk works on.
   *
   * @throws when the desk's or ingest's port is taken
   */
  async start(): Promise<GatewayUrls> {
    const desk = await this.#openDesk();
    const { floor, ingestPort } = this.#options;
    if (ingestPort !== null) await this.openIngest(ingestPort);
    if (floor) {
      await this.openFloor(floor.host, floor.port).catch((error: unknown) => {
        if (!(error instanceof FloorUnavailable)) throw error;
        this.#doors.log({ level: 'warn', kind: 'floor-unavailable', reason: error.message });
      });
    }
    this.#second = setInterval(() => this.#tick(), 1000);
    return { desk, floor: this.floor.url, ingest: this.ingestUrl };
  }

  async stop(): Promise<void> {
    clearInterval(this.#second);
    await this.#floorTurn;
    const [desk, floor, ingest] = [this.#desk, this.#floor, this.#ingest];
    // Nobody is told any more what the closing itself changes.
    this.#desk = this.#floor = this.#ingest = null;
    desk?.sockets.stop();
    await Promise.all([desk?.listener.stop(), floor?.stop(), ingest?.stop()]);
  }

  /**
   * Opens the floor, or moves it; already open there, it stays as it is.
   *
   * @param host default: where it was last, else the first private address of this computer
   * @param port default: where it was last, else a free one
   * @returns its address
   * @throws FloorUnavailable with a sentence for people
   */
  openFloor(host?: string, port?: number): Promise<string> {
    const opened = this.#floorTurn.then(() => this.#moveFloor(host, port));
    this.#floorTurn = opened.catch(() => undefined);
    return opened;
  }

  async #moveFloor(host?: string, port?: number): Promise<string> {
    this.#floorWanted = { host, port };
    const place = this.#doors.floorPlace();
    const address = host ?? place.host ?? this.#floor?.address ?? floorAddresses()[0];
    if (address === undefined)
      return this.#floorFails('This computer is in no network that phones could join. Connect it to the venue Wi-Fi.');
    const fault = floorHostFault(address);
    if (fault) return this.#floorFails(fault);
    const wanted = port ?? place.port ?? this.#floor?.port ?? 0;
    if (this.#floor?.address === address && (wanted === 0 || wanted === this.#floor.port)) return this.#floor.url;
    await this.#floor?.stop();
    this.#floor = null;
    const floor = new FloorListener(address, wanted, {
      doors: this.#doors,
      pages: readPages(this.#options.pages, PAGES.floor),
      joinDesk: this.#joinDesk,
    });
    try {
      await floor.start();
    } catch (cause) {
      return this.#floorFails(bindSentence(address, wanted, cause), cause);
    }
    this.#floor = floor;
    this.#floorMessage = null;
    this.#doors.floorOpened({ host: address, port: floor.port, url: floor.url });
    this.touch();
    return floor.url;
  }

  /** @throws when the port is taken */
  async openIngest(port: number): Promise<string> {
    await this.#ingest?.stop();
    const api = new IngestApi(this.#doors);
    const listener = new Listener({
      address: LOOPBACK,
      port,
      names: ['localhost'],
      allowsPages: false,
      largestFrame: null,
      answer: (request, response) => api.answer(request, response),
    });
    await listener.start();
    this.#ingest = listener;
    return listener.url;
  }

  /** New entries, after they are durable. Say `touch` too when a view changed. */
  publish(entries: readonly Entry[]): void {
    if (entries.length > 0) this.#desk?.sockets.publish(entries);
  }

  /** How far an import is. */
  publishProgress(progress: ImportView): void {
    this.#desk?.sockets.progress(progress);
  }

  /** Latest values; a slow desk misses some. */
  publishSamples(source: string, rows: readonly object[]): void {
    this.#desk?.sockets.samples(source, rows);
  }

  /** Something that a view shows has changed: everybody gets it, soon and once. */
  touch(): void {
    this.#desk?.sockets.touch();
    this.#floor?.sockets.touch();
  }

  /** Devices that are kept for the venue work in every show, so a new show's ledger is told of them. */
  announceDevices(): void {
    const kept = this.#doors.devices.list().filter(({ state }) => state !== 'revoked');
    try {
      if (kept.length > 0) this.#doors.record(kept.map(joinedFact));
    } catch (error) {
      // Told again with the next change; a device works without it, it is only missing from the list.
      log({ level: 'error', kind: 'devices-not-told', reason: reasonOf(error) });
    }
  }

  async invite(ask: { role: DeviceRole; person?: string | undefined; till?: string | undefined }): Promise<Decision> {
    try {
      return this.#joinDesk.invite(ask, this.#floor?.url ?? (await this.openFloor()));
    } catch (error) {
      if (error instanceof FloorUnavailable) return refuse('floor-unavailable', error.message);
      throw error;
    }
  }

  approve(device: string, code: string | null): Decision {
    return this.#joinDesk.approve(device, code);
  }

  /** Its sockets are gone before this returns its answer to anybody, and it is refused for ever. */
  revoke(id: string): Decision {
    const device = this.#doors.devices.find(id);
    if (!device) return refuse('unknown-device', 'There is no such device.', { field: 'device' });
    if (device.state !== 'revoked') this.#doors.devices.revoke(id);
    this.#floor?.sockets.revoke(id);
    this.#joinDesk.tell(id, 'revoked');
    this.#doors.record([
      { kind: 'device.revoked', body: { device: id, by: 'desk' }, origin: `device:${id}`, originId: 'revoked' },
    ]);
    return accept([]);
  }

  /** @returns null when this device may not read that cue */
  readCue(id: string, cue: string): CueContent | null {
    const device = this.#doors.devices.find(id);
    return device?.state === 'joined' ? this.#doors.cueContent(device, cue) : null;
  }

  async #openDesk(): Promise<string> {
    const isToken = tokenCheck(this.#options.deskToken);
    const api = new DeskApi(this.#doors, readPages(this.#options.pages, PAGES.desk), isToken);
    const listener = new Listener({
      address: LOOPBACK,
      port: this.#options.deskPort,
      names: ['localhost'],
      allowsPages: true,
      largestFrame: LARGEST_DESK_FRAME,
      answer: (request, response) => api.answer(request, response),
    });
    if (!listener.io) throw new Error('the desk needs sockets');
    const sockets = new DeskSockets(listener.io.of('/desk') as Namespace<DeskAsks, DeskNews>, this.#doors, isToken);
    await listener.start();
    this.#desk = { listener, sockets };
    return listener.url;
  }

  #tick(): void {
    this.#desk?.sockets.tick();
    this.#floor?.sockets.tick();
    this.#seconds += 1;
    if (this.#floor || this.#floorMessage === null || this.#seconds % FLOOR_AGAIN_SECONDS !== 0) return;
    const { host, port } = this.#floorWanted;
    this.openFloor(host, port).catch((error: unknown) => {
      if (!(error instanceof FloorUnavailable))
        this.#doors.log({ level: 'error', kind: 'floor', reason: reasonOf(error) });
    });
  }

  #floorFails(sentence: string, cause?: unknown): never {
    const isNews = this.#floorMessage !== sentence;
    this.#floorMessage = sentence;
    if (cause !== undefined && isNews) this.#doors.log({ level: 'warn', kind: 'floor-bind', reason: reasonOf(cause) });
    throw new FloorUnavailable(sentence, { cause });
  }
}

function bindSentence(address: string, port: number, cause: unknown): string {
  const code = (cause as { code?: string } | null)?.code;
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken on ${address}. Pick another floor port, or stop what uses it.`;
  if (code === 'EADDRNOTAVAIL')
    return `This computer has no address ${address} any more. Pick another one for the floor.`;
  return `The floor could not be opened on ${address}:${port}.`;
}
