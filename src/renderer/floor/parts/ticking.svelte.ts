import type { FloorConnection } from './connection.ts';

/**
 * Time as values that components can derive from. Twenty readings a second keep two screens within a twentieth of a
 * second of each other; texts derived from them change once a second, so the page is painted no more often than that.
 */
export class Ticking {
  /** hub time T, ms */
  t = $state(0);
  /** whole seconds without a word from the hub; null while it is heard */
  silentSeconds = $state<number | null>(null);
  #connection: FloorConnection;

  constructor(connection: FloorConnection) {
    this.#connection = connection;
    this.#read();
  }

  /** @returns stop */
  start(): () => void {
    const timer = setInterval(() => this.#read(), 50);
    return () => clearInterval(timer);
  }

  #read(): void {
    const { clock, staleSince } = this.#connection;
    this.t = clock.hubNow();
    this.silentSeconds = staleSince === null ? null : Math.floor((performance.now() - staleSince) / 1000);
  }
}
