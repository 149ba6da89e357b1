/** AMF0, the way RTMP writes command messages (AMF 0 specification, Adobe 2007): only what a `connect` needs. */
export type Amf = null | boolean | number | string | Amf[] | { [name: string]: Amf };

const NUMBER = 0;
const BOOLEAN = 1;
const STRING = 2;
const OBJECT = 3;
const NULL = 5;
const UNDEFINED = 6;
const ECMA_ARRAY = 8;
const OBJECT_END = 9;
const STRICT_ARRAY = 10;
const DATE = 11;
const LONG_STRING = 12;

const MAX_DEPTH = 8;

/** @param values written one after the other; texts up to 65535 bytes */
export function writeAmf(...values: Amf[]): Buffer {
  return Buffer.concat(values.map(written));
}

function written(value: Amf): Buffer {
  if (value === null) return Buffer.from([NULL]);
  if (typeof value === 'boolean') return Buffer.from([BOOLEAN, value ? 1 : 0]);
  if (typeof value === 'string') return Buffer.concat([Buffer.from([STRING]), counted(value)]);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9);
    bytes.writeUInt8(NUMBER);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  if (Array.isArray(value)) {
    const head = Buffer.from([STRICT_ARRAY, 0, 0, 0, 0]);
    head.writeUInt32BE(value.length, 1);
    return Buffer.concat([head, ...value.map(written)]);
  }
  const fields = Object.entries(value).flatMap(([name, field]) => [counted(name), written(field)]);
  return Buffer.concat([Buffer.from([OBJECT]), ...fields, Buffer.from([0, 0, OBJECT_END])]);
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** @throws RangeError when the bytes are no AMF0, are cut short, or nest deeper than any server writes */
export function readAmf(bytes: Buffer): Amf[] {
  const reader = new AmfReader(bytes);
  const values: Amf[] = [];
  while (!reader.isDone) values.push(reader.value(0));
  return values;
}

class AmfReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isDone(): boolean {
    return this.#at >= this.#bytes.length;
  }

  value(depth: number): Amf {
    if (depth > MAX_DEPTH) throw new RangeError('AMF0 nests too deep');
    const marker = this.#take(1).readUInt8();
    switch (marker) {
      case NUMBER:
        return this.#take(8).readDoubleBE();
      case BOOLEAN:
        return this.#take(1).readUInt8() !== 0;
      case STRING:
        return this.#text();
      case LONG_STRING:
        return this.#take(this.#take(4).readUInt32BE()).toString('utf8');
      case NULL:
      case UNDEFINED:
        return null;
      case OBJECT:
        return this.#fields(depth);
      case ECMA_ARRAY:
        this.#take(4);
        return this.#fields(depth);
      case STRICT_ARRAY:
        return this.#list(depth);
      case DATE:
        return this.#take(10).readDoubleBE();
      default:
        throw new RangeError(`AMF0 marker ${marker} is not known`);
    }
  }

  #fields(depth: number): Amf {
    const fields: [string, Amf][] = [];
    for (;;) {
      const name = this.#text();
      if (name === '' && this.#bytes[this.#at] === OBJECT_END) {
        this.#at += 1;
        // fromEntries makes own fields whatever the name: `__proto__` is a field like any other.
        return Object.fromEntries(fields);
      }
      fields.push([name, this.value(depth + 1)]);
    }
  }

  #list(depth: number): Amf[] {
    const count = this.#take(4).readUInt32BE();
    const items: Amf[] = [];
    // Each item takes at least a byte, so a false count runs out of bytes and throws.
    for (let i = 0; i < count; i += 1) items.push(this.value(depth + 1));
    return items;
  }

  #text(): string {
    return this.#take(this.#take(2).readUInt16BE()).toString('utf8');
  }

  #take(count: number): Buffer {
    if (this.#at + count > this.#bytes.length) throw new RangeError('AMF0 is cut short');
    const part = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return part;
  }
}
