import type { StreamPlan } from '../../domain/plan.ts';
import type { ReadSecret } from '../doors.ts';

/** Stands in a plan's address or stream name for the stream key, which the plan never holds (STR-87). */
export const KEY_PLACE = '{key}';
/** A browser or an editor may have written the braces so. */
const ENCODED_PLACE = /%7bkey%7d/gi;

type Change = (text: string, ingest: 'primary' | 'backup', where: 'address' | 'name') => string;

/** The plan with keys where it says `{key}`: for connectors, at the moment they are built, and for nobody else. */
export function placeKeys(plan: StreamPlan, readSecret: ReadSecret): StreamPlan {
  const keys = { primary: readSecret('stream.primary.key'), backup: readSecret('stream.backup.key') };
  return changed(plan, (text, ingest, where) => {
    const key = keys[ingest];
    if (key === null || key === '') return text;
    const written = where === 'address' ? encodeURIComponent(key) : key;
    return text.replaceAll(ENCODED_PLACE, KEY_PLACE).replaceAll(KEY_PLACE, () => written);
  });
}

/**
 * The plan with `{key}` wherever it holds a stream key that we know, plain or as an address writes it.
 *
 * @returns the paths that held one, as they are named in the plan file
 */
export function takeKeysOut(plan: StreamPlan, readSecret: ReadSecret): { plan: StreamPlan; held: string[] } {
  const keys = ['stream.primary.key', 'stream.backup.key'].map(readSecret).filter((key) => key !== null);
  const texts = keys.filter((key) => key.length >= SHORTEST).flatMap((key) => [key, encodeURIComponent(key)]);
  const out = changed(plan, (text) => texts.reduce((rest, key) => rest.replaceAll(key, KEY_PLACE), text));
  return { plan: out, held: differing(plan, out) };
}

/** A key as short as `live` is a word of ordinary addresses. */
const SHORTEST = 6;

function changed(plan: StreamPlan, change: Change): StreamPlan {
  const { rtmpStat, mediamtx, hls, edge, primaryIngest, backupIngest, relay } = plan;
  const address = (text: string): string => change(text, 'primary', 'address');
  const name = (text: string): string => change(text, 'primary', 'name');
  return {
    ...plan,
    rtmpStat: rtmpStat && { ...rtmpStat, url: address(rtmpStat.url), name: name(rtmpStat.name) },
    mediamtx: mediamtx && { url: address(mediamtx.url), path: name(mediamtx.path) },
    hls: hls && { url: address(hls.url) },
    edge: edge && { url: address(edge.url) },
    primaryIngest: primaryIngest && address(primaryIngest),
    backupIngest: backupIngest && change(backupIngest, 'backup', 'address'),
    relay: relay && { url: address(relay.url) },
  };
}

function differing(before: StreamPlan, after: StreamPlan): string[] {
  const flat = (plan: StreamPlan): Map<string, string> =>
    new Map(
      Object.entries(plan).flatMap(([key, value]): [string, string][] => {
        if (typeof value === 'string') return [[`stream.${key}`, value]];
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
        return Object.entries(value).map(([inner, text]) => [`stream.${key}.${inner}`, String(text)]);
      }),
    );
  const then = flat(after);
  return [...flat(before)].filter(([path, text]) => then.get(path) !== text).map(([path]) => path);
}
