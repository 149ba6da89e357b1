import type { Namespace, Socket } from 'socket.io';
import { z } from 'zod';
import { fromBase64Url } from '../../contract/base64url.ts';
import { connectProof, KEY_BYTES } from '../../contract/device-proof.ts';
import type { FloorView } from '../../contract/floor-views.ts';
import type {
  FloorAsks,
  FloorJoined,
  FloorNews,
  FloorRefusalCode,
  ViewFrame,
  ViewStamp,
} from '../../contract/messages.ts';
import { equalBytes, NONCE_BYTES } from '../../contract/pairing.ts';
import type { Actor } from '../../domain/actor.ts';
import type { PairedDevice } from '../doors.ts';
import { answerCommand } from './command-answer.ts';
import type { GatewayDoors } from './doors.ts';
import { Pacer } from './pacer.ts';
import { type Said, Screens } from './screens.ts';
import { TokenBucket } from './token-bucket.ts';

/** A burst of sales must not make 30 phones redraw hundreds of times a second; nobody sees 40 ms. */
const PUSH_EVERY_MS = 40;
const PULSE_EVERY_TICKS = 5;

type FloorNamespace = Namespace<FloorAsks, FloorNews, object, { device: string }>;
type FloorSocket = Socket<FloorAsks, FloorNews, object, { device: string }>;

const authShape = z.object({ did: z.string().max(64), cn: z.string().max(64), proof: z.string().max(64) });
const syncShape = z.object({ c0: z.number() });
const reportShape = z.object({
  viewSeq: z.number(),
  visible: z.boolean(),
  awake: z.string().max(40).nullable(),
  unsent: z.number().int().min(0).max(1e6),
});

/** Screens of one role, person and till see the same view: it is made and encoded once for all of them. */
interface Audience {
  stamp: ViewStamp;
  view: FloorView;
  /** the view without what merely ages, to tell a change from the passing of time */
  essence: string;
}

/** The paired screens' line: a proof at the door, whole views, commands as far as the role goes. */
export class FloorSockets {
  readonly #doors: GatewayDoors;
  readonly #namespace: FloorNamespace;
  readonly #screens: Screens;
  readonly #trust: (socket: FloorSocket) => void;
  readonly #pacer = new Pacer(() => this.#refreshAll(), PUSH_EVERY_MS);
  readonly #audiences = new Map<string, Audience>();
  readonly #buckets = new Map<string, TokenBucket>();
  /** for what a page asks by itself; an honest one reports once a view and reads the clock now and then */
  readonly #talk = new Map<string, TokenBucket>();
  #lastViewSeq = 0;
  #ticks = 0;

  /** @param trust called once a connection has proved itself */
  constructor(namespace: FloorNamespace, doors: GatewayDoors, trust: (socket: FloorSocket) => void) {
    this.#namespace = namespace;
    this.#doors = doors;
    this.#trust = trust;
    this.#screens = new Screens(doors);
    namespace.use((socket, next) => {
      const refusal = this.#refusalOf(socket);
      next(refusal ? Object.assign(new Error(refusal), { data: { code: refusal } }) : undefined);
    });
    namespace.on('connection', (socket) => this.#serve(socket));
  }

  stop(): void {
    this.#pacer.stop();
    this.#screens.stop();
  }

  touch(): void {
    if (this.#namespace.sockets.size > 0) this.#pacer.ask();
  }

  /** Once a second: silence shows, and expected times move without anything happening. */
  tick(): void {
    this.#screens.tick();
    if (this.#namespace.sockets.size === 0) return;
    this.#refreshAll();
    this.#ticks += 1;
    if (this.#ticks % PULSE_EVERY_TICKS !== 0) return;
    const T = this.#doors.readNow().t;
    for (const [audience, { stamp }] of this.#audiences)
      this.#namespace.to(audience).emit('pulse', { viewSeq: stamp.viewSeq, T });
  }

  /** Says so on the screen, then the line is gone; the tombstone refuses the next one. */
  revoke(device: string): void {
    this.#namespace.to(roomOf(device)).emit('revoked', {});
    this.#namespace.in(roomOf(device)).disconnectSockets(true);
    this.#buckets.delete(device);
    this.#talk.delete(device);
  }

  #refusalOf(socket: FloorSocket): FloorRefusalCode | null {
    const read = authShape.safeParse(socket.handshake.auth);
    if (!read.success) return 'bad-proof';
    const { did, cn, proof } = read.data;
    const device = this.#doors.devices.find(did);
    if (!device) return 'device-unknown';
    if (device.state === 'revoked') return 'device-revoked';
    const given = fromBase64Url(proof, KEY_BYTES);
    const sid = (socket.conn as unknown as { id: string }).id;
    const due = connectProof(device.key, { sid, cn, did, host: socket.handshake.headers.host ?? '' });
    if (
      !given ||
      !fromBase64Url(cn, NONCE_BYTES) ||
      !equalBytes(given, fromBase64Url(due, KEY_BYTES) ?? new Uint8Array(0))
    )
      return 'bad-proof';
    if (device.state === 'pending') return 'device-pending';
    socket.data.device = did;
    return null;
  }

  #serve(socket: FloorSocket): void {
    const id = socket.data.device;
    this.#trust(socket);
    void socket.join(roomOf(id));
    this.#screens.add(socket, id);
    socket.on('join', (_ask: unknown, ack: unknown) => {
      const device = this.#joined(id);
      if (!device || typeof ack !== 'function' || !this.#mayTalk(id)) return;
      ack(this.#join(socket, device));
    });
    socket.on('command', (raw: unknown, ack: unknown) => {
      const device = this.#joined(id);
      if (!device) return;
      if (!this.#bucketOf(device).take(performance.now())) {
        if (typeof ack === 'function')
          ack({
            ok: false,
            refusal: { code: 'too-many-requests', message: 'Too much at once. Try again in a moment.' },
          });
        return;
      }
      void answerCommand(this.#doors, actorOf(device), raw, ack);
    });
    socket.on('sync', (ask: unknown, ack: unknown) => {
      if (!this.#mayTalk(id)) return;
      const h1 = this.#doors.readNow().t;
      const read = syncShape.safeParse(ask);
      if (read.success && typeof ack === 'function') ack({ c0: read.data.c0, h1, h2: this.#doors.readNow().t });
    });
    socket.on('report', (report: unknown) => {
      const read = reportShape.safeParse(report);
      if (read.success && this.#mayTalk(id)) this.#heard(socket, id, read.data);
    });
  }

  /** Asked at every message: a device may lose its place while it is connected. */
  #joined(id: string): PairedDevice | null {
    const device = this.#doors.devices.find(id);
    return device?.state === 'joined' ? device : null;
  }

  #join(socket: FloorSocket, device: PairedDevice): FloorJoined {
    const audience = this.#refresh(audienceOf(device), device);
    void socket.join(audienceOf(device));
    return { ...audience.stamp, view: audience.view };
  }

  #heard(socket: FloorSocket, id: string, { viewSeq, ...said }: Said & { viewSeq: number }): void {
    const device = this.#joined(id);
    if (!device) return;
    this.#screens.report(socket, said);
    const held = this.#audiences.get(audienceOf(device));
    // An older view is no proof for what the newest one carries; the newest will be reported by itself.
    if (held?.stamp.viewSeq !== viewSeq) return;
    const carried = dispatchesIn(held.view);
    if (carried.length > 0) this.#doors.delivered(device, carried);
  }

  #refreshAll(): void {
    for (const audience of [...this.#audiences.keys()]) {
      const room = this.#namespace.adapter.rooms.get(audience);
      const socket = this.#namespace.sockets.get(room?.values().next().value ?? '');
      const device = socket && this.#joined(socket.data.device);
      if (device) this.#refresh(audience, device);
      else this.#audiences.delete(audience);
    }
  }

  /** Sends the audience its view if that has changed. */
  #refresh(audience: string, device: PairedDevice): Audience {
    const view = this.#doors.floorView(device);
    const epoch = this.#doors.epoch();
    const essence = essenceOf(view);
    const known = this.#audiences.get(audience);
    if (known && known.essence === essence && known.stamp.epoch === epoch) return known;
    this.#lastViewSeq = Math.max(this.#lastViewSeq + 1, Math.floor(this.#doors.readNow().t));
    const fresh: Audience = { stamp: { epoch, seq: this.#doors.head(), viewSeq: this.#lastViewSeq }, view, essence };
    this.#audiences.set(audience, fresh);
    this.#namespace.to(audience).emit('view', { ...fresh.stamp, ...view } satisfies ViewFrame);
    return fresh;
  }

  #mayTalk(id: string): boolean {
    const bucket = this.#talk.get(id) ?? new TokenBucket(60, 120);
    this.#talk.set(id, bucket);
    return bucket.take(performance.now());
  }

  #bucketOf({ id, role }: PairedDevice): TokenBucket {
    const known = this.#buckets.get(id);
    if (known) return known;
    // A till that was cut off comes back with some 300 sales, which have to be here within 5 s (TIL-3).
    const bucket = role === 'till' ? new TokenBucket(60, 400) : new TokenBucket(30, 60);
    this.#buckets.set(id, bucket);
    return bucket;
  }
}

function roomOf(device: string): string {
  return `device ${device}`;
}

function audienceOf({ role, person, till }: PairedDevice): string {
  return `audience ${JSON.stringify([role, person, till])}`;
}

function actorOf({ id, role, person, till }: PairedDevice): Actor {
  return { key: `device:${id}`, role, by: person ?? till ?? id, device: id, person, till };
}

function dispatchesIn(view: FloorView): string[] {
  const messages = view.messages.map(({ id }) => id);
  return view.role === 'co-host' && view.dispatch ? [view.dispatch.id, ...messages] : messages;
}

/**
 * Two readings of the same moment differ in `t` and `at`; countdowns are told by the moment they lead to, and the two
 * clocks by how far they are apart (a screen makes clock time from hub time by this very pair).
 */
function essenceOf({ t, at, ...view }: FloorView): string {
  const apart = Math.round((Date.parse(at) - t) / 1000);
  const isPaused = view.now?.paused === true;
  return JSON.stringify({ ...view, apart }, (key, value: unknown) => {
    // A paused countdown stands still: there the figure itself is what a screen shows.
    if (typeof value !== 'number' || isPaused) return value;
    if (key === 'remainingMs') return Math.round((value + t) / 100);
    if (key === 'elapsedMs') return Math.round((t - value) / 100);
    return value;
  });
}
