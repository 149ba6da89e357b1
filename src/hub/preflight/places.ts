import { isIP } from 'node:net';
import { asRecord, asText, type Raw } from '../../domain/health/sample.ts';
import type { StreamPlan } from '../../domain/plan.ts';
import { type Ground, sharedOnce } from './check.ts';

/** Where a stream goes to: only where to knock and at which application. What follows may be the key. */
export interface IngestPlace {
  /** scheme, host and port */
  url: URL;
  application: string;
}

/** What OBS streams to, as OBS says it; null: OBS is not connected or does not say. Carries the key: never show it. */
export const streamService = sharedOnce(async ({ obs }: Ground): Promise<Raw | null> => {
  if (!obs.isConnected()) return null;
  const answer = await obs.call('GetStreamServiceSettings', undefined, 1500);
  return asRecord(answer['streamServiceSettings']);
});

/** The ingest that viewers depend on: behind a relay the plan's, else the one that OBS knows. */
export async function primaryIngest(ground: Ground): Promise<IngestPlace | 'unknown' | 'not-rtmp'> {
  const { relay, primaryIngest: planned } = ground.stream;
  const server = planned ?? (relay === null ? await obsServer(ground) : null);
  return server === null || server === '' || server === 'auto' ? 'unknown' : (ingestPlace(server) ?? 'not-rtmp');
}

/** What OBS itself sends to; null where it does not say. */
export async function obsServer(ground: Ground): Promise<string | null> {
  return asText((await streamService(ground))?.['server']);
}

export function backupIngest({ backupIngest: address }: StreamPlan): IngestPlace | null {
  return address === null ? null : ingestPlace(address);
}

/** @returns null for text that is no rtmp(s) address with an application */
export function ingestPlace(address: string): IngestPlace | null {
  const parts = /^(rtmps?):\/\/(?:[^/@\s]*@)?(\[[0-9a-f:]+\]|[^/:@\s]+)(?::(\d{1,5}))?\/([^/?#\s]+)/i.exec(address);
  if (parts === null) return null;
  const [, scheme = '', host = '', port = scheme.toLowerCase() === 'rtmps' ? '443' : '1935', application = ''] = parts;
  const place = `${scheme.toLowerCase()}://${host}:${port}/`;
  return URL.canParse(place) ? { url: new URL(place), application } : null;
}

/** A place of the plan with the name that people know it by. */
export interface NamedPlace {
  name: string;
  url: URL;
}

/** Every ingest and web address that the stream depends on; one of each host and port. */
export async function allPlaces(ground: Ground): Promise<NamedPlace[]> {
  const primary = await primaryIngest(ground).catch(() => 'unknown' as const);
  const backup = backupIngest(ground.stream);
  return distinct([
    ...(typeof primary === 'string' ? [] : [{ name: 'ingest', url: primary.url }]),
    ...(backup === null ? [] : [{ name: 'backup ingest', url: backup.url }]),
    ...webPlaces(ground),
  ]);
}

/** The http(s) addresses of the plan, the edge first: it is what viewers use. */
export function webPlaces({ stream, setting }: Ground): NamedPlace[] {
  const { edge, hls, rtmpStat, mediamtx } = stream;
  const sink = setting('preflight.sinkUrl');
  const named: [name: string, address: string | null | undefined][] = [
    ['edge', edge?.url],
    ['playlist', hls?.url],
    ['statistics page', rtmpStat?.url],
    ['MediaMTX', mediamtx?.url],
    ['upload sink', typeof sink === 'string' ? sink : null],
  ];
  return distinct(
    named.flatMap(([name, address]) => {
      if (!address || !URL.canParse(address)) return [];
      const url = new URL(address);
      return url.protocol === 'http:' || url.protocol === 'https:' ? [{ name, url }] : [];
    }),
  );
}

function distinct(places: NamedPlace[]): NamedPlace[] {
  const seen = new Set<string>();
  return places.filter(({ url }) => {
    const key = `${url.protocol}//${url.host}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

export function isName(host: string): boolean {
  return isIP(host) === 0;
}

/** "a", "a and b", "a, b and c" */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
