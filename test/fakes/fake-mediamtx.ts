import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { portOf } from '../kit/door.ts';

/**
 * MediaMTX's API as far as it is asked here: paths and connections by name, its refusals, and the two generations of its
 * field names. Answers follow what v1.20 and older servers really wrote (bluenviron/mediamtx internal/defs, internal/api).
 */
export interface FakeMediaMtx {
  url: string;
  /** paths that were asked for, as they came over the line */
  readonly asked: readonly string[];
  publish: (path: string, publisher: FakePublisher) => void;
  /** the path is in the configuration, and nobody publishes */
  plan: (path: string) => void;
  /** the publisher is gone; a path that was not planned goes with it */
  leave: (path: string) => void;
  /** from now on connections are not found: it has just gone */
  hideConnections: () => void;
  /** from now on the API wants a password */
  lock: () => void;
  close: () => Promise<void>;
}

export interface FakePublisher {
  type: 'rtmpConn' | 'rtmpsConn' | 'srtConn' | 'rtspSession';
  id: string;
  bytes: number;
  readers: { type: string; id: string }[];
  srt?: Record<string, number>;
}

type Generation = 'present' | 'older';

export async function startFakeMediaMtx(generation: Generation = 'present'): Promise<FakeMediaMtx> {
  const paths = new Map<string, FakePublisher | null>();
  const planned = new Set<string>();
  const asked: string[] = [];
  let [hidden, locked] = [false, false];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    asked.push(request.url ?? '');
    const [, list = '', rest = ''] = /^\/v3\/(\w+)\/get\/(.+)$/.exec(request.url ?? '') ?? [];
    const name = decodeURIComponent(rest);
    if (locked) return say(response, 401, { status: 'error', error: 'authentication error' });
    if (list === 'paths') {
      const publisher = paths.get(name);
      if (publisher === undefined) return say(response, 404, { status: 'error', error: 'path not found' });
      return say(response, 200, pathAnswer(name, publisher, generation));
    }
    const connection = [...paths].find(([, publisher]) => publisher?.id === name && listOf(publisher) === list);
    if (list === '') response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
    else if (hidden || connection === undefined || connection[1] === null)
      say(response, 404, { status: 'error', error: 'connection not found' });
    else say(response, 200, connectionAnswer(connection[0], connection[1], generation));
  };
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    asked,
    publish: (path, publisher) => void paths.set(path, publisher),
    plan: (path) => {
      planned.add(path);
      paths.set(path, null);
    },
    leave: (path) => void (planned.has(path) ? paths.set(path, null) : paths.delete(path)),
    hideConnections: () => {
      hidden = true;
    },
    lock: () => {
      locked = true;
    },
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

function say(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

const LISTS = { rtmpConn: 'rtmpconns', rtmpsConn: 'rtmpsconns', srtConn: 'srtconns', rtspSession: 'rtspsessions' };
const listOf = ({ type }: FakePublisher): string => LISTS[type];
const SINCE = '2026-09-01T16:25:40.788540645Z';

function pathAnswer(name: string, publisher: FakePublisher | null, generation: Generation): unknown {
  const source = publisher && { type: publisher.type, id: publisher.id };
  const isThere = publisher !== null;
  const since = isThere ? SINCE : null;
  const tracks = isThere ? ['H264', 'MPEG-4 Audio'] : [];
  const readers = publisher?.readers ?? [];
  const bytes = publisher?.bytes ?? 0;
  const older = { name, confName: 'all_others', source, ready: isThere, readyTime: since, tracks };
  if (generation === 'older') return { ...older, bytesReceived: bytes, bytesSent: 0, readers };
  const available = { available: isThere, availableTime: since, online: isThere, onlineTime: since };
  const counters = { inboundBytes: bytes, outboundBytes: 0, inboundFramesInError: 0 };
  return { ...older, ...available, readers, ...counters, bytesReceived: bytes, bytesSent: 0 };
}

function connectionAnswer(path: string, publisher: FakePublisher, generation: Generation): unknown {
  const { id, bytes, srt = {} } = publisher;
  // A connection counts what is around the media too.
  const received = bytes + 3428;
  const common = { id, created: SINCE, remoteAddr: '127.0.0.1:52152', state: 'publish', path, query: 'pass=secret' };
  const present = generation === 'present' ? { user: '', inboundBytes: received, outboundBytes: 3500 } : {};
  return { ...common, ...present, bytesReceived: received, bytesSent: 3500, ...srt };
}
