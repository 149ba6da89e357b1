import { middle } from './connector.ts';
import { asText, type Raw } from '../../domain/health/sample.ts';
import type { Measure, ReadNow } from '../doors.ts';
import { NoAnswer, ObsRefused } from '../net/obs-errors.ts';
import { HEIGHT, WIDTH, lookOf } from '../net/picture.ts';

const EVERY_MS = 2000;
const DEADLINE_MS = 1500;

export interface PictureDoors {
  measure: Measure;
  readNow: ReadNow;
  /** @throws NoAnswer, ObsRefused */
  call: (requestType: string, requestData: Raw, deadlineMs: number) => Promise<Raw>;
  /** the scene on air, or null: then nothing is looked at in this turn */
  scene: () => string | null;
  /** false: this turn is left out (off air, switched off, or this computer cannot keep up) */
  wanted: () => boolean;
  /** a fault of ours in a turn, to be told; the next turn comes */
  failed: (error: unknown) => void;
}

/** Looks at the program every two seconds, in a flight of its own: however late a picture is, figures are not. */
export class PictureWatch {
  readonly #doors: PictureDoors;
  #timer: NodeJS.Timeout | null = null;
  #inFlight = false;

  constructor(doors: PictureDoors) {
    this.#doors = doors;
  }

  /** @returns stop; an answer that comes later is dropped */
  start(): () => void {
    const timer = setInterval(() => {
      if (this.#inFlight || !this.#doors.wanted()) return;
      const scene = this.#doors.scene();
      if (scene === null) return;
      this.#inFlight = true;
      this.#look(scene, timer)
        .catch((error: unknown) => this.#doors.failed(error))
        .finally(() => (this.#inFlight = false));
    }, EVERY_MS);
    this.#timer = timer;
    return () => {
      clearInterval(timer);
      if (this.#timer === timer) this.#timer = null;
    };
  }

  async #look(scene: string, turn: NodeJS.Timeout): Promise<void> {
    const { call, measure, readNow } = this.#doors;
    const sent = readNow().mono;
    const question = { sourceName: scene, imageFormat: 'png', imageWidth: WIDTH, imageHeight: HEIGHT };
    try {
      const answer = await call('GetSourceScreenshot', question, DEADLINE_MS);
      if (this.#timer !== turn) return;
      const { mono } = readNow();
      const look = lookOf(asText(answer['imageData']) ?? '');
      if (look === null) return;
      measure({ source: 'picture', ms: middle(sent, mono), tookMs: mono - sent, data: { ...look, scene } });
    } catch (error) {
      // A scene that was renamed meanwhile is refused: the next turn asks for what is on air then.
      if (error instanceof ObsRefused || this.#timer !== turn) return;
      if (!(error instanceof NoAnswer)) throw error;
      measure({ source: 'picture', ms: readNow().mono, error: 'timeout' });
    }
  }
}
