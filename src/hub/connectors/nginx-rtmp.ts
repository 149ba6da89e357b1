import { XMLParser } from 'fast-xml-parser';
import type { Measure } from '../doors.ts';
import { RefusedAddress, readUrl } from '../net/address.ts';
import { Asker, Unanswered } from '../net/ask.ts';
import { Poller, Wire, type WireDoors } from './connector.ts';

const LIVE_MS = 500;
const IDLE_MS = 5000;
const DEADLINE_MS = 1000;
const MAX_BYTES = 1_000_000;

/** Which stream of which server is ours. The name may be the stream key: it is compared, never shown. */
export interface StatPlan {
  url: string;
  application: string;
  name: string;
}

/** Reads an nginx-rtmp `/stat` page: what the ingest itself has received. */
export class NginxRtmpConnector {
  readonly #plan: StatPlan;
  readonly #doors: WireDoors & { measure: Measure };
  readonly #wire: Wire;
  readonly #asker = new Asker();
  readonly #poller: Poller;
  #isLive = false;

  constructor(plan: StatPlan, doors: WireDoors & { measure: Measure }) {
    this.#plan = plan;
    this.#doors = doors;
    this.#wire = new Wire('rtmp', 'nginx-rtmp', doors);
    this.#poller = new Poller({
      ask: () => this.#ask(),
      everyMs: () => (this.#isLive ? LIVE_MS : IDLE_MS),
      failed: (error) => this.#refused(error),
    });
  }

  start(): void {
    this.#wire.set('connecting', 'Asking the statistics page of the streaming server.');
    this.#poller.start();
  }

  async stop(): Promise<void> {
    this.#asker.destroy();
    await this.#poller.stop();
    this.#wire.set('off', 'Not watched.');
  }

  setLive(isLive: boolean): void {
    if (isLive && !this.#isLive) this.#poller.hurry();
    this.#isLive = isLive;
  }

  async #ask(): Promise<void> {
    const url = readUrl(this.#plan.url, ['http:', 'https:']);
    const sent = this.#doors.readNow().mono;
    try {
      const question = { url, deadlineMs: DEADLINE_MS, maxBytes: MAX_BYTES, ownPorts: this.#doors.ownPorts() };
      const { status, body } = await this.#asker.get(question);
      if (status !== 200) throw new Unanswered('closed', `The statistics page answers ${status}.`);
      const data = readStat(body, this.#plan);
      if (data === null) throw new Unanswered('closed', 'The statistics page is not what nginx-rtmp writes.');
      this.#doors.measure({ source: 'rtmp', ms: middle(sent, this.#doors.readNow().mono), data });
      this.#wire.set('up', data.stream === null ? 'Connected; our stream is not listed.' : 'Connected.');
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      this.#doors.measure({ source: 'rtmp', ms: this.#doors.readNow().mono, error: error.error });
      this.#wire.set('down', error.message);
    }
  }

  #refused(error: unknown): void {
    const sentence = error instanceof RefusedAddress ? error.message : 'The statistics page could not be asked.';
    this.#wire.set('down', sentence);
  }
}

/** Midpoint of question and answer, whole ms (STR-9). */
export function middle(sent: number, received: number): number {
  return Math.round((sent + received) / 2);
}

export interface StatReading {
  bytes_in: number | null;
  pid: number | null;
  stream: {
    time: number | null;
    bw_in: number | null;
    bytes_in: number | null;
    bw_video: number | null;
    nclients: number | null;
    publishing: boolean;
    active: boolean;
    client: { timestamp: number | null };
  } | null;
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
): StatReading | null {
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

function readStream(stream: unknown): StatReading['stream'] {
  const publisher = list(stream, 'client').find((client) => has(client, 'publishing'));
  return {
    time: number(stream, 'time'),
    bw_in: number(stream, 'bw_in'),
    bytes_in: number(stream, 'bytes_in'),
    bw_video: number(stream, 'bw_video'),
    nclients: number(stream, 'nclients'),
    publishing: has(stream, 'publishing'),
    active: has(stream, 'active'),
    client: { timestamp: publisher === undefined ? null : number(publisher, 'timestamp') },
  };
}

/** Counts tags before the parser sees them: what is deeper or longer than a stat page can be is not parsed. */
function isShallow(xml: string): boolean {
  let [depth, elements] = [0, 0];
  for (const [tag] of xml.matchAll(/<[/A-Za-z][^>]*>/g)) {
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

function number(node: unknown, name: string): number | null {
  const value = text(node, name);
  return value === null || value.trim() === '' || !Number.isFinite(Number(value)) ? null : Number(value);
}
