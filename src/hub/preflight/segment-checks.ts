import { type Asked, askedOrWhy, headerOf } from './asking.ts';
import { ageOf, inSeconds, isHit, keepingOf } from './cache-headers.ts';
import { type Check, type Finding, type Ground, fails, passed, sharedOnce, skips, unknowable, warns } from './check.ts';
import { type PlaylistLook, isFinding, viewersPlaylist } from './playlist-look.ts';
import { worstOf } from './rank.ts';

/** The newest segment but one (so that it is whole), fetched twice, one after the other. */
const segmentTwice = sharedOnce(
  async (ground: Ground): Promise<{ first: Asked; second: Asked; look: PlaylistLook } | Finding> => {
    const look = await viewersPlaylist(ground);
    if (isFinding(look)) return look;
    const url = look.playlist.segments.at(-2) ?? look.playlist.segments.at(-1);
    if (url === undefined)
      return fails('The playlist lists no segment that could be asked for.', 'Restart the packager.');
    const answers: Asked[] = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const answer = await askedOrWhy(ground, url, originHeader(ground));
      if (typeof answer === 'string') return unknowable(`A segment does not come: ${answer}`, 'Run it again.');
      if (answer.status !== 200)
        return fails(`A segment of the playlist answers ${answer.status}.`, 'Restart the packager.');
      answers.push(answer);
    }
    const [first, second] = answers;
    return first && second ? { first, second, look } : unknowable('No segment came.');
  },
);

function isNone(twice: Awaited<ReturnType<typeof segmentTwice>>): twice is Finding {
  return 'result' in twice;
}

/** cache-3: how long segments may be kept. They never change. */
export const segmentKeptCheck: Check = async (ground) => {
  const twice = await segmentTwice(ground);
  if (isNone(twice)) return twice;
  const fix = 'Let the edge keep segments: set max-age to 60 s or more.';
  const { forMs, forbids } = keepingOf(twice.first);
  if (forbids !== null) return fails(`Segments say ${forbids}: every viewer loads them from the origin.`, fix);
  if (forMs === null) return warns('Segments say nothing of how long they may be kept.', fix);
  const evidence = `Segments are kept for ${inSeconds(forMs)}.`;
  return forMs >= 60_000 ? passed(evidence) : warns(evidence, fix);
};

/** cache-4: a player that asks too early must not make "not there" last. */
export const missingKeptCheck: Check = async (ground) => {
  const look = await viewersPlaylist(ground);
  if (isFinding(look)) return look;
  const url = notYet(look.playlist.segments.at(-1) ?? null);
  if (url === null) return unknowable('Segments have no numbers: one that is not there yet cannot be asked for.');
  const first = await askedOrWhy(ground, url);
  const second = typeof first === 'string' ? first : await askedOrWhy(ground, url);
  if (typeof first === 'string' || typeof second === 'string') return unknowable('A missing segment gets no answer.');
  return missingFinding(first, second, look.playlist.targetMs);
};

export function missingFinding(first: Asked, second: Asked, targetMs: number): Finding {
  if (first.status < 400)
    return unknowable(`A segment that is not there answers ${first.status}.`, 'Let it answer 404.');
  const fix = 'Lower the negative cache time.';
  const told = Math.max(keepingOf(first).forMs ?? 0, keepingOf(second).forMs ?? 0, (ageOf(second) ?? 0) * 1000);
  const evidence = `${second.status} is kept for ${inSeconds(told)}; a segment is ${inSeconds(targetMs)}.`;
  if (told > targetMs) return fails(evidence, fix);
  if (told > 1000) return warns(evidence, fix);
  if (told === 0 && isHit(second) === true)
    return warns(`${second.status} came from a cache; for how long is not said.`, fix);
  return passed(told === 0 ? `${second.status} is not kept.` : evidence);
}

/** The address with its last number raised far beyond what may come while we ask; null without a number. */
export function notYet(segment: URL | null): URL | null {
  const parts = segment === null ? null : /^(.*?)(\d+)(\D*)$/.exec(segment.pathname);
  if (segment === null || parts === null) return null;
  const [, before = '', digits = '', after = ''] = parts;
  const next = (BigInt(digits) + 5000n).toString().padStart(digits.length, '0');
  const url = new URL(segment);
  url.pathname = `${before}${next}${after}`;
  return url;
}

/** cache-5: may the page of the shop play it? Without the header a browser refuses. */
export const corsCheck: Check = async (ground) => {
  const look = await viewersPlaylist(ground);
  if (isFinding(look)) return look;
  const answer = await askedOrWhy(ground, look.url, originHeader(ground));
  if (typeof answer === 'string') return unknowable(`Asked with an origin it does not answer: ${answer}`);
  const twice = await segmentTwice(ground);
  const parts = [corsFinding('The playlist', answer, ground.stream.shopOrigin)];
  if (!isNone(twice)) parts.push(corsFinding('A segment', twice.first, ground.stream.shopOrigin));
  return worstOf(parts);
};

export function corsFinding(what: string, answer: Pick<Asked, 'headers'>, shopOrigin: string | null): Finding {
  const allowed = headerOf(answer, 'access-control-allow-origin');
  const fix = 'Send Access-Control-Allow-Origin.';
  if (allowed === null) return fails(`${what} has no Access-Control-Allow-Origin.`, fix);
  if (allowed === '*') return passed(`${what} may be played by every page.`);
  if (shopOrigin === null)
    return warns(
      `${what} allows one page; which one the shop’s is, is not planned.`,
      'Plan the shop’s origin (stream.shopOrigin).',
    );
  // Compared as a browser does: byte for byte (Fetch standard, CORS check).
  if (allowed === originOf(shopOrigin)) return passed(`${what} allows the shop’s page.`);
  return fails(`${what} allows another page than the shop’s.`, `${fix.slice(0, -1)}: ${originOf(shopOrigin)}.`);
}

function originHeader({ stream }: Ground): Record<string, string> {
  return { origin: stream.shopOrigin === null ? 'https://shop.invalid' : originOf(stream.shopOrigin) };
}

function originOf(text: string): string {
  return URL.canParse(text) ? new URL(text).origin : text;
}

/** cache-7: the edge really keeps segments. */
export const edgeKeepsCheck: Check = async (ground) => {
  if (ground.stream.edge === null) return skips('No edge is planned.');
  const twice = await segmentTwice(ground);
  if (isNone(twice)) return twice;
  const fix = 'The edge does not cache: check its rules.';
  const aged = (ageOf(twice.second) ?? 0) > (ageOf(twice.first) ?? 0);
  const hit = isHit(twice.second);
  if (hit === true || aged) return passed('The second time the segment came from the edge’s cache.');
  return hit === null
    ? warns(
        'The edge’s headers do not say whether it keeps segments.',
        'Look into the edge’s log, or let it send an Age header.',
      )
    : fails('The same segment was a miss twice.', fix);
};

const PLAYLIST_TYPES = /^(application\/vnd\.apple\.mpegurl|application\/x-mpegurl|audio\/mpegurl|audio\/x-mpegurl)\b/i;
const SEGMENT_TYPES = /^(video\/(mp2t|mp4|iso\.segment)|audio\/(aac|mp4|mpeg|ac3)|application\/mp4)\b/i;

/** cache-8: what players go by: types, a small playlist, parts of a segment. */
export const typesCheck: Check = async (ground) => {
  const look = await viewersPlaylist(ground);
  if (isFinding(look)) return look;
  const [twice, zipped] = await Promise.all([
    segmentTwice(ground),
    askedOrWhy(ground, look.url, { 'accept-encoding': 'gzip' }),
  ]);
  const segment = look.playlist.segments.at(-2) ?? look.playlist.segments.at(-1);
  const part = segment === undefined ? 'none' : await askedOrWhy(ground, segment, { range: 'bytes=0-99' });
  return worstOf([
    typeFinding('Playlist', headerOf(look.answer, 'content-type'), PLAYLIST_TYPES),
    ...(isNone(twice) ? [] : [typeFinding('Segment', headerOf(twice.first, 'content-type'), SEGMENT_TYPES)]),
    ...(typeof zipped === 'string' || headerOf(zipped, 'content-encoding') !== null
      ? []
      : [warns('The playlist comes without gzip.', 'Switch on gzip for .m3u8.')]),
    ...(typeof part === 'string' || part.status === 206
      ? []
      : [warns(`A part of a segment is answered ${part.status}.`, 'Switch on ranges for segments.')]),
  ]);
};

function typeFinding(what: string, type: string | null, right: RegExp): Finding {
  const fix =
    what === 'Playlist'
      ? 'Serve .m3u8 as application/vnd.apple.mpegurl.'
      : 'Serve .ts as video/mp2t, .m4s as video/mp4.';
  if (type === null) return fails(`${what} has no type.`, fix);
  return right.test(type) ? passed(`${what}: ${type}.`) : fails(`${what} is served as ${type.slice(0, 60)}.`, fix);
}
