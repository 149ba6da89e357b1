import { once } from 'node:events';
import { type Server, type Socket, connect, createServer } from 'node:net';

/**
 * A stretch of network that can be broken on purpose, in front of one server: TCP in user space, so no rights are needed
 * (STR-92). What it does to a connection it does to every connection, also to those that are open.
 */
export type Fault =
  | { kind: 'none' }
  /** both directions stop and nobody is told: nothing is read, nothing is sent on */
  | { kind: 'swallow' }
  /** the way to the server carries no more than this */
  | { kind: 'throttle'; kbps: number }
  | { kind: 'delay'; ms: number }
  /** connections are taken and never answered; open ones are swallowed */
  | { kind: 'mute' }
  /** open connections are reset, new ones too */
  | { kind: 'reset' };

/** How often a throttled direction hands on what it may. */
const SLICE_MS = 50;

export class FaultProxy {
  readonly #target: number;
  readonly #server: Server;
  readonly #lines = new Set<Line>();
  #fault: Fault = { kind: 'none' };

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  }

  /** @param target port on 127.0.0.1 that it stands in front of */
  static async start(target: number, port = 0): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    proxy.#server.listen(port, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  set(fault: Fault): void {
    this.#fault = fault;
    for (const line of this.#lines) line.apply(fault);
  }

  async stop(): Promise<void> {
    for (const line of this.#lines) line.destroy();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  #accept(client: Socket): void {
    client.on('error', () => client.destroy());
    if (this.#fault.kind === 'reset') return void client.resetAndDestroy();
    if (this.#fault.kind === 'mute') {
      // Kept without a server behind it until the fault is over; then it ends, as a server that comes back would end it.
      client.pause();
    }
    const line = new Line(client, this.#fault.kind === 'mute' ? null : connect(this.#target, '127.0.0.1'));
    this.#lines.add(line);
    client.once('close', () => this.#lines.delete(line));
    line.apply(this.#fault);
  }
}

/** One connection through the proxy. */
class Line {
  readonly #client: Socket;
  readonly #server: Socket | null;
  readonly #ways: Way[];
  #fault: Fault = { kind: 'none' };
  /** one end has gone while nothing got through: the other hears of it when the way is whole again */
  #isBroken = false;

  constructor(client: Socket, server: Socket | null) {
    this.#client = client;
    this.#server = server;
    this.#ways = server === null ? [] : [new Way(client, server, true), new Way(server, client, false)];
    server?.setNoDelay(true);
    server?.on('error', () => undefined);
    server?.once('close', () => this.#broke());
    client.once('close', () => this.#broke());
  }

  apply(fault: Fault): void {
    this.#fault = fault;
    if (fault.kind === 'reset') return void this.#client.resetAndDestroy();
    if (this.#isBroken || (this.#server === null && fault.kind !== 'mute')) return this.#broke();
    for (const way of this.#ways) way.apply(fault);
  }

  destroy(): void {
    this.#client.destroy();
    this.#server?.destroy();
    for (const way of this.#ways) way.stop();
  }

  #broke(): void {
    this.#isBroken = true;
    if (this.#fault.kind !== 'swallow' && this.#fault.kind !== 'mute') this.destroy();
    else if (this.#client.destroyed && this.#server?.destroyed !== false) this.destroy();
  }
}

/** One direction of one connection. */
class Way {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #isUp: boolean;
  readonly #waiting: { due: number; chunk: Buffer }[] = [];
  #fault: Fault = { kind: 'none' };
  #timer: NodeJS.Timeout | null = null;

  constructor(from: Socket, to: Socket, isUp: boolean) {
    this.#from = from;
    this.#to = to;
    this.#isUp = isUp;
    from.on('data', (chunk: Buffer) => this.#take(chunk));
    from.once('end', () => this.#end());
    from.once('close', () => this.stop());
    to.on('drain', () => this.#resume());
  }

  apply(fault: Fault): void {
    this.#fault = fault;
    this.#clock();
    if (fault.kind === 'swallow' || fault.kind === 'mute') this.#from.pause();
    else if (this.#timer === null) {
      this.#flush(Infinity);
      this.#resume();
    } else this.#resume();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #clock(): void {
    this.stop();
    const { kind } = this.#fault;
    if (kind === 'delay') this.#timer = setInterval(() => this.#flush(performance.now()), 5);
    if (kind === 'throttle' && this.#isUp) this.#timer = setInterval(() => this.#trickle(), SLICE_MS);
  }

  #take(chunk: Buffer): void {
    if (this.#timer === null && this.#waiting.length === 0) {
      if (!this.#to.write(chunk)) this.#from.pause();
      return;
    }
    const due = performance.now() + (this.#fault.kind === 'delay' ? this.#fault.ms : 0);
    this.#waiting.push({ due, chunk });
    // A slow line is a slow reader: what it has not carried stays with the sender.
    if (this.#fault.kind === 'throttle') this.#from.pause();
  }

  #flush(until: number): void {
    for (;;) {
      const first = this.#waiting[0];
      if (first === undefined || first.due > until) return;
      this.#to.write(first.chunk);
      this.#waiting.shift();
    }
  }

  #trickle(): void {
    if (this.#fault.kind !== 'throttle') return;
    let left = Math.floor((this.#fault.kbps * 1000 * SLICE_MS) / 8 / 1000);
    while (left > 0) {
      const first = this.#waiting[0];
      if (first === undefined) break;
      const part = first.chunk.subarray(0, left);
      left -= part.length;
      this.#to.write(part);
      if (part.length === first.chunk.length) this.#waiting.shift();
      else first.chunk = first.chunk.subarray(part.length);
    }
    if (this.#waiting.length === 0) this.#resume();
  }

  /** Nothing gets through a swallowed line, not even its end. */
  #end(): void {
    if (this.#fault.kind !== 'swallow' && this.#fault.kind !== 'mute') this.#to.end();
  }

  #resume(): void {
    const { kind } = this.#fault;
    if (kind === 'swallow' || kind === 'mute') return;
    if (kind === 'throttle' && this.#waiting.length > 0) return;
    this.#from.resume();
  }
}
