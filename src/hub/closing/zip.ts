import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_RECORD = 0x06054b50;
const DEFLATED = 8;
/** 1980-01-01, the first day a ZIP can name: equal content is equal bytes */
const FIRST_DAY = 0x0021;
/** names are UTF-8 */
const FLAGS = 0x0800;

/** A ZIP archive of the parts in their order; packed off the hub's thread. Each part under 4 GB. */
export async function zipOf(parts: { path: string; content: string }[]): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, content } of parts) {
    const plain = Buffer.from(content, 'utf8');
    const packed = await deflate(plain);
    const name = Buffer.from(path, 'utf8');
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(FLAGS, 2);
    shared.writeUInt16LE(DEFLATED, 4);
    shared.writeUInt16LE(FIRST_DAY, 8);
    shared.writeUInt32LE(crc32(plain), 10);
    shared.writeUInt32LE(packed.byteLength, 14);
    shared.writeUInt32LE(plain.byteLength, 18);
    shared.writeUInt16LE(name.byteLength, 22);
    chunks.push(signed(LOCAL_HEADER), shared, name, packed);

    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(signed(CENTRAL_HEADER), Buffer.from([20, 0]), shared, rest, name);
    offset += 4 + shared.byteLength + name.byteLength + packed.byteLength;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(parts.length, 4);
  end.writeUInt16LE(parts.length, 6);
  end.writeUInt32LE(central.byteLength, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...chunks, central, signed(END_RECORD), end]);
}

function signed(signature: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(signature);
  return bytes;
}
