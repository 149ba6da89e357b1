import { middle } from './connector.ts';
import { createHash } from 'node:crypto';
import { decode } from 'fast-png';
import { asText, type Raw } from '../../domain/health/sample.ts';
import type { Measure, ReadNow } from '../doors.ts';
import { NoAnswer, ObsRefused } from '../net/obs-errors.ts';

const EVERY_MS = 2000;
const DEADLINE_MS = 1500;
const WIDTH = 64;
const HEIGHT = 36;
/** A picture of this size has 9 kB of pixels; more than this is not what was asked for. */
const MOST_CHARACTERS = 100_000;
const DATA_URL = 'data:image/png;base64,';

/** What the program looks like: `hash` changes with any pixel, `meanLuma` is 0 (black) to 255. */
export interface Look {
  hash: string;
  meanLuma: number;
}

/**
 * @param imageData a PNG in a data URL, as GetSourceScreenshot answers
 * @returns null for anything else; what is transparent counts as black, as it does on air
 */
export function lookOf(imageData: string): Look | null {
  if (!imageData.startsWith(DATA_URL) || imageData.length > MOST_CHARACTERS) return null;
  const picture = pixelsOf(Buffer.from(imageData.slice(DATA_URL.length), 'base64'));
  if (picture === null) return null;
  const { data, channels } = picture;
  const hash = createHash('sha1').update(data).digest('base64url').slice(0, 16);
  let sum = 0;
  for (let at = 0; at < data.length; at += channels) sum += lumaAt(data, at, channels);
  return { hash, meanLuma: Math.round((sum * channels * 10) / data.length) / 10 };
}

/** Rec. 709, of what is left of a pixel by its own opacity. */
function lumaAt(data: Uint8Array, at: number, channels: number): number {
  const [first, green, blue] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
  const luma = channels >= 3 ? 0.2126 * first + 0.7152 * green + 0.0722 * blue : first;
  const opacity = channels === 4 || channels === 2 ? (data[at + channels - 1] ?? 0) / 255 : 1;
  return luma * opacity;
}

function pixelsOf(png: Buffer): { data: Uint8Array; channels: number } | null {
  try {
    const { data, channels, depth, palette } = decode(png);
    return depth === 8 && palette === undefined && data instanceof Uint8Array && data.length > 0
      ? { data, channels }
      : null;
  } catch {
    return null; // not a PNG: then nothing is known of the picture
  }
}

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
