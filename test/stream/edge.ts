import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { gzipSync } from 'node:zlib';

/**
 * An edge in front of an origin: hands on what the origin says, keeps the newest answer of each path, and can be made
 * stale (hands out what it has kept) or broken (a status of its own). Without manners it adds no header of its own, as
 * nginx does out of the box.
 */
export interface Edge {
  /** `http://127.0.0.1:<port>` */
  url: string;
  freeze: () => void;
  fail: (status: number) => void;
  heal: () => void;
  /** from now on; null: none */
  behave: (manners: Manners | null) => void;
  stop: () => Promise<void>;
}

/** What an edge says and does beside handing on. */
export interface Manners {
  /** Cache-Control of the playlist, of segments, of what is not there; null: none */
  keepPlaylist: string | null;
  keepSegment: string | null;
  keepMissing: string | null;
  /** Access-Control-Allow-Origin */
  allows: string | null;
  /** ETag, and 304 where nothing has changed */
  tags: boolean;
  /** gzip of the playlist and parts of segments */
  helps: boolean;
  /** X-Cache tells hits; off: it tells that every answer was a miss */
  caches: boolean;
  playlistType: string;
}

/** What every check of the audit's caching group passes, for segments of two seconds. */
export const GOOD_MANNERS: Manners = {
  keepPlaylist: 'max-age=1',
  keepSegment: 'max-age=3600',
  keepMissing: 'no-store',
  allows: '*',
  tags: true,
  helps: true,
  caches: true,
  playlistType: 'application/vnd.apple.mpegurl',
};

interface Kept {
  status: number;
  type: string;
  body: Buffer;
}

const ORIGIN_DEADLINE_MS = 1000;

/** @param origin `http://host:port`, whose paths it serves */
export async function startEdge(origin: string): Promise<Edge> {
  const kept = new Map<string, Kept>();
  let mood: { kind: 'fine' } | { kind: 'frozen' } | { kind: 'failing'; status: number } = { kind: 'fine' };
  let manners: Manners | null = null;
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '/';
    const wasKept = kept.has(path);
    const answer = async (): Promise<Kept> => {
      if (mood.kind === 'failing') return { status: mood.status, type: 'text/plain', body: Buffer.from('edge') };
      const known = kept.get(path);
      if (mood.kind === 'frozen' && known) return known;
      const fresh = await fetched(origin + path);
      if (fresh.status === 200) kept.set(path, fresh);
      return fresh;
    };
    void answer().then((found) => {
      if (manners === null) return give(request, response, found, {});
      politely(request, response, found, { manners, wasKept });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    freeze: () => (mood = { kind: 'frozen' }),
    fail: (status) => (mood = { kind: 'failing', status }),
    heal: () => (mood = { kind: 'fine' }),
    behave: (wanted) => (manners = wanted),
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function give(
  { method }: IncomingMessage,
  response: ServerResponse,
  { status, type, body }: Kept,
  headers: Record<string, string>,
): void {
  response.writeHead(status, { 'content-type': type, 'content-length': body.length, ...headers });
  response.end(method === 'HEAD' ? undefined : body);
}

function politely(
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, body }: Kept,
  { manners, wasKept }: { manners: Manners; wasKept: boolean },
): void {
  const isPlaylist = (request.url ?? '').includes('.m3u8');
  const keep = status !== 200 ? manners.keepMissing : isPlaylist ? manners.keepPlaylist : manners.keepSegment;
  const headers: Record<string, string> = { 'x-cache': manners.caches && wasKept ? 'HIT' : 'MISS' };
  if (keep !== null) headers['cache-control'] = keep;
  if (manners.allows !== null) headers['access-control-allow-origin'] = manners.allows;
  if (status !== 200) return give(request, response, { status, type, body }, headers);
  const said = isPlaylist ? manners.playlistType : type;
  if (manners.tags) {
    headers['etag'] = `"${createHash('sha1').update(body).digest('base64url')}"`;
    if (request.headers['if-none-match'] === headers['etag'])
      return give(request, response, { status: 304, type: said, body: Buffer.alloc(0) }, headers);
  }
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  if (manners.helps && range !== null) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    headers['content-range'] = `bytes ${from}-${to}/${body.length}`;
    return give(request, response, { status: 206, type: said, body: body.subarray(from, to + 1) }, headers);
  }
  if (manners.helps && isPlaylist && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
    headers['content-encoding'] = 'gzip';
    return give(request, response, { status, type: said, body: gzipSync(body) }, headers);
  }
  give(request, response, { status, type: said, body }, headers);
}

async function fetched(url: string): Promise<Kept> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ORIGIN_DEADLINE_MS) });
    const body = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, type: answer.headers.get('content-type') ?? 'text/plain', body };
  } catch {
    // The origin is away: an edge says so with a status of its own.
    return { status: 504, type: 'text/plain', body: Buffer.from('origin away') };
  }
}
