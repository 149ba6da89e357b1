import type { Log, Measure, ReadNow } from '../doors.ts';
import { RefusedAddress, readUrl } from '../net/address.ts';
import { Asker, Unanswered } from '../net/ask.ts';
import { tenth } from '../net/knock.ts';
import type { Segment } from '../net/playlist.ts';
import { keyframeSpacingMs } from '../net/transport-stream.ts';

const EVERY = 3;
const DEADLINE_MS = 3000;
/** 10 s at 16 Mbit/s; larger is no segment for people to watch */
const MAX_BYTES = 20_000_000;

export interface SegmentDoors {
  readNow: ReadNow;
  measure: Measure;
  log: Log;
  /** ports of our own listeners, never to be asked */
  ownPorts: () => readonly number[];
}

/**
 * Fetches every third newest segment whole, once, as a viewer's player would (STR-4): how long it takes against its own
 * length, and how far apart the keyframes are. One flight at a time; whoever offers a segment never waits for it.
 */
export class SegmentFetcher {
  readonly #source: 'hls-segment' | 'edge-segment';
  readonly #doors: SegmentDoors;
  readonly #asker = new Asker();
  #fetched: number | null = null;
  #flight: Promise<void> | null = null;
  #isStopped = false;
  #areElsewhere = false;

  constructor(playlist: 'hls' | 'edge', doors: SegmentDoors) {
    this.#source = `${playlist}-segment`;
    this.#doors = doors;
  }

  /** the playlist names another host: nothing is fetched from there */
  get areElsewhere(): boolean {
    return this.#areElsewhere;
  }

  /** @param playlist where the segment was named */
  consider(playlist: URL, segment: Segment): void {
    if (this.#flight !== null || this.#isStopped || !this.#isDue(segment.sequence)) return;
    const url = placeOf(segment, playlist);
    if (url === null) return this.#leave();
    this.#areElsewhere = false;
    this.#fetched = segment.sequence;
    this.#flight = this.#fetch(url, segment).finally(() => {
      this.#flight = null;
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#asker.destroy();
    await this.#flight;
  }

  /** A packager that has begun again counts from below. */
  #isDue(sequence: number): boolean {
    return this.#fetched === null || sequence < this.#fetched || sequence >= this.#fetched + EVERY;
  }

  #leave(): void {
    if (!this.#areElsewhere) this.#doors.log({ level: 'warn', kind: 'segments-elsewhere', source: this.#source });
    this.#areElsewhere = true;
  }

  async #fetch(url: URL, segment: Segment): Promise<void> {
    const sent = this.#doors.readNow().mono;
    const began = performance.now();
    try {
      const { status, bytes } = await this.#asker.getBytes({
        url,
        headers: segment.range === null ? {} : { range: segment.range },
        deadlineMs: DEADLINE_MS,
        maxBytes: MAX_BYTES,
        ownPorts: this.#doors.ownPorts(),
      });
      const tookMs = tenth(performance.now() - began);
      if (status !== 200 && status !== 206) throw new Unanswered('closed', `The segment answers ${status}.`);
      const { sequence, extinf } = segment;
      const keyframeMs = keyframeSpacingMs(bytes, extinf === null ? null : extinf * 1000);
      const ms = Math.round((sent + this.#doors.readNow().mono) / 2);
      const data = { sequence, tookMs, extinf, bytes: bytes.length, keyframeMs };
      if (!this.#isStopped) this.#doors.measure({ source: this.#source, ms, data });
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Here a flight's failures end, like those of a poll. */
  #failed(error: unknown): void {
    if (this.#isStopped) return;
    if (error instanceof Unanswered) {
      this.#doors.measure({ source: this.#source, ms: this.#doors.readNow().mono, error: error.error });
      return;
    }
    const name = error instanceof Error ? error.name : 'unknown';
    this.#doors.log({ level: 'warn', kind: 'segment-not-asked', source: this.#source, error: name });
  }
}

/** @returns null when it is no place that may be asked: only the playlist's own host is */
function placeOf(segment: Segment, playlist: URL): URL | null {
  if (!URL.canParse(segment.uri, playlist.href)) return null;
  try {
    const url = readUrl(new URL(segment.uri, playlist).href, ['http:', 'https:']);
    return url.host === playlist.host ? url : null;
  } catch (error) {
    if (error instanceof RefusedAddress) return null;
    throw error;
  }
}
