import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** A place outside that we may talk to: its name was resolved, what it resolved to was checked, and is dialled as is. */
export interface CheckedAddress {
  host: string;
  /** the address to dial */
  ip: string;
  family: 4 | 6;
  port: number;
}

/** Says for a person why an address is not dialled. */
export class RefusedAddress extends Error {}

const NEVER = new BlockList();
NEVER.addSubnet('169.254.0.0', 16);
NEVER.addSubnet('224.0.0.0', 4);
NEVER.addSubnet('0.0.0.0', 8);
NEVER.addAddress('255.255.255.255');
NEVER.addSubnet('fe80::', 10, 'ipv6');
NEVER.addSubnet('ff00::', 8, 'ipv6');
NEVER.addAddress('::', 'ipv6');

const DEFAULT_PORTS: Record<string, number> = {
  'http:': 80,
  'https:': 443,
  'ws:': 80,
  'wss:': 443,
  'rtmp:': 1935,
  'rtmps:': 443,
};
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

/** @throws RefusedAddress when it is no URL of these schemes or carries a password */
export function readUrl(text: string, schemes: readonly string[]): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new RefusedAddress('The address is not a URL.', { cause });
  }
  if (!schemes.includes(url.protocol))
    throw new RefusedAddress(`The address must begin with ${schemes.join(' or ')}//.`);
  if (url.username !== '' || url.password !== '') {
    throw new RefusedAddress('The address contains a password; keep passwords in the settings.');
  }
  return url;
}

/**
 * Resolves first, checks, and hands out the address to connect to (PRB-2): link-local, multicast, broadcast and
 * unspecified are refused, loopback and private ones are where OBS and nginx live.
 *
 * @param ownPorts our own listeners' ports, refused on this machine
 * @throws RefusedAddress, or the resolver's error
 */
export async function checkedAddress(url: URL, ownPorts: readonly number[] = []): Promise<CheckedAddress> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port);
  const { address: ip, family } = isIP(host) === 0 ? await lookUp(host) : { address: host, family: isIP(host) };
  const kind = family === 6 ? 'ipv6' : 'ipv4';
  if (NEVER.check(ip, kind)) throw new RefusedAddress(`${host} is not an address that can be watched.`);
  if (LOOPBACK.check(ip, kind) && ownPorts.includes(port))
    throw new RefusedAddress(`${host}:${port} is Dropdesk itself.`);
  return { host, ip, family: family === 6 ? 6 : 4, port };
}

const asking = new Map<string, Promise<LookupAddress>>();

/**
 * The system's resolver, asked once at a time for each name. It holds one of few threads until it answers, which may take
 * it long after our deadline: polls that pile up behind a dead name server would hold them all, and the disk with them.
 */
function lookUp(host: string): Promise<LookupAddress> {
  const running = asking.get(host);
  if (running !== undefined) return running;
  const answer = lookup(host).finally(() => asking.delete(host));
  asking.set(host, answer);
  return answer;
}

/** This machine itself, where plain http is no risk (CON-11). */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
