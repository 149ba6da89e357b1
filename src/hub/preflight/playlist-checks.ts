import { setTimeout as sleep } from 'node:timers/promises';
import { type Asked, askedOrWhy, headerOf } from './asking.ts';
import { inSeconds, keepingOf } from './cache-headers.ts';
import { type Check, type Finding, fails, passed, skips, unknowable, warns } from './check.ts';
import { type PlaylistLook, isFinding, lookAt, viewersPlaylist } from './playlist-look.ts';

const RESTART = 'Restart the packager.';
/** the check's own deadline is a second later (checks.ts) */
const WATCH_MS = 18_000;

/** cache-1: the origin's playlist is valid and goes on twice. */
export const playlistGoesOnCheck: Check = async (ground, signal) => {
  const address = ground.stream.hls?.url ?? ground.stream.edge?.url;
  if (address === undefined) return skips('No playlist is planned.');
  const began = performance.now();
  const first = await lookAt(ground, address);
  if (isFinding(first)) return first;
  const { targetMs } = first.playlist;
  const everyMs = Math.min(1000, Math.max(250, targetMs / 4));
  const waits: number[] = [];
  let [newest, since] = [first.playlist.newest, performance.now()];
  while (
    waits.length < 2 &&
    performance.now() - began < WATCH_MS &&
    performance.now() - since < 3.5 * targetMs + everyMs
  ) {
    await sleep(everyMs, undefined, { signal });
    const look = await lookAt(ground, first.url.href);
    if (isFinding(look)) return look;
    if (look.playlist.newest === newest) continue;
    waits.push(performance.now() - since);
    [newest, since] = [look.playlist.newest, performance.now()];
  }
  return goesOnFinding(waits, performance.now() - since, { targetMs, everyMs });
};

/**
 * @param waits   ms until it went on, each time
 * @param stillMs ms since then
 */
export function goesOnFinding(
  waits: readonly number[],
  stillMs: number,
  { targetMs, everyMs }: { targetMs: number; everyMs: number },
): Finding {
  const each = `a segment is ${inSeconds(targetMs)}`;
  if (waits.length < 2 && stillMs > 3.5 * targetMs)
    return fails(`The playlist stands still for ${inSeconds(stillMs)}; ${each}.`, RESTART);
  if (waits.length < 2)
    return unknowable(`The playlist went on ${waits.length} times in the time there was; ${each}.`, 'Run it again.');
  const longest = Math.max(...waits);
  const evidence = `Went on twice, the longest wait ${inSeconds(longest)}; ${each}.`;
  return longest <= 1.5 * targetMs + everyMs ? passed(evidence) : warns(evidence, RESTART);
}

/** cache-2: how long anybody may keep the playlist: half a segment at most. */
export const playlistKeptCheck: Check = async (ground) => {
  const look = await viewersPlaylist(ground);
  if (isFinding(look)) return look;
  const { targetMs } = look.playlist;
  const fix = `Set max-age to ${Math.max(1, Math.floor(targetMs / 2000))} s on .m3u8.`;
  const { forMs, forbids } = keepingOf(look.answer);
  if (forMs === null) return warns('The playlist says nothing of how long it may be kept.', fix);
  const evidence = `Kept for ${inSeconds(forMs)}${forbids === null ? '' : ` (${forbids})`}; a segment is ${inSeconds(targetMs)}.`;
  if (forMs <= targetMs / 2) return passed(evidence);
  return forMs <= targetMs ? warns(evidence, fix) : fails(evidence, fix);
};

/** cache-6: an unchanged playlist is answered with 304. */
export const notModifiedCheck: Check = async (ground) => {
  const look = await viewersPlaylist(ground);
  if (isFinding(look)) return look;
  const fix = 'Switch on ETag.';
  let { answer } = look;
  // The playlist may have gone on between the two questions; then it is asked once more.
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const conditions = conditionsOf(answer);
    if (conditions === null) return warns('The playlist has neither ETag nor Last-Modified.', fix);
    const again = await askedOrWhy(ground, look.url, conditions);
    if (typeof again === 'string') return fails(`Asked again it does not answer: ${again}`, fix);
    if (again.status === 304) return passed(`304 by ${'if-none-match' in conditions ? 'ETag' : 'Last-Modified'}.`);
    if (again.status !== 200) return fails(`Asked again it answers ${again.status}.`, fix);
    if (JSON.stringify(conditionsOf(again)) === JSON.stringify(conditions)) break;
    answer = again;
  }
  return warns('An unchanged playlist is sent whole (200).', fix);
};

function conditionsOf(answer: Asked): Record<string, string> | null {
  const [tag, modified] = [headerOf(answer, 'etag'), headerOf(answer, 'last-modified')];
  if (tag !== null) return { 'if-none-match': tag };
  return modified === null ? null : { 'if-modified-since': modified };
}

/** cache-9: how far the edge's playlist is behind the origin's, and whether viewers can be told how far they are behind. */
export const edgeBehindCheck: Check = async (ground) => {
  const { hls, edge } = ground.stream;
  if (hls === null || edge === null) return skips('Origin and edge are not both planned.');
  const fix = 'Shorten the edge’s playlist cache.';
  const behind: number[] = [];
  let last: PlaylistLook | null = null;
  for (let poll = 0; poll < 2; poll += 1) {
    const [origin, copy] = await Promise.all([lookAt(ground, hls.url), lookAt(ground, edge.url)]);
    if (isFinding(origin)) return origin;
    if (isFinding(copy)) return copy;
    behind.push(origin.playlist.newest - copy.playlist.newest);
    last = copy;
    if (poll === 0) await sleep(Math.min(1000, origin.playlist.targetMs / 2));
  }
  // An edge renews its copy between two moments: the better of the two is what it can do.
  const segments = Math.max(0, Math.min(...behind));
  const isDated = last?.playlist.isDated ?? false;
  const evidence = `${segments} ${segments === 1 ? 'segment' : 'segments'} behind, ${isDated ? 'dated' : 'without dates'}.`;
  if (segments >= 4) return fails(evidence, fix);
  if (segments >= 2) return warns(evidence, fix);
  return isDated ? passed(evidence) : warns(evidence, 'Let the packager write EXT-X-PROGRAM-DATE-TIME.');
};
