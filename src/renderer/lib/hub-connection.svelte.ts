import { io, type Socket } from 'socket.io-client';
import type { CommandKind, Malformed, ProcedureBody, ProcedureKind, Reply } from '../../contract/commands.ts';
import type { DeskState } from '../../contract/desk-state.ts';
import type { DeskAsks, DeskNews, PartsFrame } from '../../contract/messages.ts';
import type { CommandBodies, DomainCommandKind } from '../../domain/commands.ts';
import { HubClock } from './hub-clock.ts';

export type BodyOf<K extends CommandKind> = K extends DomainCommandKind
  ? CommandBodies[K]
  : K extends ProcedureKind
    ? ProcedureBody<K>
    : never;

/**
 * `connecting` not there yet, or back in a moment · `live` · `stale` connected but silent for 6 s · `lost` no connection
 * for 6 s · `unauthorised` the hub refused the token; nothing is tried again until a new one comes.
 */
export type Link = 'connecting' | 'live' | 'stale' | 'lost' | 'unauthorised';

type Wire = Socket<DeskNews, DeskAsks>;

interface Pending {
  frame: { id: string; kind: CommandKind };
  settle: (reply: Reply) => void;
}

/** The hub answers every few seconds at the latest; longer than this and what is on screen may be untrue (SYN-1). */
const SILENCE_MS = 6000;
const TICK_MS = 250;

/**
 * The desk's one wire to the hub: the newest state, how fresh it is, and commands that are answered exactly once.
 * A command keeps its id until it is answered, over any number of reconnections, so a sale is never rung up twice.
 */
export class HubConnection {
  /** replaced part by part, never mutated: unchanged parts keep their identity */
  state = $state.raw<DeskState | null>(null);
  link = $state<Link>('connecting');
  /** the hub's clock, moved on four times a second */
  now = $state(Date.now());
  /** ms since the hub was last heard */
  silence = $state(0);

  #token: string | null = null;
  #socket: Wire | null = null;
  #clock = new HubClock();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on screen reads it
  #pending = new Map<string, Pending>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #heardSince = 0;

  /** @returns stop */
  start(token: string): () => void {
    this.stop();
    this.#token = token;
    this.link = 'connecting';
    const socket: Wire = io('/desk', {
      auth: { token },
      transports: ['websocket', 'polling'],
      reconnectionDelay: 200,
      reconnectionDelayMax: 2000,
      randomizationFactor: 0.2,
    });
    this.#socket = socket;
    socket.on('connect', () => this.#join(socket));
    socket.on('disconnect', () => this.#left());
    socket.on('connect_error', () => {
      // Still active: the wire is down and socket.io tries again. Not active: the hub itself said no.
      if (!socket.active) this.link = 'unauthorised';
    });
    socket.on('parts', (frame) => this.#take(frame, socket));
    this.#heardSince = performance.now();
    this.#timer = setInterval(() => this.#tick(socket), TICK_MS);
    return () => this.stop();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#socket?.disconnect();
    this.#socket = null;
  }

  /**
   * Sends one command and waits for its answer, however long that takes; the caller shows "not confirmed yet".
   * Never rejects: what the hub could not read comes back as a refusal with the code `malformed`.
   */
  command<K extends CommandKind>(kind: K, body: BodyOf<K>): Promise<Reply> {
    const frame = { ...body, id: newId(), kind };
    return new Promise((settle) => {
      const pending = { frame, settle };
      this.#pending.set(frame.id, pending);
      this.#send(pending);
    });
  }

  /**
   * The same over HTTP, for bodies that are larger than a frame of the socket may be (files).
   *
   * @param id chosen by the caller, who asks after the command while it runs
   * @throws when the hub cannot be reached
   */
  async upload<K extends CommandKind>(kind: K, body: BodyOf<K>, id: string): Promise<Reply> {
    const response = await fetch('/api/commands', {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#token ?? ''}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, id, kind }),
    });
    const answer = (await response.json()) as Reply | Malformed;
    if ('ok' in answer) return answer;
    return { ok: false, refusal: { code: 'malformed', message: `${answer.field}: ${answer.message}` } };
  }

  /** GET from the desk API with the bearer token; throws with the path and status when it is not 200. */
  async read(path: string): Promise<Response> {
    const response = await fetch(path, { headers: { authorization: `Bearer ${this.#token ?? ''}` } });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status}`);
    return response;
  }

  #send({ frame, settle }: Pending): void {
    if (!this.#socket?.connected) return;
    this.#socket.emit('command', frame, (answer: Reply | Malformed) => {
      // A command resent after a reconnection may be answered twice; the first answer counts.
      if (!this.#pending.delete(frame.id)) return;
      settle(
        'ok' in answer
          ? answer
          : {
              ok: false,
              refusal: { code: 'malformed', field: answer.field, message: `${answer.field}: ${answer.message}` },
            },
      );
    });
  }

  #join(socket: Wire): void {
    socket.emit('join', { afterSeq: null, epoch: null }, (answer) => {
      if (!('state' in answer)) return;
      this.state = answer.state;
      this.#hear(answer.state.now);
      for (const pending of this.#pending.values()) this.#send(pending);
    });
  }

  #left(): void {
    if (this.link === 'live') this.link = 'connecting';
  }

  #take({ epoch, seq, now, parts }: PartsFrame, socket: Wire): void {
    const known = this.state;
    if (!known) return;
    if (epoch !== known.epoch) return this.#join(socket); // another show file: nothing on screen belongs to it
    this.state = { ...known, ...parts, seq, now };
    this.#hear(now);
  }

  #hear(now: string): void {
    this.#clock.learn(now);
    this.#heardSince = performance.now();
    this.silence = 0;
    this.now = this.#clock.now();
    this.link = 'live';
  }

  #tick(socket: Wire): void {
    this.now = this.#clock.now();
    this.silence = performance.now() - this.#heardSince;
    if (this.silence < SILENCE_MS || this.link === 'unauthorised') return;
    this.link = socket.connected ? 'stale' : 'lost';
    // A hub that hangs keeps the wire open for a long time; a new wire finds out.
    if (socket.connected && this.silence > 2 * SILENCE_MS) {
      this.#heardSince += SILENCE_MS;
      socket.disconnect().connect();
    }
  }
}

/** 128 random bits: unique per desk for ever. `randomUUID` is missing on pages that came over plain http from a LAN. */
export function newId(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');
}
