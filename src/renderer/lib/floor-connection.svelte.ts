import { io, type Socket } from 'socket.io-client';
import { toBase64Url } from '../../contract/base64url.ts';
import type { Malformed, Reply } from '../../contract/commands.ts';
import { connectProof, type DeviceAuth } from '../../contract/device-proof.ts';
import type { FloorView } from '../../contract/floor-views.ts';
import type { FloorAsks, FloorJoined, FloorNews, FloorRefusalCode, ViewFrame } from '../../contract/messages.ts';
import { toIso } from '../../domain/units.ts';
import type { FloorConnection, Kept, Link, Sending } from '../floor/parts/connection.ts';
import { FloorClock } from './floor-clock.ts';
import type { Identity } from './floor-identity.ts';
import { KeptQueue } from './kept-queue.svelte.ts';
import { Outbox } from './outbox.ts';

/** Without a frame for so long, the screen says so (CUE-47); for so long, the socket is thrown away (CUE-48). */
const STALE_MS = 6000;
const RENEW_MS = 10_000;
const TICK_MS = 250;
const ANSWER_MS = 5000;
const PROBE_MS = 1000;
const PENDING_AGAIN_MS = 2000;
/** ms between the samples of a sync: five at once, then ever rarer (CUE-44) */
const SYNC_AFTER = [0, 100, 100, 100, 100, 5000, 30_000];
const SYNC_EVERY = 60_000;
/** wall and page clock apart by more, or a longer pause between two ticks: this device slept or was set (CUE-45) */
const JUMP_MS = 250;
const PAUSE_MS = 3000;

/**
 * One screen's line to the hub: the newest whole view, how fresh it is, hub time, and whatever people pressed. It never
 * gives up and needs no tap to come back; only a revoked or unknown device stops trying.
 */
export class FloorLine implements FloorConnection {
  view = $state.raw<FloorView | null>(null);
  link = $state<Link>('connecting');
  staleSince = $state<number | null>(null);
  readonly clock = new FloorClock();

  readonly #identity: Identity | null;
  readonly #awake: () => string | null;
  readonly #queue: KeptQueue;
  #socket: Socket<FloorNews, FloorAsks> | null = null;
  #stamp: { epoch: string | null; viewSeq: number } = { epoch: null, viewSeq: 0 };
  #isJoined = false;
  #heardAt = 0;
  #renewedAt = 0;
  #lastTick = { page: 0, wall: 0 };
  #syncTimer: ReturnType<typeof setTimeout> | undefined;
  #pendingTimer: ReturnType<typeof setTimeout> | undefined;

  /** @param options `awake`: the keep-awake state in a word, for the desk */
  constructor(identity: Identity | null, { awake = () => null }: { awake?: () => string | null } = {}) {
    this.#identity = identity;
    this.#awake = awake;
    this.#queue = new KeptQueue(new Outbox(), {
      isLive: () => this.#isJoined,
      show: () => this.view?.show.id ?? null,
      command: (frame) => this.#command(frame),
    });
  }

  get outbox(): readonly Kept[] {
    return this.#queue.list;
  }

  /** @returns stop */
  start(): () => void {
    const identity = this.#identity;
    if (!identity) {
      this.link = 'unpaired';
      return () => undefined;
    }
    void this.#queue.load();
    this.#connect(identity);
    const timer = setInterval(() => this.#tick(), TICK_MS);
    const unlisten = this.#listenToPage();
    return () => {
      clearInterval(timer);
      clearTimeout(this.#syncTimer);
      clearTimeout(this.#pendingTimer);
      unlisten();
      this.#queue.stop();
      this.#socket?.disconnect();
    };
  }

  send(kind: string, body: object, about?: string): Sending {
    const plain = JSON.parse(JSON.stringify(body)) as Record<string, unknown>;
    const needs = about === undefined ? {} : { needs: about };
    const sending = this.#queue.add({ id: newId(), kind, body: plain, madeAt: toIso(this.#clockTime()), ...needs });
    const tell = (): void => this.#report();
    sending.kept.then(tell, () => undefined);
    sending.reply.then(tell, () => undefined);
    return sending;
  }

  async ask(kind: string, body: object): Promise<Reply> {
    if (!this.#isJoined) throw new Error('there is no line to the hub');
    return this.#command({ ...body, id: newId(), kind });
  }

  settle(id: string): Promise<void> {
    return this.#queue.settle(id);
  }

  #connect(identity: Identity): void {
    const socket: Socket<FloorNews, FloorAsks> = io('/floor', {
      transports: ['websocket', 'polling'],
      reconnectionDelay: 200,
      reconnectionDelayMax: 2000,
      randomizationFactor: 0.25,
      timeout: 5000,
      auth: (give) => give(proofFor(identity, String(socket.io.engine.id))),
    });
    this.#socket = socket;
    this.#heardAt = this.#renewedAt = performance.now();
    this.#lastTick = { page: this.#heardAt, wall: Date.now() };
    const watch = (): void => void socket.io.engine.on('packet', () => this.#heard());
    socket.io.on('open', watch);
    socket.on('connect', () => void this.#join(socket));
    socket.on('disconnect', () => this.#left());
    socket.on('connect_error', (error) =>
      this.#refused((error as Error & { data?: { code?: FloorRefusalCode } }).data?.code),
    );
    socket.on('view', ({ epoch, seq: _seq, viewSeq, ...view }: ViewFrame) =>
      this.#take({ epoch, viewSeq }, view as FloorView),
    );
    socket.on('pulse', ({ viewSeq }) => {
      if (viewSeq !== this.#stamp.viewSeq) void this.#join(socket);
      else this.#report();
    });
    socket.on('revoked', () => this.#end('revoked'));
  }

  /** The whole view, whatever is held already: the hub may have changed shows meanwhile. */
  async #join(socket: Socket<FloorNews, FloorAsks>): Promise<void> {
    try {
      const { epoch, viewSeq, view }: FloorJoined = await socket.timeout(ANSWER_MS).emitWithAck('join', this.#stamp);
      this.#stamp = { epoch, viewSeq: 0 };
      this.#take({ epoch, viewSeq }, view);
    } catch {
      // A line that is open but whose answer was late never sees another one by itself: its pulses keep the watchdog calm.
      if (socket.connected && !this.#isOver) this.#renew();
      return;
    }
    this.#isJoined = true;
    this.link = 'live';
    this.#sync(0);
    void this.#queue.drain().then(() => this.#report());
  }

  #take(stamp: { epoch: string | null; viewSeq: number }, view: FloorView): void {
    if (stamp.epoch === this.#stamp.epoch && stamp.viewSeq <= this.#stamp.viewSeq) return;
    this.#stamp = stamp;
    this.view = view;
    this.#report();
  }

  #report(): void {
    const unsent = this.#queue.list.filter(({ refusal }) => refusal === null).length;
    this.#socket?.emit('report', {
      viewSeq: this.#stamp.viewSeq,
      visible: document.visibilityState === 'visible',
      awake: this.#awake(),
      unsent,
    });
  }

  async #command(frame: object): Promise<Reply> {
    if (!this.#socket) throw new Error('there is no line to the hub');
    const answer: Reply | Malformed = await this.#socket.timeout(2 * ANSWER_MS).emitWithAck('command', frame);
    return 'error' in answer
      ? { ok: false, refusal: { code: 'malformed', message: `${answer.field}: ${answer.message}` } }
      : answer;
  }

  #left(): void {
    this.#isJoined = false;
    clearTimeout(this.#syncTimer);
    if (this.link === 'live') this.link = 'connecting';
  }

  #refused(code: FloorRefusalCode | undefined): void {
    if (code === 'device-pending') {
      this.link = 'pending';
      clearTimeout(this.#pendingTimer);
      this.#pendingTimer = setTimeout(() => this.#socket?.connect(), PENDING_AGAIN_MS);
    } else if (code === 'device-revoked') this.#end('revoked');
    else if (code !== undefined) this.#end('unpaired');
  }

  /** A plain sentence on the screen instead of a loop. */
  #end(link: 'revoked' | 'unpaired'): void {
    this.link = link;
    this.staleSince = null;
    this.#isJoined = false;
    this.#socket?.disconnect();
  }

  get #isOver(): boolean {
    return this.link === 'revoked' || this.link === 'unpaired';
  }

  #heard(): void {
    this.#heardAt = performance.now();
    this.staleSince = null;
    if (this.link === 'stale') this.link = this.#isJoined ? 'live' : 'connecting';
  }

  #tick(): void {
    const page = performance.now();
    const wall = Date.now();
    const pause = page - this.#lastTick.page;
    const jump = Math.abs(wall - this.#lastTick.wall - pause);
    this.#lastTick = { page, wall };
    if (jump > JUMP_MS || pause > PAUSE_MS) {
      this.clock.reset();
      this.#sync(0);
    }
    if (this.#isOver || this.link === 'pending') return;
    const silence = page - this.#heardAt;
    if (silence >= STALE_MS) {
      this.link = 'stale';
      this.staleSince = this.#heardAt;
    }
    if (page - Math.max(this.#heardAt, this.#renewedAt) >= RENEW_MS) this.#renew();
  }

  /** A socket may look open long after the phone slept or changed networks; a new one knows. */
  #renew(): void {
    this.#renewedAt = performance.now();
    this.#left();
    this.#socket?.disconnect().connect();
  }

  #listenToPage(): () => void {
    const back = (): void => void this.#probe();
    // It is said at every load too; only a page out of the back-forward cache has a socket to doubt.
    const fromCache = (event: PageTransitionEvent): void => {
      if (event.persisted) back();
    };
    const shown = (): void => {
      this.#report();
      if (document.visibilityState === 'visible') back();
    };
    const gone = (): void => void this.#socket?.disconnect();
    document.addEventListener('visibilitychange', shown);
    window.addEventListener('online', back);
    window.addEventListener('pageshow', fromCache);
    window.addEventListener('pagehide', gone);
    return () => {
      document.removeEventListener('visibilitychange', shown);
      window.removeEventListener('online', back);
      window.removeEventListener('pageshow', fromCache);
      window.removeEventListener('pagehide', gone);
    };
  }

  /** The page is back: is the hub still there? Waiting for the next heartbeat would take seconds. */
  async #probe(): Promise<void> {
    if (this.#isOver || this.link === 'pending') return;
    if (!this.#socket?.connected) return this.#renew();
    const hasAnswered = await this.#sample(PROBE_MS);
    if (!hasAnswered) return this.#renew();
    this.#sync(0);
  }

  /** The n-th question about the time, and all that follow. */
  #sync(n: number): void {
    clearTimeout(this.#syncTimer);
    if (!this.#isJoined) return;
    this.#syncTimer = setTimeout(
      () => void this.#sample(ANSWER_MS).then(() => this.#sync(n + 1)),
      SYNC_AFTER[n] ?? SYNC_EVERY,
    );
  }

  async #sample(waitMs: number): Promise<boolean> {
    try {
      const answer = await this.#socket?.timeout(waitMs).emitWithAck('sync', { c0: performance.now() });
      if (!answer) return false;
      this.clock.learn({ ...answer, c3: performance.now() });
      return true;
    } catch {
      return false;
    }
  }

  /** Clock time W of this moment: the view pairs one reading of T with one of W. */
  #clockTime(): number {
    return this.view ? Date.parse(this.view.at) + (this.clock.hubNow() - this.view.t) : Date.now();
  }
}

function proofFor({ id, key }: Identity, sid: string): DeviceAuth {
  const cn = toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
  return { did: id, cn, proof: connectProof(key, { sid, cn, did: id, host: location.host }) };
}

/** 128 random bits; `randomUUID` is missing on plain HTTP. */
const newId = (): string => toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
