import { randomBytes } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { connectProof } from '../../src/contract/device-proof.ts';
import type { FloorView } from '../../src/contract/floor-views.ts';
import type { JoinAsks, PairAnswer, ViewStamp } from '../../src/contract/messages.ts';
import { agree, deviceProof, inviteId, newKeyPair, transcriptHash } from '../../src/contract/pairing.ts';
import type { Reply } from '../../src/contract/commands.ts';
import { nextId } from './hub.ts';

/** A paired phone without a browser: the floor's protocol over a real socket, for many screens at once. */
export class Phone {
  readonly id: string;
  readonly host: string;
  readonly key: Uint8Array;
  readonly code: string;
  socket: Socket | null = null;
  view: (ViewStamp & FloorView) | null = null;
  /** performance.now() of the newest view */
  viewAt = 0;
  onView: ((view: ViewStamp & FloorView) => void) | null = null;
  /** every frame that came, for tests that look for what must not be there */
  readonly frames: unknown[] = [];

  private constructor(id: string, host: string, key: Uint8Array, code: string) {
    this.id = id;
    this.host = host;
    this.key = key;
    this.code = code;
  }

  /** Pairs by an invitation's URL, as the join page does. @throws the refusal's code */
  static async pair(inviteUrl: string, name: string): Promise<Phone> {
    const url = new URL(inviteUrl);
    const invite = new Uint8Array(Buffer.from(url.hash.slice(1), 'base64url'));
    const socket = io(`${url.origin}/join`, { transports: ['websocket'], reconnection: false, forceNew: true });
    try {
      const { privateKey, publicKey } = newKeyPair();
      const deviceNonce = new Uint8Array(randomBytes(16));
      const id = randomBytes(16).toString('base64url');
      const iid = inviteId(invite);
      const { role } = await ask(socket, 'pair-ask', { iid, deviceId: id, name });
      const hub = await ask(socket, 'pair-key', { publicKey: b64(publicKey), nonce: b64(deviceNonce) });
      const th = transcriptHash({
        host: url.host,
        iid,
        role,
        deviceId: id,
        name,
        devicePublicKey: publicKey,
        deviceNonce,
        hubPublicKey: bytes(hub.publicKey),
        hubNonce: bytes(hub.nonce),
      });
      const { deviceKey, code } = agree(privateKey, bytes(hub.publicKey), invite, th);
      await ask(socket, 'pair-prove', { proof: b64(deviceProof(invite, th)) });
      return new Phone(id, url.host, deviceKey, code);
    } finally {
      socket.disconnect();
    }
  }

  /** Connects (and reconnects by itself), joins, and keeps the newest view. */
  async connect(): Promise<void> {
    const cn = randomBytes(16).toString('base64url');
    const socket: Socket = io(`http://${this.host}/floor`, {
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 200,
      reconnectionDelayMax: 1000,
      auth: (give) => {
        const sid = String(socket.io.engine.id);
        give({ did: this.id, cn, proof: connectProof(this.key, { sid, cn, did: this.id, host: this.host }) });
      },
    });
    this.socket = socket;
    socket.on('view', (frame: ViewStamp & FloorView) => this.#take(frame));
    socket.on('connect', () => {
      socket.emit(
        'join',
        { epoch: this.view?.epoch ?? null, viewSeq: this.view?.viewSeq ?? 0 },
        (joined: ViewStamp & { view: FloorView }) =>
          this.#take({ ...joined.view, epoch: joined.epoch, seq: joined.seq, viewSeq: joined.viewSeq } as ViewStamp &
            FloorView),
      );
    });
    await new Promise<void>((done, fail) => {
      socket.once('connect', () => done());
      socket.once('connect_error', fail);
    });
  }

  send(kind: string, body: Record<string, unknown> = {}): Promise<Reply> {
    return new Promise((done) => this.socket?.emit('command', { id: nextId(), kind, ...body }, done));
  }

  close(): void {
    this.socket?.disconnect();
  }

  #take(frame: ViewStamp & FloorView): void {
    this.frames.push(frame);
    if (this.frames.length > 2000) this.frames.shift();
    this.view = frame;
    this.viewAt = performance.now();
    this.socket?.emit('report', { viewSeq: frame.viewSeq, visible: true, awake: null, unsent: 0 });
    this.onView?.(frame);
  }
}

type Answer<K extends keyof JoinAsks> =
  Parameters<Parameters<JoinAsks[K]>[1]>[0] extends PairAnswer<infer T> ? T : never;

async function ask<K extends keyof JoinAsks>(
  socket: Socket,
  kind: K,
  body: Parameters<JoinAsks[K]>[0],
): Promise<Answer<K>> {
  const answer = (await socket.timeout(5000).emitWithAck(kind, body)) as PairAnswer<Answer<K>>;
  if (!answer.ok) throw new Error(answer.refusal.code);
  return answer;
}
const b64 = (raw: Uint8Array) => Buffer.from(raw).toString('base64url');
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
