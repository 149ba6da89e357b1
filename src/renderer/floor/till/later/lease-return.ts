import type { Till } from '../till.svelte.ts';

/**
 * Gives the lease back when the hub asks for it (STK-8), and only once the hub knows every sale of this till: nobody
 * else can tell how many of its units are gone. When it is not heard it asks again with the next view.
 */
export class LeaseReturn {
  #isAsking = false;
  readonly #till: Till;

  constructor(till: Till) {
    this.#till = till;
  }

  /** Called whenever the view or what is kept here has changed. */
  look(): void {
    const { view, cutOff, connection, kept } = this.#till;
    if (view.returnLease !== true || cutOff || kept.some(({ refusal }) => !refusal) || this.#isAsking) return;
    this.#isAsking = true;
    const done = (): void => {
      this.#isAsking = false;
    };
    connection.ask('return-lease', {}).then(done, done);
  }
}
