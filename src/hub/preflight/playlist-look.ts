import { Parser } from 'm3u8-parser';
import { asNumber, asRecord, asText } from '../../domain/health/sample.ts';
import { type Asked, askedOrWhy } from './asking.ts';
import { type Finding, type Ground, fails, sharedOnce, skips, unknowable } from './check.ts';

/** What a media playlist says, as far as the audit asks. */
export interface Playlist {
  targetMs: number;
  /** number of the newest segment */
  newest: number;
  /** addresses, oldest first */
  segments: URL[];
  isDated: boolean;
}

/** The media playlist at one place, with the answer that brought it. */
export interface PlaylistLook {
  url: URL;
  answer: Asked;
  playlist: Playlist;
}

/** What viewers play: the edge's playlist, without an edge the origin's. Looked at once for all checks of a run. */
export const viewersPlaylist = sharedOnce(async (ground: Ground): Promise<PlaylistLook | Finding> => {
  const address = ground.stream.edge?.url ?? ground.stream.hls?.url;
  return address === undefined ? skips('No playlist is planned.') : await lookAt(ground, address);
});

/** @returns the look, or what may be said without one */
export async function lookAt(ground: Ground, address: string): Promise<PlaylistLook | Finding> {
  if (!URL.canParse(address)) return fails('The playlist’s address is not a URL.', 'Correct it in the plan.');
  let url = new URL(address);
  for (let hop = 0; hop < 2; hop += 1) {
    const answer = await askedOrWhy(ground, url);
    if (typeof answer === 'string') return absent(ground, `The playlist does not answer: ${answer}`);
    if (answer.status !== 200) return absent(ground, `The playlist answers ${answer.status}.`);
    const read = readMediaPlaylist(answer.body, url);
    if (read === null) return fails('What comes is not a playlist.', 'Restart the packager.');
    if (!(read instanceof URL)) return { url, answer, playlist: read };
    if (read.host !== url.host)
      return unknowable('The playlist leads to another host.', 'Plan the media playlist itself.');
    url = read;
  }
  return fails('The playlist leads from one to the next.', 'Plan the media playlist itself.');
}

/** Before the show an ingest without a stream has no playlist: that is no fault, and nothing was checked. */
function absent(ground: Ground, evidence: string): Finding {
  return ground.isLive
    ? fails(evidence, 'Restart the packager.')
    : unknowable(`${evidence} Nothing is on air.`, 'Start a private test stream and run this again.');
}

export function isFinding(look: PlaylistLook | Finding): look is Finding {
  return 'result' in look;
}

/** @returns the playlist; of a master playlist the address of its first variant; null when it is neither */
export function readMediaPlaylist(text: string, base: URL): Playlist | URL | null {
  if (!text.trimStart().startsWith('#EXTM3U')) return null;
  const parser = new Parser();
  parser.push(text);
  parser.end();
  const manifest = asRecord(parser.manifest);
  const [variant] = listOf(manifest?.['playlists']);
  const uri = asText(asRecord(variant)?.['uri']);
  if (uri !== null) return URL.canParse(uri, base.href) ? new URL(uri, base) : null;
  const target = asNumber(manifest?.['targetDuration']);
  const segments = listOf(manifest?.['segments']).map((segment) => asRecord(segment));
  if (target === null || target <= 0 || segments.length === 0) return null;
  return {
    targetMs: target * 1000,
    newest: (asNumber(manifest?.['mediaSequence']) ?? 0) + segments.length - 1,
    segments: segments.flatMap((segment) => {
      const address = asText(segment?.['uri']);
      return address !== null && URL.canParse(address, base.href) ? [new URL(address, base)] : [];
    }),
    isDated: segments.some((segment) => segment?.['dateTimeString'] !== undefined),
  };
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
