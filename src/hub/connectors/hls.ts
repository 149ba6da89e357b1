import { Parser } from 'm3u8-parser';
import { asNumber, asRecord, asText } from '../../domain/health/sample.ts';
import type { Measure } from '../doors.ts';
import { RefusedAddress, readUrl } from '../net/address.ts';
import { type Answer, Asker, Unanswered } from '../net/ask.ts';
import { Poller, Wire, type WireDoors } from './connector.ts';
import { middle } from './nginx-rtmp.ts';

const IDLE_MS = 10_000;
const DEADLINE_MS = 1000;
const MAX_BYTES = 256_000;
const FASTEST_MS = 1000;
const SLOWEST_MS = 3000;

/** Watches one HLS playlist, at the origin (`hls`) or at the edge: does it go on, and is it fresh. */
export class HlsConnector {
  readonly #source: 'hls' | 'edge';
  readonly #address: string;
  readonly #doors: WireDoors & { measure: Measure };
  readonly #wire: Wire;
  readonly #asker = new Asker();
  readonly #poller: Poller;
  #isLive = false;
  /** a master playlist leads to this one, on the same host */
  #variant: URL | null = null;
  #last: { reading: PlaylistReading; etag: string | null; modified: string | null } | null = null;

  constructor(source: 'hls' | 'edge', address: string, doors: WireDoors & { measure: Measure }) {
    this.#source = source;
    this.#address = address;
    this.#doors = doors;
    this.#wire = new Wire(source, 'hls', doors);
    this.#poller = new Poller({
      ask: () => this.#ask(),
      everyMs: () => this.#everyMs(),
      failed: (error) => this.#refused(error),
    });
  }

  start(): void {
    this.#wire.set('connecting', 'Asking for the playlist.');
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

  /** Half a target duration while live, within 1 to 3 s. */
  #everyMs(): number {
    if (!this.#isLive) return IDLE_MS;
    const target = this.#last?.reading['EXT-X-TARGETDURATION'] ?? 0;
    return Math.min(SLOWEST_MS, Math.max(FASTEST_MS, target * 500));
  }

  async #ask(): Promise<void> {
    const url = this.#variant ?? readUrl(this.#address, ['http:', 'https:']);
    const sent = this.#doors.readNow().mono;
    try {
      const headers = conditions(this.#last);
      const ownPorts = this.#doors.ownPorts();
      const answer = await this.#asker.get({ url, headers, deadlineMs: DEADLINE_MS, maxBytes: MAX_BYTES, ownPorts });
      const data = this.#read(answer, url);
      if (data === null) return;
      this.#doors.measure({ source: this.#source, ms: middle(sent, this.#doors.readNow().mono), data });
      const good = data.status === 200;
      this.#wire.set(
        good || data.status === 404 ? 'up' : 'down',
        good ? 'Connected.' : `The playlist answers ${data.status}.`,
      );
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      this.#doors.measure({ source: this.#source, ms: this.#doors.readNow().mono, error: error.error });
      this.#wire.set('down', error.message);
    }
  }

  /** @returns null when the answer only led on to another playlist */
  #read(answer: Answer, url: URL): PlaylistReading | { status: number } | null {
    if (answer.status === 304 && this.#last !== null) return this.#last.reading;
    this.#last = null;
    if (answer.status !== 200) return { status: answer.status };
    const variant = firstVariant(answer.body);
    if (variant !== null) {
      const next = new URL(variant, url);
      if (next.host !== url.host) throw new Unanswered('closed', 'The playlist leads to another host.');
      this.#variant = next;
      this.#poller.hurry();
      return null;
    }
    const reading = readPlaylist(answer.body);
    if (reading === null) throw new Unanswered('closed', 'The answer is not a playlist.');
    this.#last = { reading, etag: answer.headers.etag ?? null, modified: answer.headers['last-modified'] ?? null };
    return reading;
  }

  #refused(error: unknown): void {
    this.#wire.set('down', error instanceof RefusedAddress ? error.message : 'The playlist could not be asked for.');
  }
}

/** Named as in the playlist and in recorded traces; `EXTINF` is the number of segments listed. */
export interface PlaylistReading {
  status: 200;
  'EXT-X-TARGETDURATION': number;
  'EXT-X-MEDIA-SEQUENCE': number;
  EXTINF: number;
  'EXT-X-DISCONTINUITY': number;
}

/** @returns null when the text is no media playlist */
export function readPlaylist(text: string): PlaylistReading | null {
  const manifest = parse(text);
  const target = asNumber(manifest?.['targetDuration']);
  const segments = manifest?.['segments'];
  if (manifest === null || target === null || !Array.isArray(segments) || segments.length === 0) return null;
  const breaks = manifest['discontinuityStarts'];
  return {
    status: 200,
    'EXT-X-TARGETDURATION': target,
    'EXT-X-MEDIA-SEQUENCE': asNumber(manifest['mediaSequence']) ?? 0,
    EXTINF: segments.length,
    'EXT-X-DISCONTINUITY': Array.isArray(breaks) ? breaks.length : 0,
  };
}

/** @returns address of the first variant of a master playlist; null for a media playlist */
export function firstVariant(text: string): string | null {
  const playlists = parse(text)?.['playlists'];
  return Array.isArray(playlists) ? asText(asRecord(playlists[0])?.['uri']) : null;
}

function parse(text: string): Record<string, unknown> | null {
  if (!text.trimStart().startsWith('#EXTM3U')) return null;
  const parser = new Parser();
  parser.push(text);
  parser.end();
  return asRecord(parser.manifest);
}

function conditions(last: { etag: string | null; modified: string | null } | null): Record<string, string> {
  if (last?.etag) return { 'if-none-match': last.etag };
  if (last?.modified) return { 'if-modified-since': last.modified };
  return {};
}
