import { once } from 'node:events';
import { type Server, createServer } from 'node:http';

/**
 * An edge in front of an origin: hands on what the origin says, keeps the newest answer of each path, and can be made
 * stale (hands out what it has kept) or broken (a status of its own).
 */
export interface Edge {
  /** `http://127.0.0.1:<port>` */
  url: string;
  freeze: () => void;
  fail: (status: number) => void;
  heal: () => void;
  stop: () => Promise<void>;
}

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
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '/';
    const answer = async (): Promise<Kept> => {
      if (mood.kind === 'failing') return { status: mood.status, type: 'text/plain', body: Buffer.from('edge') };
      const known = kept.get(path);
      if (mood.kind === 'frozen' && known) return known;
      const fresh = await fetched(origin + path);
      if (fresh.status === 200) kept.set(path, fresh);
      return fresh;
    };
    void answer().then(({ status, type, body }) => {
      response.writeHead(status, { 'content-type': type, 'content-length': body.length });
      response.end(request.method === 'HEAD' ? undefined : body);
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
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
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
