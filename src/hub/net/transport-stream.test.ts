import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keyframeSpacingMs, readRandomAccess } from './transport-stream.ts';

/** Made with ffmpeg: 4 s of a 64x36 test picture at 24 fps with B-frames and a tone, a keyframe every 24 frames. */
const EACH_SECOND = readFileSync(
  join(import.meta.dirname, '../../../test/fixtures/stream/segment-keyframe-each-second.mpegts'),
);
const PACKET = 188;

it('finds the keyframes of a real segment, and not the sound, which is marked too', () => {
  expect(readRandomAccess(EACH_SECOND)).toEqual({ pointsMs: [0, 1000, 2000, 3000], beginsWithOne: true });
  expect(keyframeSpacingMs(EACH_SECOND, 4000)).toBe(1000);
  expect(keyframeSpacingMs(EACH_SECOND, null)).toBe(1000);
});

it('counts the way to the next segment, which begins with a keyframe', () => {
  expect(keyframeSpacingMs(EACH_SECOND, 6000)).toBe(3000);
});

it('sees a keyframe that is missing', () => {
  const packets = Array.from({ length: EACH_SECOND.length / PACKET }, (_, i) =>
    Buffer.from(EACH_SECOND.subarray(i * PACKET, (i + 1) * PACKET)),
  );
  const marked = packets.filter(isMarkedPicture);
  expect(marked).toHaveLength(4);
  // The adaptation field's flags: random access is 0x40.
  marked[2]?.writeUInt8((marked[2][5] ?? 0) & ~0x40, 5);
  expect(keyframeSpacingMs(Buffer.concat(packets), 4000)).toBe(2000);
});

it('cannot tell without marks, or from what is no transport stream', () => {
  expect(keyframeSpacingMs(Buffer.alloc(0), 2000)).toBeNull();
  expect(keyframeSpacingMs(Buffer.alloc(PACKET * 4, 0x47), 2000)).toBeNull();
  expect(keyframeSpacingMs(Buffer.from('<html>'.repeat(100)), 2000)).toBeNull();
  expect(
    keyframeSpacingMs(Buffer.concat([EACH_SECOND.subarray(0, PACKET * 3), Buffer.alloc(PACKET)]), 2000),
  ).toBeNull();
});

it('goes over the end of the clock of 33 bits', () => {
  const shifted = Buffer.from(EACH_SECOND);
  const before = 2 ** 33 - 90 * 1500;
  for (let at = 0; at < shifted.length; at += PACKET) {
    const packet = shifted.subarray(at, at + PACKET);
    if (begins(packet)) shiftPts(packet, before);
  }
  expect(readRandomAccess(shifted)?.pointsMs).toEqual([0, 1000, 2000, 3000]);
});

it('reads no byte that is not there, whatever the lengths in it say', () => {
  for (let at = 0; at < 40 * PACKET; at += 11) {
    const broken = Buffer.from(EACH_SECOND.subarray(0, 60 * PACKET));
    broken.writeUInt8(0xff, at);
    expect(() => keyframeSpacingMs(broken, 4000)).not.toThrow();
  }
});

const begins = (packet: Buffer): boolean => ((packet[1] ?? 0) & 0x40) !== 0;
const pesAt = (packet: Buffer): number => (((packet[3] ?? 0) & 0x20) !== 0 ? 5 + (packet[4] ?? 0) : 4);

function isMarkedPicture(packet: Buffer): boolean {
  const at = pesAt(packet);
  const isVideo = packet.subarray(at, at + 3).equals(Buffer.from([0, 0, 1])) && ((packet[at + 3] ?? 0) & 0xf0) === 0xe0;
  return begins(packet) && isVideo && ((packet[3] ?? 0) & 0x20) !== 0 && ((packet[5] ?? 0) & 0x40) !== 0;
}

/** Moves the time of the picture that begins in the packet, as a clock near its end would show it. */
function shiftPts(packet: Buffer, ticks: number): void {
  const at = pesAt(packet);
  if (!packet.subarray(at, at + 3).equals(Buffer.from([0, 0, 1]))) return;
  const bytes = packet.subarray(at + 9, at + 14);
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = bytes;
  const pts = ((a >> 1) & 7) * 2 ** 30 + b * 2 ** 22 + (c >> 1) * 2 ** 15 + d * 2 ** 7 + (e >> 1);
  const moved = (pts + ticks) % 2 ** 33;
  bytes[0] = (a & 0xf1) | (Math.floor(moved / 2 ** 30) << 1);
  bytes[1] = Math.floor(moved / 2 ** 22) & 0xff;
  bytes[2] = ((Math.floor(moved / 2 ** 15) & 0x7f) << 1) | 1;
  bytes[3] = Math.floor(moved / 2 ** 7) & 0xff;
  bytes[4] = ((moved & 0x7f) << 1) | 1;
}
