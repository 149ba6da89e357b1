import { Parser } from 'm3u8-parser';
import { type Raw, asNumber, asRecord, asText } from '../../domain/health/sample.ts';

/** Named as in the playlist and in recorded traces; `EXTINF` is the number of segments listed. */
export interface PlaylistReading {
  status: 200;
  'EXT-X-TARGETDURATION': number;
  'EXT-X-MEDIA-SEQUENCE': number;
  EXTINF: number;
  'EXT-X-DISCONTINUITY': number;
  /** length of the newest segment, s; the target duration when its own is not said */
  newestExtinf?: number;
  /** when the newest segment began by the encoder's clock, ISO; absent without EXT-X-PROGRAM-DATE-TIME */
  programDateTime?: string;
}

export interface Segment {
  /** media sequence number */
  sequence: number;
  /** as written: relative to the playlist, or a whole address */
  uri: string;
  /** s; null: not said */
  extinf: number | null;
  /** `Range` header of a segment that is a part of a file; null: the whole file */
  range: string | null;
}

export interface Playlist {
  reading: PlaylistReading;
  newest: Segment;
}

/**
 * Reads a media playlist (RFC 8216).
 *
 * @returns null when the text is none, or one whose numbers cannot be
 */
export function readPlaylist(text: string): Playlist | null {
  const parsed = parse(text);
  const segments = parsed?.manifest['segments'];
  if (parsed === null || !Array.isArray(segments) || segments.length === 0) return null;
  const { manifest, segmentsBefore, breaksBefore } = parsed;
  const target = asNumber(manifest['targetDuration']);
  const sequence = asNumber(manifest['mediaSequence']) ?? 0;
  if (target === null || target <= 0 || !Number.isSafeInteger(sequence) || sequence < 0) return null;
  const count = segmentsBefore + segments.length;
  const last = asRecord(segments.at(-1));
  const newest = segmentOf(last, sequence + count - 1);
  if (newest === null) return null;
  const breaks = manifest['discontinuityStarts'];
  const began = isoOf(asNumber(last?.['programDateTime']));
  const reading: PlaylistReading = {
    status: 200,
    'EXT-X-TARGETDURATION': target,
    'EXT-X-MEDIA-SEQUENCE': sequence,
    EXTINF: count,
    'EXT-X-DISCONTINUITY': breaksBefore + (Array.isArray(breaks) ? breaks.length : 0),
    ...(newest.extinf === null ? {} : { newestExtinf: newest.extinf }),
    ...(began === null ? {} : { programDateTime: began }),
  };
  return { reading, newest };
}

/** @returns address of the first variant of a master playlist; null for a media playlist */
export function firstVariant(text: string): string | null {
  const playlists = parse(text)?.manifest['playlists'];
  return Array.isArray(playlists) ? asText(asRecord(playlists[0])?.['uri']) : null;
}

function segmentOf(segment: Raw | null, sequence: number): Segment | null {
  const uri = asText(segment?.['uri']);
  if (uri === null) return null;
  const duration = asNumber(segment?.['duration']);
  const part = asRecord(segment?.['byterange']);
  const [offset, length] = [asNumber(part?.['offset']), asNumber(part?.['length'])];
  const hasPart = offset !== null && length !== null && offset >= 0 && length > 0;
  return {
    sequence,
    uri,
    extinf: duration !== null && duration > 0 ? duration : null,
    range: hasPart ? `bytes=${offset}-${offset + length - 1}` : null,
  };
}

const LATEST_TIME = 8.64e15;

function isoOf(ms: number | null): string | null {
  return ms === null || Math.abs(ms) > LATEST_TIME ? null : new Date(ms).toISOString();
}

interface Parsed {
  manifest: Raw;
  /** segments and breaks before those in the manifest */
  segmentsBefore: number;
  breaksBefore: number;
}

/** Tags that are read here. The rest, and the attributes of a variant, are not even shown to the parser. */
const READ =
  /^#(?:EXTM3U|EXTINF|EXT-X-(?:VERSION|TARGETDURATION|MEDIA-SEQUENCE|DISCONTINUITY|PROGRAM-DATE-TIME|BYTERANGE|ENDLIST))\b/;
const HEAD = /^#(?:EXTM3U|EXT-X-(?:VERSION|TARGETDURATION|MEDIA-SEQUENCE))\b/;
const VARIANT = '#EXT-X-STREAM-INF:';
const BREAK = /^#EXT-X-DISCONTINUITY\s*$/;
/** A playlist that keeps the whole evening has 14,400 segments after 8 h: of the early ones only the number matters. */
const MOST_PARSED = 200;

/**
 * The parser splits attribute lists in time that grows with the square of their length (60 kB: 8 s, measured), and throws
 * on some that have no `=`. So nothing with an attribute list reaches it.
 */
function parse(text: string): Parsed | null {
  if (!text.trimStart().startsWith('#EXTM3U')) return null;
  const lines = text
    .split(/\r?\n/)
    .map((line) => (line.startsWith(VARIANT) ? `${VARIANT}BANDWIDTH=1` : line.trim()))
    .filter((line) => line !== '' && (!line.startsWith('#') || line.startsWith(VARIANT) || READ.test(line)));
  const uris = lines.flatMap((line, at) => (line.startsWith('#') ? [] : [at]));
  const segmentsBefore = Math.max(0, uris.length - MOST_PARSED);
  const cut = segmentsBefore === 0 ? 0 : (uris[segmentsBefore - 1] ?? 0) + 1;
  const early = lines.slice(0, cut);
  const manifest = manifestOf([...early.filter((line) => HEAD.test(line)), ...lines.slice(cut)]);
  const breaksBefore = early.filter((line) => BREAK.test(line)).length;
  return manifest === null ? null : { manifest, segmentsBefore, breaksBefore };
}

function manifestOf(lines: string[]): Raw | null {
  const parser = new Parser();
  try {
    parser.push(`${lines.join('\n')}\n`);
    parser.end();
  } catch {
    // What the parser cannot read is no playlist; the caller says so in a sentence.
    return null;
  }
  return asRecord(parser.manifest);
}
