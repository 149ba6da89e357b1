import { asNumber, asRecord, asText, type Raw } from '../../domain/health/sample.ts';
import type { Levels, Measure, ReadSecret } from '../doors.ts';
import { RefusedAddress, checkedAddress, readUrl } from '../net/address.ts';
import { Wire, type WireDoors, backoffMs, middle } from './connector.ts';
import { LevelWatch } from './obs-levels.ts';
import { PictureWatch } from './obs-picture.ts';
import { type ObsSetup, readSetup } from './obs-setup.ts';
import { NoAnswer } from '../net/obs-errors.ts';
import { ObsSocket } from './obs-socket.ts';

const LIVE_MS = 500;
const IDLE_MS = 2000;
const DEADLINE_MS = 1500;
/** Silence after which the connection itself is doubted and made anew. */
const HUNG_MS = 10_000;
const POLL = ['GetStreamStatus', 'GetStats', 'GetRecordStatus'] as const;

/** Close codes of obs-websocket that mean: the password is missing or wrong. */
const NOT_LET_IN = new Set([4008, 4009]);

export interface ObsDoors extends WireDoors {
  measure: Measure;
  readSecret: ReadSecret;
  /** after every connection, before its first sample */
  onSetup: (setup: ObsSetup) => void;
}

/** What is looked at and listened to beside the figures, both only while live. */
export interface ObsSenses {
  /** does this desk watch the picture? Asked at every turn (STR-6) */
  watchesPicture: () => boolean;
  /** inputs whose level is watched; none: sound is not (STR-7) */
  audioInputs: readonly string[];
}

/** The wire to OBS: asks how it is, hears its events, and carries commands, which are never queued. */
export class ObsConnector {
  readonly #address: string;
  readonly #doors: ObsDoors;
  readonly #wire: Wire;
  readonly #levels: LevelWatch;
  readonly #picture: PictureWatch;
  #socket: ObsSocket | null = null;
  #timer: NodeJS.Timeout | null = null;
  #stopped = true;
  #isLive = false;
  #isStrained = false;
  #scene: string | null = null;
  #stopLooking: (() => void) | null = null;
  #failures = 0;
  #wasConnected = false;
  #lastAnswer = 0;

  constructor(address: string, doors: ObsDoors, senses: ObsSenses) {
    this.#address = address;
    this.#doors = doors;
    this.#wire = new Wire('obs', 'obs', doors);
    this.#levels = new LevelWatch(senses.audioInputs, doors);
    this.#picture = new PictureWatch({
      measure: doors.measure,
      readNow: doors.readNow,
      call: (...ask) => this.request(...ask),
      scene: () => this.#scene,
      wanted: () => this.#socket !== null && this.#isLive && !this.#isStrained && senses.watchesPicture(),
      failed: (error) => this.#noteFault(error),
    });
  }

  start(): void {
    this.#stopped = false;
    this.#stopLooking = this.#picture.start();
    this.#wire.set('connecting', 'Looking for OBS.');
    this.#after(0, () => this.#connect());
  }

  /** A question that is still out is not waited for: without its socket its answer is dropped. */
  stop(): void {
    this.#stopped = true;
    this.#stopLooking?.();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#drop();
    this.#wire.set('off', 'Not watched.');
  }

  /** Live: twice a second, else every two seconds. */
  setLive(isLive: boolean): void {
    const sooner = isLive && !this.#isLive;
    this.#isLive = isLive;
    this.#levels.setLive(isLive);
    const socket = this.#socket;
    if (sooner && socket !== null && this.#timer !== null) this.#after(0, () => this.#poll(socket));
  }

  /** OBS cannot keep up with drawing: then it is spared the pictures (STR-91). */
  setStrained(isStrained: boolean): void {
    this.#isStrained = isStrained;
  }

  /** Levels of all inputs until the returned function is called; over breaks of the connection, too. */
  meter(hear: (levels: Levels) => void): () => void {
    return this.#levels.listen(hear);
  }

  /**
   * Sends one command now or not at all.
   *
   * @throws NoAnswer when OBS is not connected or does not answer in time; ObsRefused when it says no
   */
  async request(requestType: string, requestData: Raw | undefined, deadlineMs: number): Promise<Raw> {
    if (this.#socket === null) throw new NoAnswer('OBS is not connected');
    return await this.#socket.call(requestType, requestData, deadlineMs);
  }

  /** Several questions in one message, now or not at all. @throws NoAnswer */
  async batch(
    requests: readonly { requestType: string; requestData?: Raw }[],
    deadlineMs: number,
  ): Promise<(Raw | null)[]> {
    if (this.#socket === null) throw new NoAnswer('OBS is not connected');
    return await this.#socket.batch(requests, deadlineMs);
  }

  get isConnected(): boolean {
    return this.#socket !== null;
  }

  #after(ms: number, work: () => Promise<void>): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      work().catch((error: unknown) => this.#broke(error));
    }, ms);
  }

  /** A fault of ours in a turn must not end the watching: it is logged by its class, and we connect anew. */
  #broke(error: unknown): void {
    if (this.#stopped) return;
    this.#noteFault(error);
    this.#drop();
    this.#retry();
  }

  #noteFault(error: unknown): void {
    this.#doors.log({ level: 'error', kind: 'obs-turn', error: error instanceof Error ? error.name : 'unknown' });
  }

  async #connect(): Promise<void> {
    const socket = new ObsSocket();
    try {
      const url = await this.#dialled();
      await socket.open(url, this.#doors.readSecret('obs.password'), {
        event: (eventType, eventData) => this.#heard(socket, eventType, eventData),
        closed: (code) => this.#closed(socket, code),
      });
      if (this.#stopped) return socket.kill();
      this.#socket = socket;
      this.#begin(await readSetup(socket));
    } catch (error) {
      socket.kill();
      this.#drop();
      if (!this.#stopped) this.#notConnected(error);
      return;
    }
    if (this.#socket !== socket) return;
    this.#failures = 0;
    this.#wasConnected = true;
    this.#lastAnswer = performance.now();
    this.#levels.connected(socket);
    this.#wire.set('up', 'Connected.');
    this.#after(0, () => this.#poll(socket));
  }

  /** The scene that is on air already is told like one that comes on, so that who listens to events knows it, too. */
  #begin(setup: ObsSetup): void {
    this.#doors.onSetup(setup);
    if (setup.scene !== null) this.#tell('CurrentProgramSceneChanged', { sceneName: setup.scene });
  }

  /** The address with its name replaced by what it resolved to and was checked for; TLS needs the name. */
  async #dialled(): Promise<string> {
    const url = readUrl(this.#address, ['ws:', 'wss:']);
    const { ip, family } = await checkedAddress(url, this.#doors.ownPorts());
    if (url.protocol === 'ws:') url.hostname = family === 6 ? `[${ip}]` : ip;
    return url.toString();
  }

  #notConnected(error: unknown): void {
    const hangs = error instanceof NoAnswer;
    const locked = NOT_LET_IN.has(asNumber(asRecord(error)?.['code']) ?? 0);
    // Before the first connection nothing is missed, and a wrong password says nothing about OBS's health.
    if (this.#wasConnected && !locked) {
      this.#doors.measure({ source: 'obs', ms: this.#doors.readNow().mono, error: hangs ? 'timeout' : 'refused' });
    }
    if (error instanceof RefusedAddress) this.#wire.set('down', error.message);
    else if (locked) this.#wire.set('down', 'OBS refuses our password. Set it in the settings.');
    else
      this.#wire.set(
        'down',
        hangs ? 'OBS takes the connection but does not answer.' : 'OBS is not running, or its WebSocket server is off.',
      );
    this.#retry();
  }

  #retry(): void {
    this.#after(backoffMs(this.#failures), () => this.#connect());
    this.#failures += 1;
  }

  #closed(socket: ObsSocket, code: number): void {
    if (this.#socket !== socket || this.#stopped) return;
    this.#drop();
    this.#doors.measure({ source: 'obs', ms: this.#doors.readNow().mono, error: 'closed' });
    this.#wire.set(
      'down',
      NOT_LET_IN.has(code) ? 'OBS refuses our password. Set it in the settings.' : 'OBS closed the connection.',
    );
    this.#retry();
  }

  async #poll(socket: ObsSocket): Promise<void> {
    if (this.#socket !== socket) return;
    const began = performance.now();
    const sent = this.#doors.readNow().mono;
    try {
      const [stream, stats, record] = await socket.batch(POLL, DEADLINE_MS);
      if (this.#socket !== socket) return;
      this.#lastAnswer = performance.now();
      const data = { GetStreamStatus: stream, GetStats: stats, GetRecordStatus: record };
      const tookMs = Math.round((this.#lastAnswer - began) * 10) / 10;
      this.#doors.measure({ source: 'obs', ms: middle(sent, this.#doors.readNow().mono), tookMs, data });
      this.#wire.set('up', 'Connected.');
    } catch (error) {
      if (this.#socket !== socket) return;
      if (!(error instanceof NoAnswer)) throw error;
      this.#doors.measure({ source: 'obs', ms: this.#doors.readNow().mono, error: 'timeout' });
      this.#wire.set('down', 'OBS does not answer.');
      if (performance.now() - this.#lastAnswer >= HUNG_MS) {
        this.#drop();
        return this.#retry();
      }
    }
    const rest = (this.#isLive ? LIVE_MS : IDLE_MS) - (performance.now() - began);
    this.#after(Math.max(0, rest), () => this.#poll(socket));
  }

  #heard(socket: ObsSocket, eventType: string, eventData: Raw): void {
    if (this.#socket !== socket) return;
    if (eventType === 'InputVolumeMeters') return this.#levels.hear(eventData);
    this.#tell(eventType, eventData);
    const soon = asText(eventData['outputState']);
    // A change of state is worth a look at the figures at once.
    if (soon !== null && this.#timer !== null) this.#after(0, () => this.#poll(socket));
  }

  #tell(eventType: string, eventData: Raw): void {
    if (eventType === 'CurrentProgramSceneChanged') this.#scene = asText(eventData['sceneName']) ?? this.#scene;
    this.#doors.measure({ source: 'obs-event', ms: this.#doors.readNow().mono, data: { eventType, eventData } });
  }

  #drop(): void {
    this.#socket?.kill();
    this.#socket = null;
    this.#levels.lost();
  }
}
