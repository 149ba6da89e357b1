import type { Duration } from '../../domain/units.ts';
import type { ObsHands } from './obs-hands.ts';

const EVERY_MS = 2_000;
const DEADLINE_MS = 1_500;
/** so many pictures in a row that differ from the one before: ten seconds (F3) */
const MOVING = 5;

/**
 * Is the picture behind our slate alive again? The judge sees only the program, and the program is the slate: it would
 * call a dead camera cured after ten seconds, and the slate would come and go.
 */
export class HiddenPicture {
  readonly #hands: ObsHands;
  #scene: string | null = null;
  #last: string | null = null;
  #differing = 0;
  #isBlind = false;
  #nextMs: Duration = 0;
  #isAsking = false;

  constructor(hands: ObsHands) {
    this.#hands = hands;
  }

  /** @param scene hidden by a slate that was shown for its picture; null: none is */
  watch(scene: string | null, ms: Duration): void {
    if (scene !== this.#scene) {
      this.#scene = scene;
      this.#last = null;
      this.#differing = 0;
      this.#isBlind = false;
      this.#nextMs = ms;
    }
    if (scene === null || this.#isAsking || ms < this.#nextMs) return;
    this.#nextMs = ms + EVERY_MS;
    void this.#ask(scene);
  }

  /** @returns null when that cannot be told: OBS makes no picture, or the picture was not the reason */
  moves(): boolean | null {
    return this.#scene === null || this.#isBlind ? null : this.#differing >= MOVING;
  }

  async #ask(scene: string): Promise<void> {
    this.#isAsking = true;
    try {
      const picture = await this.#hands.picture(scene, DEADLINE_MS);
      if (scene !== this.#scene) return;
      this.#isBlind = picture === null;
      this.#differing =
        picture === null || picture === this.#last ? 0 : this.#differing + (this.#last === null ? 0 : 1);
      this.#last = picture;
    } finally {
      this.#isAsking = false;
    }
  }
}
