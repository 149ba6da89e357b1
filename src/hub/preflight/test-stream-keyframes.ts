/** One video message of an RTMP publisher: is it a picture that stands by itself, and when in media time, ms. */
export interface VideoBeat {
  isKeyframe: boolean;
  ms: number;
}

/** RTMP 1.0, sections 5.2 to 5.4 and 7.1. */
const HANDSHAKE_BYTES = 1 + 1536 + 1536;
const DEFAULT_CHUNK = 128;
const HEADER_BYTES = [11, 7, 3, 0] as const;
const EXTENDED_TIME = 0xffffff;
const SET_CHUNK_SIZE = 1;
const VIDEO = 9;

interface Stream {
  length: number;
  type: number;
  /** of the message that is being received, ms */
  time: number;
  delta: number;
  extended: boolean;
  received: number;
}

/**
 * Reads along what a publisher sends to its ingest and tells its video messages: only their first two bytes are looked
 * at. It never fails: what it does not understand ends its reading, and the line goes on.
 */
export class KeyframeReader {
  readonly #tell: (beat: VideoBeat) => void;
  readonly #streams = new Map<number, Stream>();
  #skip = HANDSHAKE_BYTES;
  #rest: Buffer = Buffer.alloc(0);
  #chunk = DEFAULT_CHUNK;
  #isLost = false;

  constructor(tell: (beat: VideoBeat) => void) {
    this.#tell = tell;
  }

  /** the line was no RTMP as we know it: what was told until then holds, and nothing more comes */
  get isLost(): boolean {
    return this.#isLost;
  }

  read(bytes: Buffer): void {
    if (this.#isLost) return;
    let fresh = bytes;
    if (this.#skip > 0) {
      const skipped = Math.min(this.#skip, fresh.length);
      this.#skip -= skipped;
      fresh = fresh.subarray(skipped);
    }
    if (fresh.length === 0) return;
    this.#rest = this.#rest.length === 0 ? fresh : Buffer.concat([this.#rest, fresh]);
    let used = this.#take();
    while (used > 0) {
      this.#rest = this.#rest.subarray(used);
      used = this.#isLost ? 0 : this.#take();
    }
  }

  /** @returns bytes of the chunk at the front, 0 while it is not all there */
  #take(): number {
    const basic = this.#basicHeader();
    if (basic === null) return 0;
    const { format, id, bytes } = basic;
    const known = this.#streams.get(id);
    const head = HEADER_BYTES[format];
    if (head === undefined || (known === undefined && format > 1)) return this.#lose();
    let at = bytes + head;
    if (this.#rest.length < at) return 0;
    const short = format === 3 ? null : this.#rest.readUIntBE(bytes, 3);
    const extended = short === null ? (known?.extended ?? false) : short === EXTENDED_TIME;
    if (extended && this.#rest.length < at + 4) return 0;
    const time = extended ? this.#rest.readUInt32BE(at) : short;
    if (extended) at += 4;
    const stream: Stream = {
      length: format <= 1 ? this.#rest.readUIntBE(bytes + 3, 3) : (known?.length ?? 0),
      type: format <= 1 ? this.#rest.readUInt8(bytes + 6) : (known?.type ?? 0),
      ...timeOf(format, time, known),
      extended,
      received: known?.received ?? 0,
    };
    const part = Math.min(this.#chunk, stream.length - stream.received);
    if (this.#rest.length < at + part) return 0;
    this.#look(stream, this.#rest.subarray(at, at + part));
    stream.received = stream.received + part >= stream.length ? 0 : stream.received + part;
    this.#streams.set(id, stream);
    return at + part;
  }

  #basicHeader(): { format: 0 | 1 | 2 | 3; id: number; bytes: number } | null {
    const first = this.#rest[0];
    if (first === undefined) return null;
    const bits = first >> 6;
    const format = bits === 0 ? 0 : bits === 1 ? 1 : bits === 2 ? 2 : 3;
    const low = first & 63;
    if (low > 1) return { format, id: low, bytes: 1 };
    if (this.#rest.length < 2 + low) return null;
    return low === 0
      ? { format, id: 64 + this.#rest.readUInt8(1), bytes: 2 }
      : { format, id: 64 + this.#rest.readUInt16LE(1), bytes: 3 };
  }

  /** The first bytes of a message say all that we want to know of it. */
  #look(stream: Stream, part: Buffer): void {
    if (stream.received > 0) return;
    if (stream.type === SET_CHUNK_SIZE && part.length >= 4) this.#chunk = Math.max(1, part.readUInt32BE() & 0x7fffffff);
    const first = part[0];
    if (stream.type !== VIDEO || first === undefined) return;
    // Bit 7: the extended header of Enhanced RTMP; type 0 is a sequence header in both, not a picture.
    const isExtended = (first & 0x80) !== 0;
    const kind = isExtended ? first & 15 : (part[1] ?? 0);
    const isPicture = isExtended ? kind === 1 || kind === 3 : kind === 1;
    if (isPicture) this.#tell({ isKeyframe: ((first >> 4) & 7) === 1, ms: stream.time });
  }

  #lose(): number {
    this.#isLost = true;
    this.#rest = Buffer.alloc(0);
    return 0;
  }
}

/** A full header carries the time itself, a shorter one what it has grown by; a chunk that goes on changes nothing. */
function timeOf(
  format: 0 | 1 | 2 | 3,
  told: number | null,
  known: Stream | undefined,
): { time: number; delta: number } {
  const { time = 0, delta = 0, received = 0 } = known ?? {};
  if (format === 3) return received > 0 ? { time, delta } : { time: time + delta, delta };
  const value = told ?? 0;
  return format === 0 ? { time: value, delta: value } : { time: time + value, delta: value };
}

/** @returns the largest distance of keyframes, ms, and how much was seen after the last; null: no keyframe was seen */
export function keyframeInterval(beats: readonly VideoBeat[]): { longestMs: number | null; openMs: number } | null {
  const keys = beats.filter(({ isKeyframe }) => isKeyframe).map(({ ms }) => ms);
  const [last, end] = [keys.at(-1), beats.at(-1)?.ms];
  if (last === undefined || end === undefined) return null;
  const gaps = keys.slice(1).map((ms, i) => ms - (keys[i] ?? ms));
  return { longestMs: gaps.length === 0 ? null : Math.max(...gaps), openMs: end - last };
}
