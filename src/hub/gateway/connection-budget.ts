import type { Socket } from 'node:net';

/** §13: when there are too many, the oldest stranger goes; a newcomer is never refused, for it may be a paired till. */
const PER_ADDRESS = 60;
const STRANGERS = 200;

/** Connections without a credential, so that a flood of them never locks paired devices out (LIM-1). */
export class ConnectionBudget {
  /** in order of arrival */
  readonly #strangers = new Map<Socket, string>();

  admit(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    this.#strangers.set(socket, address);
    socket.once('close', () => this.#strangers.delete(socket));
    const sameAddress = [...this.#strangers].filter(([, other]) => other === address);
    if (sameAddress.length > PER_ADDRESS) sameAddress[0]?.[0].destroy();
    else if (this.#strangers.size > STRANGERS) this.#strangers.keys().next().value?.destroy();
  }

  /** It proved itself: it costs the strangers' budget nothing any more. */
  trust(socket: Socket): void {
    this.#strangers.delete(socket);
  }
}
