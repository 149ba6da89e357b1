import { once } from 'node:events';
import { type IncomingMessage, type RequestListener, type Server, type ServerResponse, createServer } from 'node:http';
import { createServer as createSafeServer } from 'node:https';
import { gzipSync } from 'node:zlib';

/** How a web server that hands out a stream behaves; what is not said is as it should be. */
export interface WebManner {
  /** the playlist goes on; false: it stands still */
  goesOn: boolean;
  /** segments behind the newest that there is */
  behind: number;
  isDated: boolean;
  /** in place of the playlist */
  playlistBody: string | null;
  playlistStatus: number;
  playlistType: string;
  segmentType: string;
  /** null: the header is left out */
  playlistControl: string | null;
  segmentControl: string | null;
  missingControl: string | null;
  allowOrigin: string | null;
  hasTag: boolean;
  /** what a conditional question is answered with, when it is not 304 */
  conditionalStatus: number | null;
  gzips: boolean;
  takesRanges: boolean;
  /** what the second question for the same segment says */
  cacheSays: 'hit' | 'miss' | 'nothing';
  /** this server's clock ahead of ours */
  clockAheadMs: number;
  /** a captive portal: everything leads there */
  leadsTo: string | null;
}

const GOOD: WebManner = {
  goesOn: true,
  behind: 0,
  isDated: true,
  playlistBody: null,
  playlistStatus: 200,
  playlistType: 'application/vnd.apple.mpegurl',
  segmentType: 'video/mp2t',
  playlistControl: 'max-age=1',
  segmentControl: 'max-age=3600',
  missingControl: 'max-age=1',
  allowOrigin: '*',
  hasTag: true,
  conditionalStatus: null,
  gzips: true,
  takesRanges: true,
  cacheSays: 'hit',
  clockAheadMs: 0,
  leadsTo: null,
};

/** Seconds of a segment, as the playlist says. */
export const TARGET_SECONDS = 2;
const LISTED = 5;
const SEGMENT = Buffer.alloc(20_000, 'G');

export interface FakeWeb {
  /** of the playlist */
  url: string;
  origin: string;
  port: number;
  /** differs from good manner in these; what was said before is forgotten */
  behave: (manner: Partial<WebManner>) => void;
  stop: () => Promise<void>;
}

/** An origin or an edge on loopback, with or without TLS. */
export async function startFakeWeb(
  manner: Partial<WebManner> = {},
  { tls = null, host = '127.0.0.1' }: { tls?: { key: string; cert: string } | null; host?: string } = {},
): Promise<FakeWeb> {
  let now: WebManner = { ...GOOD, ...manner };
  const asked = new Map<string, number>();
  const listener: RequestListener = (request, response) => answer(request, response, now, asked);
  const server: Server = tls === null ? createServer(listener) : createSafeServer(tls, listener);
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const origin = `${tls === null ? 'http' : 'https'}://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
  return {
    url: `${origin}/live/stream.m3u8`,
    origin,
    port,
    behave: (change) => {
      now = { ...GOOD, ...change };
      asked.clear();
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, now: WebManner, asked: Map<string, number>): void {
  const path = request.url ?? '/';
  response.setHeader('date', new Date(Date.now() + now.clockAheadMs).toUTCString());
  if (now.leadsTo !== null) return end(response, 302, { location: now.leadsTo });
  if (now.allowOrigin !== null) response.setHeader('access-control-allow-origin', now.allowOrigin);
  if (path.endsWith('.m3u8')) return playlist(request, response, now);
  if (path.endsWith('.ts')) return segment(request, response, now, asked);
  end(response, 404, {});
}

function newest(now: WebManner): number {
  const at = now.goesOn ? Date.now() : 1_700_000_000_000;
  return Math.floor(at / (TARGET_SECONDS * 1000)) - now.behind;
}

function playlist(request: IncomingMessage, response: ServerResponse, now: WebManner): void {
  const last = newest(now);
  const first = last - LISTED + 1;
  const tag = `"p${last}"`;
  const headers = {
    ...control(now.playlistControl),
    'content-type': now.playlistType,
    ...(now.hasTag ? { etag: tag } : {}),
  };
  if (request.headers['if-none-match'] === tag) return end(response, now.conditionalStatus ?? 304, headers);
  const pieces = Array.from({ length: LISTED }, (_, i) => {
    const at = new Date((first + i) * TARGET_SECONDS * 1000).toISOString();
    return `${now.isDated ? `#EXT-X-PROGRAM-DATE-TIME:${at}\n` : ''}#EXTINF:${TARGET_SECONDS}.0,\nsegment-${first + i}.ts`;
  });
  const head = `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:${TARGET_SECONDS}\n#EXT-X-MEDIA-SEQUENCE:${first}`;
  const body = Buffer.from(now.playlistBody ?? `${head}\n${pieces.join('\n')}\n`);
  const zips = now.gzips && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  end(
    response,
    now.playlistStatus,
    { ...headers, ...(zips ? { 'content-encoding': 'gzip' } : {}) },
    zips ? gzipSync(body) : body,
  );
}

function segment(request: IncomingMessage, response: ServerResponse, now: WebManner, asked: Map<string, number>): void {
  const path = request.url ?? '';
  const number = Number(/segment-(\d+)\.ts/.exec(path)?.[1] ?? NaN);
  if (!(number <= newest({ ...now, behind: 0 }))) return end(response, 404, control(now.missingControl));
  const times = asked.get(path) ?? 0;
  asked.set(path, times + 1);
  const said = { hit: times > 0 ? 'HIT' : 'MISS', miss: 'MISS', nothing: null }[now.cacheSays];
  const cache: Record<string, string> = said === null ? {} : { 'x-cache': said };
  const headers = { ...control(now.segmentControl), ...cache, 'content-type': now.segmentType };
  const range = /^bytes=0-(\d+)$/.exec(request.headers.range ?? '');
  if (range === null || !now.takesRanges) return end(response, 200, headers, SEGMENT);
  const part = SEGMENT.subarray(0, Number(range[1]) + 1);
  end(response, 206, { ...headers, 'content-range': `bytes 0-${part.length - 1}/${SEGMENT.length}` }, part);
}

function control(value: string | null): Record<string, string> {
  return value === null ? {} : { 'cache-control': value };
}

function end(response: ServerResponse, status: number, headers: Record<string, string>, body = Buffer.alloc(0)): void {
  response.writeHead(status, headers);
  response.end(status === 304 ? undefined : body);
}
