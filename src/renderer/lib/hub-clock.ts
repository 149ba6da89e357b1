/**
 * The hub's wall clock between two pushes: the hub's `now` plus what this page's monotonic clock has counted since, so
 * that a wrong or jumping clock of the computer never moves a countdown.
 */
export class HubClock {
  #hubMs: number | null = null;
  #pageMs = 0;
  #readPage: () => number;

  constructor(readPage: () => number = () => performance.now()) {
    this.#readPage = readPage;
  }

  /** @param now the hub's clock as written in the frame that has just arrived */
  learn(now: string): void {
    const hubMs = Date.parse(now);
    if (Number.isNaN(hubMs)) return;
    this.#hubMs = hubMs;
    this.#pageMs = this.#readPage();
  }

  /** @returns epoch milliseconds by the hub's clock; this computer's own until the hub has spoken */
  now(): number {
    return this.#hubMs === null ? Date.now() : this.#hubMs + (this.#readPage() - this.#pageMs);
  }

  /** Milliseconds since the hub was last heard; 0 before the first word. */
  silence(): number {
    return this.#hubMs === null ? 0 : this.#readPage() - this.#pageMs;
  }
}
