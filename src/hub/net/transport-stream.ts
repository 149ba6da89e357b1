/** Where a picture can be begun in one segment of an MPEG transport stream (ISO/IEC 13818-1). */
export interface RandomAccess {
  /** presentation times of the random access points of the video, ms from the first picture of the segment */
  pointsMs: number[];
  /** the segment begins with one, as HLS asks for */
  beginsWithOne: boolean;
}

const PACKET = 188;
const SYNC = 0x47;
/** payload unit start: a table or a picture begins in this packet */
const BEGINS = 0x40;
const PAT_PID = 0;
/** ISO/IEC 13818-1, table 2-34: MPEG-2, MPEG-4, H.264 and HEVC video */
const VIDEO_TYPES = new Set([0x02, 0x10, 0x1b, 0x24]);
const CLOCK_WRAP = 2 ** 33;
const TICKS_PER_MS = 90;

/** @returns null when the bytes are no transport stream, carry no video, or do not mark where pictures can be begun */
export function readRandomAccess(bytes: Uint8Array): RandomAccess | null {
  let programPid: number | null = null;
  let videoPid: number | null = null;
  let first: number | null = null;
  let beginsWithOne = false;
  const pointsMs: number[] = [];
  for (let at = 0; at + PACKET <= bytes.length; at += PACKET) {
    if (bytes[at] !== SYNC) return null;
    // Most packets go on with what began before.
    if (((bytes[at + 1] ?? 0) & BEGINS) === 0) continue;
    const packet = readPacket(bytes.subarray(at, at + PACKET));
    if (packet.pid === PAT_PID) programPid = readPat(packet.payload) ?? programPid;
    else if (packet.pid === programPid) videoPid = readPmt(packet.payload) ?? videoPid;
    else if (packet.pid === videoPid) {
      const pts = readPts(packet.payload);
      if (pts === null) continue;
      if (first === null) beginsWithOne = packet.isRandomAccess;
      first ??= pts;
      if (packet.isRandomAccess) pointsMs.push(ticksAfter(first, pts) / TICKS_PER_MS);
    }
  }
  return pointsMs.length === 0 ? null : { pointsMs, beginsWithOne };
}

/**
 * The largest distance of two pictures at which a player can begin: what OBS calls the keyframe interval.
 *
 * @param lengthMs of the segment (EXTINF): when it begins with such a picture, the next segment is taken to do so too, and
 *   the way from the last one to the end counts; null: not known
 * @returns ms, or null when it cannot be told from this segment
 */
export function keyframeSpacingMs(bytes: Uint8Array, lengthMs: number | null): number | null {
  const access = readRandomAccess(bytes);
  if (access === null) return null;
  const { pointsMs, beginsWithOne } = access;
  const ends = beginsWithOne && lengthMs !== null ? [...pointsMs, lengthMs] : pointsMs;
  const gaps = ends.slice(1).map((end, i) => end - (ends[i] ?? 0));
  const largest = Math.max(...gaps);
  return Number.isFinite(largest) && largest > 0 ? Math.round(largest) : null;
}

interface Packet {
  pid: number;
  isRandomAccess: boolean;
  payload: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** Section 2.4.3.2: header of four bytes, then perhaps an adaptation field, whose flags follow its length. */
function readPacket(packet: Uint8Array): Packet {
  const [, high = 0, low = 0, control = 0, length = 0, flags = 0] = packet;
  const hasAdaptation = (control & 0x20) !== 0;
  const hasPayload = (control & 0x10) !== 0;
  return {
    pid: ((high & 0x1f) << 8) | low,
    isRandomAccess: hasAdaptation && length > 0 && (flags & 0x40) !== 0,
    payload: hasPayload ? packet.subarray(hasAdaptation ? 5 + length : 4) : NOTHING,
  };
}

/** A table begins after as many bytes as the first one says (section 2.4.4.1). */
function tableOf(payload: Uint8Array, id: number): Uint8Array | null {
  const table = payload.subarray(1 + (payload[0] ?? 0));
  if (table[0] !== id) return null;
  const length = 3 + ((((table[1] ?? 0) & 0x0f) << 8) | (table[2] ?? 0));
  // The last four bytes are its checksum.
  return table.subarray(0, Math.max(0, length - 4));
}

/** @returns where the first program's map is (section 2.4.4.3) */
function readPat(payload: Uint8Array): number | null {
  const table = tableOf(payload, 0x00);
  for (let at = 8; table !== null && at + 4 <= table.length; at += 4) {
    const [numberHigh = 0, numberLow = 0, high = 0, low = 0] = table.subarray(at, at + 4);
    if (numberHigh !== 0 || numberLow !== 0) return ((high & 0x1f) << 8) | low;
  }
  return null;
}

/** @returns the video's packet id (section 2.4.4.8); null without video */
function readPmt(payload: Uint8Array): number | null {
  const table = tableOf(payload, 0x02);
  if (table === null) return null;
  const programInfo = (((table[10] ?? 0) & 0x0f) << 8) | (table[11] ?? 0);
  for (let at = 12 + programInfo; at + 5 <= table.length;) {
    const [type = 0, high = 0, low = 0, infoHigh = 0, infoLow = 0] = table.subarray(at, at + 5);
    if (VIDEO_TYPES.has(type)) return ((high & 0x1f) << 8) | low;
    at += 5 + (((infoHigh & 0x0f) << 8) | infoLow);
  }
  return null;
}

/** @returns presentation time of the picture that begins here, in 90 kHz ticks of 33 bits (section 2.4.3.6) */
function readPts(payload: Uint8Array): number | null {
  const [zero, zeroToo, one, , , , , flags = 0, , a = 0, b = 0, c = 0, d = 0, e = 0] = payload;
  if (zero !== 0 || zeroToo !== 0 || one !== 1 || (flags & 0x80) === 0 || payload.length < 14) return null;
  return ((a >> 1) & 7) * 2 ** 30 + b * 2 ** 22 + (c >> 1) * 2 ** 15 + d * 2 ** 7 + (e >> 1);
}

/** The clock of 33 bits starts again after 26.5 hours. Pictures before the first one (reordering) are at 0. */
function ticksAfter(first: number, ticks: number): number {
  const after = (ticks - first + CLOCK_WRAP) % CLOCK_WRAP;
  return after > CLOCK_WRAP / 2 ? 0 : after;
}
