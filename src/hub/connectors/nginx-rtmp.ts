import { XMLParser } from 'fast-xml-parser';
import type { Measure } from '../doors.ts';
import { readUrl } from '../net/address.ts';
import { Unanswered } from '../net/ask.ts';
import type { WireDoors } from './connector.ts';
import { type AskIngest, type IngestReading, type IngestStream, IngestWire } from './ingest-wire.ts';

/** Which stream of which server is ours. The name may be the stream key: it is compared, never shown. */
export interface StatPlan {
  url: string;
  application: string;
  name: string;
}

/** Reads an nginx-rtmp `/stat` page: what the ingest itself has received. */
export function watchNginxRtmp(plan: StatPlan, doors: WireDoors & { measure: Measure }): IngestWire {
  const server = {
    kind: 'nginx-rtmp',
    opening: 'Asking the statistics page of the streaming server.',
    read: async (ask: AskIngest) => {
      const { status, body, ms } = await ask(readUrl(plan.url, ['http:', 'https:']));
      if (status !== 200) throw new Unanswered('closed', `The statistics page answers ${status}.`);
      const reading = readStat(body, plan);
      if (reading === null) throw new Unanswered('closed', 'The statistics page is not what nginx-rtmp writes.');
      return { reading, ms };
    },
  };
  return new IngestWire(server, doors);
}

const MAX_DEPTH = 32;
const MAX_ELEMENTS = 5000;

/**
 * @param xml the page as served
 * @returns our stream's figures under the names that nginx-rtmp gives them; null when it is not a stat page, or larger or
 *   deeper than one can be
 */
export function readStat(
  xml: string,
  { application, name }: { application: string; name: string },
): IngestReading | null {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml) || !isShallow(xml)) return null;
  let root: unknown;
  try {
    root = PARSER.parse(xml);
  } catch {
    // What cannot be parsed is no stat page; the caller says so in a sentence.
    return null;
  }
  const rtmp = child(root, 'rtmp');
  if (rtmp === null) return null;
  const app = list(
    child(list(rtmp, 'server')[0], 'application') === null ? null : list(rtmp, 'server')[0],
    'application',
  ).find((candidate) => text(candidate, 'name') === application);
  const stream = list(child(app, 'live'), 'stream').find((candidate) => text(candidate, 'name') === name);
  return {
    bytes_in: number(rtmp, 'bytes_in'),
    pid: number(rtmp, 'pid'),
    stream: stream === undefined ? null : readStream(stream),
  };
}

const PARSER = new XMLParser({ ignoreAttributes: true, parseTagValue: false, processEntities: false });

function readStream(stream: unknown): IngestStream {
  const publisher = list(stream, 'client').find((client) => has(client, 'publishing'));
  return {
    time: number(stream, 'time'),
    bw_in: number(stream, 'bw_in'),
    bytes_in: number(stream, 'bytes_in'),
    bw_video: number(stream, 'bw_video'),
    nclients: players(stream),
    publishing: has(stream, 'publishing'),
    active: has(stream, 'active'),
    client: { timestamp: publisher === undefined ? null : number(publisher, 'timestamp') },
  };
}

/** `nclients` counts publishers too; with `rtmp_stat global` no client is listed, and the stream itself says `publishing`. */
function players(stream: unknown): number | null {
  const all = number(stream, 'nclients');
  const clients = list(stream, 'client');
  const listed = clients.filter((client) => has(client, 'publishing')).length;
  const publishers = clients.length === 0 && has(stream, 'publishing') ? 1 : listed;
  return all === null ? null : Math.max(0, all - publishers);
}

/**
 * Counts tags before the parser sees them: what is deeper or longer than a stat page can be is not parsed. A tag ends at
 * the next `<` at the latest, or a page of `<a<a<a…` would take time with the square of its length.
 */
function isShallow(xml: string): boolean {
  let [depth, elements] = [0, 0];
  for (const [tag] of xml.matchAll(/<[/A-Za-z][^<>]*>/g)) {
    if (tag.startsWith('</')) depth -= 1;
    else {
      elements += 1;
      if (!tag.endsWith('/>')) depth += 1;
    }
    if (depth > MAX_DEPTH || elements > MAX_ELEMENTS) return false;
  }
  return true;
}

function child(node: unknown, name: string): unknown {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return null;
  return (node as Record<string, unknown>)[name];
}

function has(node: unknown, name: string): boolean {
  return typeof node === 'object' && node !== null && Object.hasOwn(node, name);
}

function list(node: unknown, name: string): unknown[] {
  const found = child(node, name);
  return found === null || found === '' ? [] : Array.isArray(found) ? found : [found];
}

function text(node: unknown, name: string): string | null {
  const found = child(node, name);
  return typeof found === 'string' ? found : null;
}

/** @returns null for what no counter can be: text, a negative, NaN or infinite number */
function number(node: unknown, name: string): number | null {
  const written = text(node, name)?.trim() ?? '';
  const value = Number(written);
  return written === '' || !Number.isFinite(value) || value < 0 ? null : value;
}
