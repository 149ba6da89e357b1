import type { Namespace, Socket } from 'socket.io';
import type { Socket as TcpSocket } from 'node:net';
import type { FloorAsks, FloorNews, JoinAsks, JoinNews } from '../../contract/messages.ts';
import { SHORTCUTS } from '../../contract/routes.ts';
import { ConnectionBudget } from './connection-budget.ts';
import { servePage } from './desk-api.ts';
import type { GatewayDoors } from './doors.ts';
import { FloorSockets } from './floor-sockets.ts';
import { addressOf } from './guard.ts';
import type { JoinDesk } from './join-desk.ts';
import { Listener } from './listener.ts';
import type { Pages } from './pages.ts';

const LARGEST_FRAME = 64_000;

/** The LAN side: static floor pages, pairing, and the screens' socket. There is no API here. */
export class FloorListener {
  readonly address: string;
  readonly sockets: FloorSockets;
  readonly #listener: Listener;

  constructor(
    address: string,
    port: number,
    { doors, pages, joinDesk }: { doors: GatewayDoors; pages: Pages; joinDesk: JoinDesk },
  ) {
    this.address = address;
    const budget = new ConnectionBudget();
    this.#listener = new Listener({
      address,
      port,
      names: [],
      allowsPages: true,
      largestFrame: LARGEST_FRAME,
      answer: (request, response) => servePage(pages, SHORTCUTS.floor, addressOf(request).pathname, request, response),
    });
    this.#listener.onConnection((socket) => budget.admit(socket));
    const { io } = this.#listener;
    if (!io) throw new Error('the floor needs sockets');
    joinDesk.serve(io.of('/join') as Namespace<JoinAsks, JoinNews>);
    this.sockets = new FloorSockets(
      io.of('/floor') as Namespace<FloorAsks, FloorNews, object, { device: string }>,
      doors,
      (socket) => budget.trust(tcpOf(socket as Socket)),
    );
  }

  get port(): number {
    return this.#listener.port;
  }

  get url(): string {
    return this.#listener.url;
  }

  start(): Promise<void> {
    return this.#listener.start();
  }

  async stop(): Promise<void> {
    this.sockets.stop();
    await this.#listener.stop();
  }
}

function tcpOf(socket: Socket): TcpSocket {
  return socket.request.socket;
}
