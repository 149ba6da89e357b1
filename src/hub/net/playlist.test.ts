import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { firstVariant, readPlaylist } from './playlist.ts';

const RECORDED = readFileSync(
  join(import.meta.dirname, '../../../test/fixtures/stream/nginx-rtmp-1.1.4-playlist.m3u8'),
  'utf8',
);

it('reads what nginx-rtmp really published', () => {
  expect(readPlaylist(RECORDED)).toEqual({
    reading: {
      status: 200,
      'EXT-X-TARGETDURATION': 2,
      'EXT-X-MEDIA-SEQUENCE': 0,
      EXTINF: RECORDED.match(/#EXTINF/g)?.length,
      'EXT-X-DISCONTINUITY': 1,
      newestExtinf: 2,
    },
    newest: { sequence: 2, uri: 'show-4f1c9a-2.ts', extinf: 2, range: null },
  });
});

it('counts the start of the newest segment from the last time that is written, whatever else the playlist carries', () => {
  const text = `#EXTM3U
#EXT-X-VERSION:4
#EXT-X-TARGETDURATION:6
#EXT-X-MEDIA-SEQUENCE:41
#EXT-X-KEY:METHOD=AES-128,URI="https://h.example/key?a=1,b=2"
#EXT-X-DATERANGE:ID="ad",START-DATE="2026-11-24T12:00:00Z"
#EXT-X-PROGRAM-DATE-TIME:2026-11-24T12:00:00.500Z
#EXTINF:6,
a.ts
#EXTINF:4.5,a title
#EXT-X-BYTERANGE:1000@500
b.ts?token=x
`;
  expect(readPlaylist(text)).toMatchObject({
    reading: { 'EXT-X-MEDIA-SEQUENCE': 41, EXTINF: 2, newestExtinf: 4.5, programDateTime: '2026-11-24T12:00:06.500Z' },
    newest: { sequence: 42, uri: 'b.ts?token=x', extinf: 4.5, range: 'bytes=500-1499' },
  });
});

it.each(['soon', '999999999-01-01T00:00:00Z', ''])('leaves out the time %j', (time) => {
  const text = `#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXT-X-PROGRAM-DATE-TIME:${time}\n#EXTINF:6,\na.ts\n`;
  expect(readPlaylist(text)?.reading).toMatchObject({ newestExtinf: 6 });
  expect(readPlaylist(text)?.reading).not.toHaveProperty('programDateTime');
});

it('counts what a playlist of a whole evening lists, and looks only at its end', () => {
  const segment = (i: number): string =>
    `${i % 1000 === 0 ? '#EXT-X-DISCONTINUITY\n' : ''}#EXT-X-PROGRAM-DATE-TIME:${new Date(2000 * i).toISOString()}\n#EXTINF:2.0,\n${i}.ts\n`;
  const text = `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:7\n${Array.from({ length: 14_400 }, (_, i) => segment(i)).join('')}`;
  expect(readPlaylist(text)).toEqual({
    reading: {
      status: 200,
      'EXT-X-TARGETDURATION': 2,
      'EXT-X-MEDIA-SEQUENCE': 7,
      EXTINF: 14_400,
      'EXT-X-DISCONTINUITY': 15,
      newestExtinf: 2,
      programDateTime: new Date(2000 * 14_399).toISOString(),
    },
    newest: { sequence: 14_406, uri: '14399.ts', extinf: 2, range: null },
  });
});

it('is led on by a master playlist, and tells it from a media playlist', () => {
  const master =
    '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\nlow/index.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=9000\nhigh/index.m3u8\n';
  expect(firstVariant(master)).toBe('low/index.m3u8');
  expect(firstVariant(RECORDED)).toBeNull();
  expect(readPlaylist(master)).toBeNull();
});

it.each([
  '',
  '<html>',
  '#EXTM3U\n',
  '#EXTM3U\n#EXT-X-TARGETDURATION:x\n#EXTINF:2,\na.ts\n',
  '#EXTM3U\n#EXT-X-TARGETDURATION:-2\n#EXTINF:2,\na.ts\n',
  '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:-7\n#EXTINF:2,\na.ts\n',
  '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:99999999999999999999\n#EXTINF:2,\na.ts\n',
])('refuses %j', (text) => {
  expect(readPlaylist(text)).toBeNull();
});

it.each([
  ['a list of attributes without any', `#EXT-X-STREAM-INF:${','.repeat(200_000)}`],
  ['a key of 200 kB', `#EXT-X-KEY:${',a'.repeat(100_000)}`],
  ['200 kB of digits', `#EXTINF:${'1'.repeat(200_000)}`],
  ['200 kB of blanks', ' '.repeat(200_000)],
  ['15,000 segments', '#EXTINF:1,\na\n'.repeat(15_000)],
])('is done with %s in no time', (_, line) => {
  const began = performance.now();
  readPlaylist(`#EXTM3U\n${line}\nx.ts\n`);
  firstVariant(`#EXTM3U\n${line}\nx.ts\n`);
  expect(performance.now() - began).toBeLessThan(500);
});
