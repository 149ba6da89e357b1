/** One RTMP message, put together from its chunks. */
export interface RtmpMessage {
  type: number;
  payload: Buffer;
}

/** RTMP 1.0, section 5.4.1 and 7: the types that a connecting client meets. */
export const SET_CHUNK_SIZE = 1;
export const COMMAND_AMF3 = 17;
export const COMMAND_AMF0 = 20;

const DEFAULT_CHUNK = 128;
const LARGEST_MESSAGE = 65_536;
const MOST_STREAMS = 16;
const FIRST_HEADER = 0;
const EXTENDED_TIME = 0xffffff;

/**
 * Cuts a message into chunks of the default size (section 5.3).
 *
 * @param chunkStream 2..63: one byte of basic header
 */
export function writeMessage(chunkStream: number, { type, payload }: RtmpMessage): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt8((FIRST_HEADER << 6) | chunkStream);
  head.writeUIntBE(payload.length, 4, 3);
  head.writeUInt8(type, 7);
  const parts: Buffer[] = [head];
  for (let at = 0; at < payload.length; at += DEFAULT_CHUNK) {
    if (at > 0) parts.push(Buffer.from([(3 << 6) | chunkStream]));
    parts.push(payload.subarray(at, at + DEFAULT_CHUNK));
  }
  return Buffer.concat(parts);
}

interface ChunkStream {
  length: number;
  type: number;
  extended: boolean;
  parts: Buffer[];
  received: number;
}

/** Reads what a server sends: chunks of several streams, interleaved, of the size that it sets itself. */
export class ChunkReader {
  readonly #take: (count: number) => Promise<Buffer>;
  readonly #streams = new Map<number, ChunkStream>();
  #size = DEFAULT_CHUNK;

  /** @param take the next bytes of the line, exactly so many */
  constructor(take: (count: number) => Promise<Buffer>) {
    this.#take = take;
  }

  /** @throws RangeError when it is no RTMP or larger than an answer to `connect` can be; what `take` throws */
  async next(): Promise<RtmpMessage> {
    for (;;) {
      const message = await this.#chunk();
      if (message?.type === SET_CHUNK_SIZE) this.#resize(message.payload);
      else if (message !== null) return message;
    }
  }

  #resize(payload: Buffer): void {
    const size = payload.length === 4 ? payload.readUInt32BE() : 0;
    if (size < 1 || size > 0x7fffffff) throw new RangeError('a chunk size that cannot be');
    this.#size = size;
  }

  /** @returns the message that this chunk completes, or null */
  async #chunk(): Promise<RtmpMessage | null> {
    const basic = (await this.#take(1)).readUInt8();
    const stream = await this.#header(basic >> 6, await this.#streamId(basic & 63));
    const part = await this.#take(Math.min(this.#size, stream.length - stream.received));
    stream.parts.push(part);
    stream.received += part.length;
    if (stream.received < stream.length) return null;
    const payload = Buffer.concat(stream.parts);
    stream.parts = [];
    stream.received = 0;
    return { type: stream.type, payload };
  }

  async #streamId(low: number): Promise<number> {
    if (low === 0) return 64 + (await this.#take(1)).readUInt8();
    if (low === 1) return 64 + (await this.#take(2)).readUInt16LE();
    return low;
  }

  /** Section 5.3.1.2: 11, 7, 3 or 0 bytes; what is left out is as in the stream's chunk before. */
  async #header(format: number, id: number): Promise<ChunkStream> {
    const known = this.#streams.get(id);
    if (format === 3) {
      if (known === undefined) throw new RangeError('a chunk goes on that never began');
      if (known.extended) await this.#take(4);
      return known;
    }
    const head = await this.#take(format === FIRST_HEADER ? 11 : format === 1 ? 7 : 3);
    const extended = head.readUIntBE(0, 3) === EXTENDED_TIME;
    if (extended) await this.#take(4);
    if (format === 2 && known === undefined) throw new RangeError('a chunk goes on that never began');
    const stream: ChunkStream = {
      length: format === 2 ? (known?.length ?? 0) : head.readUIntBE(3, 3),
      type: format === 2 ? (known?.type ?? 0) : head.readUInt8(6),
      extended,
      parts: [],
      received: 0,
    };
    this.#streams.set(id, stream);
    if (stream.length > LARGEST_MESSAGE || this.#streams.size > MOST_STREAMS)
      throw new RangeError('more than an answer can be');
    return stream;
  }
}
