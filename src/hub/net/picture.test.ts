import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { lookOf } from './picture.ts';

function png(pixel: number[], width = 64, height = 36, change?: (data: Uint8Array) => void): string {
  const data = new Uint8Array(width * height * pixel.length).map((_, i) => pixel[i % pixel.length] ?? 0);
  change?.(data);
  const bytes = encode({ width, height, data, depth: 8, channels: pixel.length });
  return `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`;
}

/** What OBS 29 answered for a scene with nothing in it: every pixel transparent. */
const EMPTY_SCENE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAAAkCAYAAAA5DDySAAAACXBIWXMAAA9hAAAPYQGoP6dpAAAAH0lEQVRoge3BAQ0AAADCoPdPbQ8HFAAAAAAAAAAA8GwkJAABfRhwkwAAAABJRU5ErkJggg==';

describe('a picture', () => {
  it('has the luma of Rec. 709', () => {
    expect(lookOf(png([255, 255, 255]))?.meanLuma).toBe(255);
    expect(lookOf(png([255, 0, 0]))?.meanLuma).toBe(54.2);
    expect(lookOf(png([0, 255, 0]))?.meanLuma).toBe(182.4);
    expect(lookOf(png([0, 0, 255]))?.meanLuma).toBe(18.4);
    expect(lookOf(png([100]))?.meanLuma).toBe(100);
  });

  it('that is transparent is black on air', () => {
    expect(lookOf(png([255, 255, 255, 0]))?.meanLuma).toBe(0);
    expect(lookOf(EMPTY_SCENE)).toMatchObject({ meanLuma: 0 });
  });

  it('has another hash when one pixel differs, and the same when none does', () => {
    const one = lookOf(png([10, 20, 30]));
    expect(lookOf(png([10, 20, 30]))?.hash).toBe(one?.hash);
    expect(lookOf(png([10, 20, 30], 64, 36, (data) => void (data[4000] = 31)))?.hash).not.toBe(one?.hash);
    expect(one?.hash).toMatch(/^[\w-]{16}$/);
  });

  it('that is none is nothing', () => {
    expect(lookOf('')).toBeNull();
    expect(lookOf('data:image/jpg;base64,AAAA')).toBeNull();
    expect(lookOf('data:image/png;base64,AAAA')).toBeNull();
    expect(lookOf(`data:image/png;base64,${'A'.repeat(200_000)}`)).toBeNull();
    expect(lookOf(png([1, 2, 3]).slice(0, 120))).toBeNull();
  });

  it('is read within a few milliseconds', () => {
    const picture = png([1, 2, 3, 255], 64, 36, (data) => data.forEach((_, i) => (data[i] = (i * 7919) % 251)));
    lookOf(picture);
    const began = performance.now();
    for (let i = 0; i < 20; i += 1) lookOf(picture);
    expect((performance.now() - began) / 20).toBeLessThan(10);
  });
});
