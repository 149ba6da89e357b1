import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { firstVariant, readPlaylist } from './hls.ts';

const RECORDED = readFileSync(
  join(import.meta.dirname, '../../../test/fixtures/stream/nginx-rtmp-1.1.4-playlist.m3u8'),
  'utf8',
);

it('reads what nginx-rtmp really published', () => {
  expect(readPlaylist(RECORDED)).toEqual({
    status: 200,
    'EXT-X-TARGETDURATION': 2,
    'EXT-X-MEDIA-SEQUENCE': 0,
    EXTINF: RECORDED.match(/#EXTINF/g)?.length,
    'EXT-X-DISCONTINUITY': 1,
  });
});

it('is led on by a master playlist, and tells it from a media playlist', () => {
  const master =
    '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\nlow/index.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=9000\nhigh/index.m3u8\n';
  expect(firstVariant(master)).toBe('low/index.m3u8');
  expect(firstVariant(RECORDED)).toBeNull();
  expect(readPlaylist(master)).toBeNull();
});

it.each(['', '<html>', '#EXTM3U\n', '#EXTM3U\n#EXT-X-TARGETDURATION:x\n#EXTINF:2,\na.ts\n'])('refuses %j', (text) => {
  expect(readPlaylist(text)).toBeNull();
});
