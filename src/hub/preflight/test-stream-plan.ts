import { randomBytes } from 'node:crypto';
import { BlockList } from 'node:net';
import { asText } from '../../domain/health/sample.ts';
import { checkedAddress } from '../net/address.ts';
import { type Ground } from './check.ts';
import { isObsHere } from './obs-settings.ts';
import { type IngestPlace, ingestPlace, streamService } from './places.ts';

/** Where a test stream may go. Servers are shown nowhere. */
export interface TestPlan {
  /** as OBS has it now */
  server: string;
  place: IngestPlace;
  /** a name of our own: never the key of a show */
  key: string;
  /** OBS runs here, so its line can be read along */
  canTap: boolean;
}

const PRIVATE = new BlockList();
PRIVATE.addSubnet('127.0.0.0', 8);
PRIVATE.addSubnet('10.0.0.0', 8);
PRIVATE.addSubnet('172.16.0.0', 12);
PRIVATE.addSubnet('192.168.0.0', 16);
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');

/** @returns why no test stream may be sent to where OBS sends, or how it would be */
export async function testPlan(ground: Ground): Promise<TestPlan | string> {
  const server = asText((await streamService(ground))?.['server']) ?? '';
  const place = ingestPlace(server);
  if (place === null) return 'OBS does not send to an rtmp address that is known, so no test stream was sent.';
  const why = await whyNotTo(ground, place);
  if (why !== null) return why;
  return { server, place, key: testKey(ground), canTap: isObsHere(ground) };
}

/** The test's own key, else a name that nobody knows. */
export function testKey({ readSecret }: Ground): string {
  const own = readSecret('stream.test.key') ?? '';
  return own === '' ? `dropdesk-test-${randomBytes(8).toString('hex')}` : own;
}

/** Somebody else's server gets a test stream only when the desk's setting allows it. */
export async function whyNotTo(ground: Ground, { url }: IngestPlace): Promise<string | null> {
  if (ground.setting('preflight.testStream') === true || (await isPrivate(ground, url))) return null;
  return 'No test stream was sent: the ingest is outside, and the setting preflight.testStream is off.';
}

async function isPrivate({ ownPorts }: Ground, url: URL): Promise<boolean> {
  try {
    const { ip, family } = await checkedAddress(url, ownPorts);
    return PRIVATE.check(ip, family === 6 ? 'ipv6' : 'ipv4');
  } catch {
    // A name that is not found, or an address that is never dialled: not a private server of ours.
    return false;
  }
}

/** The same server behind another door. @param origin scheme, host and port */
export function behind(server: string, origin: string): string {
  return `${origin}/${server.replace(/^rtmps?:\/\/[^/]*\/?/i, '')}`;
}
