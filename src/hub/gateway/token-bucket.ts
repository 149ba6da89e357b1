/** Lets `perSecond` through on average and `burst` at once. Time is the caller's monotonic clock in ms. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #left: number;
  #at = -Infinity;

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#left = burst;
  }

  take(now: number): boolean {
    const since = Math.max(0, now - this.#at);
    this.#left = Math.min(this.#burst, this.#left + (since / 1000) * this.#perSecond);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
