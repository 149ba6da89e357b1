/**
 * Work that many small changes ask for and that needs doing once: at once after a quiet spell, at most every `everyMs`
 * under load, and always once more after the last ask.
 */
export class Pacer {
  readonly #work: () => void;
  readonly #everyMs: number;
  #lastAt = -Infinity;
  #stop: (() => void) | null = null;

  constructor(work: () => void, everyMs: number) {
    this.#work = work;
    this.#everyMs = everyMs;
  }

  ask(): void {
    if (this.#stop) return;
    const wait = this.#lastAt + this.#everyMs - performance.now();
    if (wait > 0) {
      const timer = setTimeout(() => this.#run(), wait);
      this.#stop = () => clearTimeout(timer);
    } else {
      const turn = setImmediate(() => this.#run());
      this.#stop = () => clearImmediate(turn);
    }
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
  }

  #run(): void {
    this.#stop = null;
    this.#work();
    this.#lastAt = performance.now();
  }
}
