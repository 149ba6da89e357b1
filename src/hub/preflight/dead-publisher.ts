import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type CheckedAddress, checkedAddress } from '../net/address.ts';
import { c0c1 } from '../net/knock.ts';
import { type Check, type Finding, type Ground, fails, passed, skips, unknowable, warns } from './check.ts';
import { type IngestPlace, ingestPlace, obsServer } from './places.ts';

const FIX = 'Set `drop_idle_publisher 5s; ping 5s; ping_timeout 5s`.';
const SOON_MS = 10_000;
/** how long we keep silent; two pings of five seconds take ten, and a little */
const SILENT_MS = 12_000;
const S0_S1_S2 = 1 + 1536 * 2;

/**
 * fail-2: does a streaming server of our own let go of a publisher that died? Its configuration is read where it can be;
 * else we shake hands, fall silent, and see when it hangs up. Nothing is published.
 */
export const deadPublisherCheck: Check = async (ground, signal) => {
  const place = await ownServer(ground);
  if (place === null) return skips('The streaming server is not one of ours.');
  const address = await checkedAddress(place.url, ground.ownPorts);
  const rules = isThisComputer(address.ip) ? readRules(address.port) : null;
  if (rules !== null) return rulesFinding(rules);
  return silenceFinding(await silenceEndsAfter(address, signal));
};

/** The first server that OBS sends to, if it stands in this house: a relay, or the ingest itself. */
async function ownServer(ground: Ground): Promise<IngestPlace | null> {
  const server = (await obsServer(ground)) ?? ground.stream.relay?.url ?? ground.stream.primaryIngest;
  const place = server === null ? null : ingestPlace(server);
  if (place === null || place.url.protocol !== 'rtmp:') return null;
  const { ip } = await checkedAddress(place.url, ground.ownPorts);
  return isPrivate(ip) ? place : null;
}

/** RFC 1918, RFC 4193, loopback. */
export function isPrivate(ip: string): boolean {
  return (
    /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(ip) || ip === '::1' || /^f[cd][0-9a-f]{2}:/i.test(ip)
  );
}

export function isThisComputer(ip: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  return /^127\./.test(ip) || ip === '::1' || own.includes(ip);
}

/** What nginx-rtmp's configuration says of dead publishers; ms, null: not set. */
export interface DropRules {
  dropIdleMs: number | null;
  pingMs: number | null;
  pingTimeoutMs: number | null;
}

const CONFIGURATIONS = [
  '/etc/nginx/nginx.conf',
  '/usr/local/nginx/conf/nginx.conf',
  '/usr/local/etc/nginx/nginx.conf',
  '/opt/homebrew/etc/nginx/nginx.conf',
];

/** @returns null when no configuration on this computer speaks of RTMP at that port */
function readRules(port: number): DropRules | null {
  for (const path of CONFIGURATIONS) {
    try {
      const rules = dropRules(readFileSync(path, 'utf8'), port);
      if (rules !== null) return rules;
    } catch {
      // Not there, or not for us to read: the server's behaviour is looked at then.
    }
  }
  return null;
}

/** @param configuration text of an nginx.conf @returns null when it has no rtmp block, or none that listens there */
export function dropRules(configuration: string, port: number): DropRules | null {
  const plain = configuration.replace(/#.*$/gm, '');
  const from = plain.search(/\brtmp\s*\{/);
  if (from < 0) return null;
  const block = plain.slice(from, blockEnd(plain, from));
  const listens = [...block.matchAll(/\blisten\s+(?:[^\s;]*:)?(\d+)/g)].map(([, found]) => Number(found));
  if (!(listens.length === 0 ? [1935] : listens).includes(port)) return null;
  const time = (name: string): number | null => timeOf(new RegExp(`\\b${name}\\s+([^;\\s]+)\\s*;`).exec(block)?.[1]);
  return { dropIdleMs: time('drop_idle_publisher'), pingMs: time('ping'), pingTimeoutMs: time('ping_timeout') };
}

function blockEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = text.indexOf('{', from); at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

/** nginx's times: `5s`, `500ms`, `1m`, plain seconds. */
function timeOf(text: string | undefined): number | null {
  const parts = /^(\d+)(ms|s|m|h)?$/.exec(text ?? '');
  if (parts === null) return null;
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[parts[2] ?? 's'] ?? 1000;
  return Number(parts[1]) * unit;
}

/** The defaults are nginx-rtmp's: ping 1 m, ping_timeout 30 s, no drop of the idle. */
export function rulesFinding({ dropIdleMs, pingMs, pingTimeoutMs }: DropRules): Finding {
  const byPing = (pingMs ?? 60_000) + (pingTimeoutMs ?? 30_000);
  const soonest = Math.min(dropIdleMs ?? Infinity, byPing);
  const evidence = `By its configuration it lets go after ${Math.round(soonest / 1000)} s.`;
  return soonest <= SOON_MS ? passed(evidence) : fails(evidence, FIX);
}

/** @param endedMs ms after which the server hung up; null: not while we were silent; 'no-talk': it did not shake hands */
export function silenceFinding(endedMs: number | null | 'no-talk'): Finding {
  if (endedMs === 'no-talk')
    return unknowable('The streaming server does not shake hands.', 'Start it and run this again.');
  if (endedMs === null)
    return warns(
      `Still there after ${SILENT_MS / 1000} s of silence; by default a dead publisher stays for about 112 s.`,
      FIX,
    );
  const evidence = `A silent client is dropped after ${(endedMs / 1000).toFixed(1)} s.`;
  // Five seconds until the ping and five for its answer come to ten and a little.
  return endedMs <= SOON_MS + 1000 ? passed(evidence) : warns(evidence, FIX);
}

async function silenceEndsAfter(
  { ip, port, family }: CheckedAddress,
  signal: AbortSignal,
): Promise<number | null | 'no-talk'> {
  const socket = connect({ host: ip, port, family });
  socket.on('error', () => undefined);
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(SILENT_MS + 2000)]);
  try {
    await once(socket, 'connect', { signal: AbortSignal.any([signal, AbortSignal.timeout(1000)]) });
    socket.write(c0c1());
    let answer = Buffer.alloc(0);
    while (answer.length < S0_S1_S2) {
      const [piece] = (await once(socket, 'data', {
        signal: AbortSignal.any([signal, AbortSignal.timeout(1500)]),
      })) as [Buffer];
      answer = Buffer.concat([answer, piece]);
    }
    // C2 repeats S1; from here on we are as silent as somebody who died.
    socket.write(answer.subarray(1, 1 + 1536));
    socket.resume();
    const began = performance.now();
    const timer = AbortSignal.any([deadline, AbortSignal.timeout(SILENT_MS)]);
    return await once(socket, 'close', { signal: timer }).then(
      () => performance.now() - began,
      () => null,
    );
  } catch {
    // Refused, cut off or silent before it had shaken hands.
    return 'no-talk';
  } finally {
    socket.destroy();
  }
}
