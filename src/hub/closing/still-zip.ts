const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_RECORD = 0x06054b50;
const NO_TIME = 0;
/** 1980-01-01, the first day a ZIP can name */
const FIRST_DAY = 0x0021;

/**
 * Sets the time of every entry of a ZIP archive to 1980-01-01, so that equal content is equal bytes.
 *
 * @throws when the bytes are no plain archive (ZIP64 is not expected here)
 */
export function stillZip(archive: Uint8Array): Uint8Array {
  const bytes = Buffer.from(archive);
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || bytes.readUInt32LE(end) !== END_RECORD) throw new Error('set the entry times of a ZIP: no end record');
  let entries = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  for (; entries > 0; entries--) {
    if (bytes.readUInt32LE(at) !== CENTRAL_HEADER)
      throw new Error('set the entry times of a ZIP: no entry where one should be');
    setTime(bytes, at + 12);
    const local = bytes.readUInt32LE(at + 42);
    if (bytes.readUInt32LE(local) !== LOCAL_HEADER)
      throw new Error('set the entry times of a ZIP: an entry without its header');
    setTime(bytes, local + 10);
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return bytes;
}

function setTime(bytes: Buffer, at: number): void {
  bytes.writeUInt16LE(NO_TIME, at);
  bytes.writeUInt16LE(FIRST_DAY, at + 2);
}
