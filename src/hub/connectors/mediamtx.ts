import { type Raw, asFlag, asNumber, asRecord, asText } from '../../domain/health/sample.ts';
import type { Measure } from '../doors.ts';
import { RefusedAddress, readUrl } from '../net/address.ts';
import { Unanswered } from '../net/ask.ts';
import type { WireDoors } from './connector.ts';
import { type AskIngest, type IngestReading, type IngestStream, IngestWire } from './ingest-wire.ts';

/** Where MediaMTX's API is and which path is ours. The path may be the stream key: it is asked for, never shown. */
export interface MediaMtxPlan {
  url: string;
  path: string;
}

/**
 * Reads MediaMTX's API, version 3: what it has received on our path, who is watching, and how the publisher's connection
 * fares. Both generations of its field names are read.
 *
 * @see bluenviron/mediamtx internal/defs/api_path.go, api_rtmp.go, api_srt.go
 */
export function watchMediaMtx(plan: MediaMtxPlan, doors: WireDoors & { measure: Measure }): IngestWire {
  const server = {
    kind: 'mediamtx',
    opening: 'Asking MediaMTX about our stream.',
    read: (ask: AskIngest) => readPath(plan, ask),
  };
  return new IngestWire(server, doors);
}

async function readPath(plan: MediaMtxPlan, ask: AskIngest): Promise<{ reading: IngestReading; ms: number }> {
  const base = readUrl(plan.url, ['http:', 'https:']);
  const { status, body, ms } = await ask(placeOf(base, 'paths', plan.path.split('/')));
  if (status === 404 && isOfMediaMtx(body)) return { reading: { bytes_in: null, pid: null, stream: null }, ms };
  if (status === 401 || status === 403)
    throw new Unanswered('closed', 'MediaMTX asks for a password: let this computer use its API without one.');
  if (status !== 200) throw new Unanswered('closed', `MediaMTX answers ${status}.`);
  const path = recordOf(body);
  if (path === null || !isPath(path)) throw new Unanswered('closed', 'The answer is not what MediaMTX writes.');
  const source = asRecord(path['source']);
  // Absent or null: the path is planned, and nobody publishes on it.
  if (source === null || asFlag(path['online']) === false)
    return { reading: { bytes_in: null, pid: null, stream: null }, ms };
  const connection = await readConnection(base, source, ask);
  return { reading: { bytes_in: null, pid: null, stream: streamOf(path, source, connection) }, ms };
}

/** A missing path is told in JSON, or without a word; a page or a router's own text is another server's. */
function isOfMediaMtx(body: string): boolean {
  return body.trim() === '' || recordOf(body) !== null;
}

function isPath(path: Raw): boolean {
  return asText(path['name']) !== null || 'source' in path || 'ready' in path || 'available' in path;
}

/** @see internal/api/api.go: one list of connections for each protocol; others have no figures that are read here */
const CONNECTIONS: Record<string, string> = { rtmpConn: 'rtmpconns', rtmpsConn: 'rtmpsconns', srtConn: 'srtconns' };
const LONGEST_ID = 100;

/** The publisher's own connection; null when it has none, has just gone, or does not answer: the path's figures stand. */
async function readConnection(base: URL, source: Raw, ask: AskIngest): Promise<Raw | null> {
  const list = CONNECTIONS[asText(source['type']) ?? ''];
  const id = asText(source['id']);
  if (list === undefined || id === null || id === '' || id.length > LONGEST_ID || /^\.+$/.test(id)) return null;
  try {
    const { status, body } = await ask(placeOf(base, list, [id]));
    return status === 200 ? recordOf(body) : null;
  } catch (error) {
    if (error instanceof Unanswered) return null;
    throw error;
  }
}

function streamOf(path: Raw, source: Raw, connection: Raw | null): IngestStream {
  const id = asText(source['id'])?.slice(0, LONGEST_ID) ?? '';
  const viewers = viewersOf(path);
  const srt = asText(source['type']) === 'srtConn' ? srtOf(connection) : null;
  return {
    time: null,
    bytes_in: bytesOf(path) ?? bytesOf(connection),
    bw_in: null,
    bw_video: null,
    nclients: viewers,
    publishing: true,
    active: asFlag(path['available']) ?? asFlag(path['ready']) ?? true,
    client: { timestamp: null },
    ...(id === '' ? {} : { id }),
    ...(viewers === null ? {} : { readers: viewers }),
    ...(srt === null ? {} : { srt }),
  };
}

function bytesOf(record: Raw | null): number | null {
  return countOf(record?.['inboundBytes']) ?? countOf(record?.['bytesReceived']);
}

/** A counter is never below 0; what is, is not known. */
function countOf(value: unknown): number | null {
  const count = asNumber(value);
  return count === null || count < 0 ? null : count;
}

/** Older versions list one `hlsMuxer` for all who watch over HLS: then their number is not known. */
function viewersOf(path: Raw): number | null {
  const readers = path['readers'];
  if (!Array.isArray(readers)) return null;
  return readers.some((reader) => asRecord(reader)?.['type'] === 'hlsMuxer') ? null : readers.length;
}

const SRT_FIGURES = [
  'msRTT',
  'msReceiveTsbPdDelay',
  'packetsReceived',
  'packetsReceivedUnique',
  'packetsReceivedLoss',
  'packetsReceivedDrop',
];

function srtOf(connection: Raw | null): Raw | null {
  const figures = SRT_FIGURES.flatMap((name): [string, number][] => {
    const value = countOf(connection?.[name]);
    return value === null ? [] : [[name, value]];
  });
  return figures.length === 0 ? null : Object.fromEntries(figures);
}

/** @returns e.g. `/v3/paths/get/live/show`, below the path of the API's own address, every part escaped */
function placeOf(base: URL, list: string, parts: string[]): URL {
  // A URL would take these as steps to elsewhere.
  if (parts.some((part) => part === '.' || part === '..'))
    throw new RefusedAddress('The path of the stream may not contain dots alone.');
  const url = new URL(base);
  const escaped = parts.map((part) => encodeURIComponent(part)).join('/');
  url.pathname = `${base.pathname.replace(/\/+$/, '')}/v3/${list}/get/${escaped}`;
  return url;
}

function recordOf(body: string): Raw | null {
  try {
    return asRecord(JSON.parse(body));
  } catch {
    // No JSON: the caller says so in a sentence.
    return null;
  }
}
