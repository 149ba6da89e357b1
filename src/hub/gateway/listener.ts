import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { Server as SocketServer } from 'socket.io';
import { sendTurned, turnUpgrade } from './answers.ts';
import { type GuardRule, hostForms, isNavigation, turnAway } from './guard.ts';

const SOCKETS_PATH = '/socket.io/';

export interface ListenerOptions {
  address: string;
  /** 0 picks a free one */
  port: number;
  /** further names that are ours, without port */
  names: readonly string[];
  allowsPages: boolean;
  /** null: no sockets on this listener */
  largestFrame: number | null;
  answer: (request: IncomingMessage, response: ServerResponse) => void;
}

/**
 * One HTTP server with the guard in front of everything. socket.io sits behind a second server that never listens, so a
 * request or upgrade reaches it only after the guard has let it through, whatever socket.io itself would do.
 */
export class Listener {
  /** null when this listener has no sockets */
  readonly io: SocketServer | null;
  readonly #options: ListenerOptions;
  readonly #server: Server;
  readonly #behind: Server;
  #rule: GuardRule = { hosts: new Set(), allowsPages: false };
  #port = 0;

  constructor(options: ListenerOptions) {
    this.#options = options;
    // Node's own defaults leave a half-open request alone for minutes.
    this.#server = createServer({
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: 5000,
    });
    this.#server.on('request', (request, response) => this.#onRequest(request, response));
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#onUpgrade(request, socket, head),
    );
    this.#behind = createServer();
    this.io = options.largestFrame === null ? null : socketsBehind(this.#behind, options.largestFrame);
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  /** `address:port`, as browsers send it */
  get host(): string {
    return hostForms(this.#options.address, this.#port)[0] ?? '';
  }

  /** TCP connections as they come, for whoever counts them. */
  onConnection(hear: (socket: Socket) => void): void {
    this.#server.on('connection', hear);
  }

  /** @throws the system's error (EADDRINUSE, EADDRNOTAVAIL …) when it cannot be bound */
  async start(): Promise<void> {
    const { address, port, names, allowsPages } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: address, port, exclusive: true }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
    this.#rule = { hosts: new Set([address, ...names].flatMap((name) => hostForms(name, this.#port))), allowsPages };
  }

  async stop(): Promise<void> {
    this.io?.disconnectSockets(true);
    this.io?.engine.close();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    const turned = turnAway(request, this.#rule);
    if (turned) return sendTurned(response, turned, isNavigation(request));
    if (this.io && request.url?.startsWith(SOCKETS_PATH)) {
      this.#behind.emit('request', request, response);
      return;
    }
    this.#options.answer(request, response);
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const turned = turnAway(request, this.#rule);
    if (turned) return turnUpgrade(socket, turned);
    const isSocket =
      this.io !== null &&
      request.url?.startsWith(SOCKETS_PATH) &&
      request.headers.upgrade?.toLowerCase() === 'websocket';
    if (!isSocket) return turnUpgrade(socket, { status: 400, error: 'no-such-route' });
    this.#behind.emit('upgrade', request, socket, head);
  }
}

function socketsBehind(behind: Server, largestFrame: number): SocketServer {
  const io = new SocketServer({
    serveClient: false,
    pingInterval: 5000,
    pingTimeout: 4000,
    connectTimeout: 5000,
    maxHttpBufferSize: largestFrame,
    perMessageDeflate: false,
    httpCompression: false,
    transports: ['websocket', 'polling'],
  });
  io.attach(behind);
  // The session id is what a device signs at every connection, so it must never come twice (PAI-10).
  io.engine.generateId = () => randomBytes(16).toString('base64url');
  // socket.io always has a namespace "/"; ours are named, and nobody talks in that one.
  io.use((_socket, next) => next(new Error('no-such-namespace')));
  return io;
}
