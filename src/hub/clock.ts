import { randomBytes } from 'node:crypto';
import { type ClockState, hubTime, initialClock } from '../domain/clock.ts';
import type { Now } from '../domain/units.ts';

/** The hub's two clocks, read together, once a turn. The show's clock state turns them into hub time T. */
export class HubClock {
  readonly boot = randomBytes(6).toString('hex');
  readonly #start = performance.now();
  #lastAt = 0;
  #lastMono = 0;

  read(clock: ClockState = initialClock()): Now {
    const at = Date.now();
    const mono = Math.round(performance.now() - this.#start);
    return { at, mono, boot: this.boot, t: hubTime(clock, { at, mono, boot: this.boot }) };
  }

  /**
   * How far the wall clock ran away from the monotonic clock since the last look; 0 below 2 s (CUE-7).
   *
   * @returns milliseconds, + forward
   */
  jump(): number {
    const { at, mono } = this.read();
    const delta = this.#lastAt === 0 ? 0 : at - this.#lastAt - (mono - this.#lastMono);
    this.#lastAt = at;
    this.#lastMono = mono;
    return Math.abs(delta) > 2000 ? Math.round(delta) : 0;
  }
}
