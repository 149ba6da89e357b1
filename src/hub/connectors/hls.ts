import type { Measure } from '../doors.ts';
import { RefusedAddress, readUrl } from '../net/address.ts';
import { type Answer, Asker, Unanswered } from '../net/ask.ts';
import { type Playlist, type PlaylistReading, firstVariant, readPlaylist } from '../net/playlist.ts';
import { Poller, Wire, type WireDoors, middle } from './connector.ts';
import { SegmentFetcher } from './hls-segment.ts';

const IDLE_MS = 10_000;
const DEADLINE_MS = 1000;
const MAX_BYTES = 1_000_000;
const FASTEST_MS = 1000;
const SLOWEST_MS = 3000;

/**
 * Watches one HLS playlist, at the origin (`hls`) or at the edge: does it go on, and is it fresh. While live every third
 * segment is fetched too, beside the polling and never in its way.
 */
export class HlsConnector {
  readonly #source: 'hls' | 'edge';
  readonly #address: string;
  readonly #doors: WireDoors & { measure: Measure };
  readonly #wire: Wire;
  readonly #asker = new Asker();
  readonly #poller: Poller;
  readonly #segments: SegmentFetcher;
  #isLive = false;
  /** a master playlist leads to this one, on the same host; forgotten once it does not answer with a playlist */
  #variant: URL | null = null;
  #last: { playlist: Playlist; body: string; etag: string | null; modified: string | null } | null = null;

  constructor(source: 'hls' | 'edge', address: string, doors: WireDoors & { measure: Measure }) {
    this.#source = source;
    this.#address = address;
    this.#doors = doors;
    this.#wire = new Wire(source, 'hls', doors);
    this.#segments = new SegmentFetcher(source, doors);
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
    await Promise.all([this.#poller.stop(), this.#segments.stop()]);
    this.#wire.set('off', 'Not watched.');
  }

  setLive(isLive: boolean): void {
    if (isLive && !this.#isLive) this.#poller.hurry();
    this.#isLive = isLive;
  }

  /** Half a target duration while live, within 1 to 3 s. */
  #everyMs(): number {
    if (!this.#isLive) return IDLE_MS;
    const target = this.#last?.playlist.reading['EXT-X-TARGETDURATION'] ?? 0;
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
      this.#say(data.status);
      if (data.status !== 200) this.#variant = null;
      if (this.#isLive && this.#last !== null) this.#segments.consider(url, this.#last.playlist.newest);
    } catch (error) {
      this.#variant = null;
      if (!(error instanceof Unanswered)) throw error;
      this.#doors.measure({ source: this.#source, ms: this.#doors.readNow().mono, error: error.error });
      this.#wire.set('down', error.message);
    }
  }

  #say(status: number): void {
    const connected = this.#segments.areElsewhere
      ? 'Connected. Its segments are on another host: they are not checked.'
      : 'Connected.';
    const isUp = status === 200 || status === 404;
    this.#wire.set(isUp ? 'up' : 'down', status === 200 ? connected : `The playlist answers ${status}.`);
  }

  /** @returns null when the answer only led on to another playlist */
  #read(answer: Answer, url: URL): PlaylistReading | { status: number } | null {
    if (answer.status === 304 && this.#last !== null) return this.#last.playlist.reading;
    // Asked twice in each segment's time, so half of the answers say the same again, and not every server says 304.
    if (answer.status === 200 && answer.body === this.#last?.body) return this.#last.playlist.reading;
    this.#last = null;
    if (answer.status !== 200) return { status: answer.status };
    const variant = leadsOn(answer.body) ? firstVariant(answer.body) : null;
    if (variant !== null) {
      const next = URL.canParse(variant, url.href) ? new URL(variant, url) : null;
      if (next === null || next.host !== url.host)
        throw new Unanswered('closed', 'The playlist leads to another host.');
      this.#variant = next;
      this.#poller.hurry();
      return null;
    }
    const playlist = readPlaylist(answer.body);
    if (playlist === null) throw new Unanswered('closed', 'The answer is not a playlist.');
    const { etag = null, 'last-modified': modified = null } = answer.headers;
    this.#last = { playlist, body: answer.body, etag, modified };
    return playlist.reading;
  }

  #refused(error: unknown): void {
    this.#wire.set('down', error instanceof RefusedAddress ? error.message : 'The playlist could not be asked for.');
  }
}

/** Only a master playlist is read for its variants. */
function leadsOn(text: string): boolean {
  return text.includes('#EXT-X-STREAM-INF');
}

function conditions(last: { etag: string | null; modified: string | null } | null): Record<string, string> {
  if (last?.etag) return { 'if-none-match': last.etag };
  if (last?.modified) return { 'if-modified-since': last.modified };
  return {};
}
