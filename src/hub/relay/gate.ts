import { once } from 'node:events';
import { type Server, type Socket, connect, createServer } from 'node:net';

/**
 * The leg reads the relay through this door of the hub. When the hub dies, however it dies, the door is shut with it and
 * the leg runs dry: so no leg is ever left over, on any system.
 */
export class Gate {
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param address of the relay; only its host and port are used */
  static async open(address: { host: string; port: number }): Promise<Gate> {
    const server = createServer();
    const gate = new Gate(server);
    server.on('connection', (leg) => gate.#join(leg, connect(address.port, address.host)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return gate;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  #join(leg: Socket, relay: Socket): void {
    for (const [one, other] of [
      [leg, relay],
      [relay, leg],
    ] as const) {
      this.#open.add(one);
      one.setNoDelay(true);
      one.on('error', () => other.destroy());
      one.once('close', () => {
        this.#open.delete(one);
        other.destroy();
      });
    }
    leg.pipe(relay);
    relay.pipe(leg);
  }
}
