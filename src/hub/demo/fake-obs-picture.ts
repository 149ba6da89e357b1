import { encode } from 'fast-png';
import type { FakePicture } from './fake-obs-figures.ts';

/**
 * A scene as GetSourceScreenshot gives it: a PNG in a data URL. A moving one differs every 40 ms.
 *
 * @param ms the clock that moves it
 */
export function pictureOf(look: FakePicture, scene: string, ms: number, width: number, height: number): string {
  const step = look === 'moving' ? Math.floor(ms / 40) : scene.length * 31;
  const pixels = new Uint8Array(width * height * 3);
  if (look !== 'black') for (let i = 0; i < pixels.length; i += 1) pixels[i] = 40 + ((i * 7 + step * 13) % 160);
  const png = encode({ width, height, data: pixels, depth: 8, channels: 3 });
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
