import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type FakePage, startFakePage } from './hostile-page.ts';

/** A real segment of 4 s, a keyframe each second. */
export const SEGMENT = readFileSync(
  join(import.meta.dirname, '../fixtures/stream/segment-keyframe-each-second.mpegts'),
);

export interface FakeHls extends FakePage {
  /** address of the playlist */
  playlist: string;
  /** paths that were asked for */
  readonly asked: readonly string[];
  /** the packager publishes so many more segments */
  advance: (segments: number) => void;
  /** how a segment is served; null: whole and at once */
  serveSegments: (serve: ((response: ServerResponse) => void) | null) => void;
  /** what a segment's address begins with, e.g. another host */
  placeSegments: (before: string) => void;
}

/** A live playlist of three segments of 4 s with ETag, as a packager publishes it. */
export async function startFakeHls(): Promise<FakeHls> {
  let sequence = 100;
  let before = '';
  let serve: ((response: ServerResponse) => void) | null = null;
  const asked: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    asked.push(request.url ?? '');
    if (request.url !== '/live.m3u8') return serve === null ? void response.end(SEGMENT) : serve(response);
    const etag = `"${sequence}"`;
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
    response.writeHead(200, { etag, 'content-type': 'application/vnd.apple.mpegurl' });
    response.end(playlistFrom(sequence, before));
  };
  const page = await startFakePage(answer);
  return {
    ...page,
    playlist: `${page.url}/live.m3u8`,
    asked,
    advance: (segments) => {
      sequence += segments;
    },
    serveSegments: (next) => {
      serve = next;
    },
    placeSegments: (next) => {
      before = next;
    },
  };
}

function playlistFrom(sequence: number, before: string): string {
  const segments = [0, 1, 2].map((i) => {
    const began = new Date(Date.UTC(2026, 10, 24) + (sequence + i) * 4000).toISOString();
    return `#EXT-X-PROGRAM-DATE-TIME:${began}\n#EXTINF:4.000,\n${before}seg-${sequence + i}.ts\n`;
  });
  return `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:${sequence}\n${segments.join('')}`;
}
