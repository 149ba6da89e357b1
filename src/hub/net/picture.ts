import { createHash } from 'node:crypto';
import { decode } from 'fast-png';

/** Pixels of the pictures that OBS is asked for: enough to see that something moves, or that all is black. */
export const WIDTH = 64;
export const HEIGHT = 36;
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
