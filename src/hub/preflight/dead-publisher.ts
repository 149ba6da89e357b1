import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type CheckedAddress, checkedAddress } from '../net/address.ts';
import { writeAmf } from '../net/amf0.ts';
import { c0c1 } from '../net/knock.ts';
import { COMMAND_AMF0, writeMessage } from '../net/rtmp-chunks.ts';
import { type Check, type Finding, type Ground, fails, passed, skips, unknowable, warns } from './check.ts';
import { type IngestPlace, ingestPlace, obsServer } from './places.ts';

const FIX = 'Set `drop_idle_publisher 5s; ping 5s; ping_timeout 5s`.';
const SOON_MS = 10_000;
/** how long we keep silent; two pings of five seconds take ten, and a little */
const SILENT_MS = 12_000;
const S0_S1_S2 = 1 + 1536 * 2;

/**
 * fail-2: does a streaming server of our own let go of a publisher that died? Its configuration is read where it can be;
 * else we fall silent and see when it hangs up. As a publisher, under a name of our own, only where a test stream is
 * allowed and nothing is on air: a server may push on whatever it gets.
 */
export const deadPublisherCheck: Check = async (ground, signal) => {
  const place = await ownServer(ground);
  if (place === null) return skips('The streaming server is not one of ours.');
  const address = await checkedAddress(place.url, ground.ownPorts);
  const rules = isThisComputer(address.ip) ? readRules(address.port) : null;
  if (rules !== null) return rulesFinding(rules);
  const mayPublish = ground.setting('preflight.testStream') === true && !ground.isLive;
  const name = mayPublish ? `dropdesk-audit-${randomBytes(6).toString('hex')}` : null;
  const opening = name === null ? Buffer.alloc(0) : publishing(place, name);
  return silenceFinding(await silenceEndsAfter(address, opening, signal), mayPublish);
};

/** The first server that OBS sends to, if it stands in this house: a relay, or the ingest itself. */
async function ownServer(ground: Ground): Promise<IngestPlace | null> {
  const server = (await obsServer(ground)) ?? ground.stream.relay?.url ?? ground.stream.primaryIngest;
  const place = server === null ? null : ingestPlace(server);
  if (place === null || place.url.protocol !== 'rtmp:') return null;
  const { ip } = await checkedAddress(place.url, ground.ownPorts);
  return isPrivate(ip) ? place : null;
}

/** RFC 1918, RFC 4193, RFC 6598 (behind a provider's or a mesh's address translation), link-local, loopback. */
export function isPrivate(ip: string): boolean {
  return (
    /^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(ip) ||
    ip === '::1' ||
    /^f[cd][0-9a-f]{2}:/i.test(ip)
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

/**
 * @param endedMs     ms after which the server hung up; null: not while we were silent; 'no-talk': it did not talk to us
 * @param wasPublisher we had begun to publish: only then is what happened what would happen to OBS
 */
export function silenceFinding(endedMs: number | null | 'no-talk', wasPublisher: boolean): Finding {
  if (endedMs === 'no-talk')
    return unknowable('The streaming server does not take us as a publisher.', 'Start it and run this again.');
  const seconds = endedMs === null ? SILENT_MS / 1000 : endedMs / 1000;
  if (endedMs !== null && endedMs <= SOON_MS + 1000)
    return passed(`Silent, we were dropped after ${seconds.toFixed(1)} s.`);
  const evidence = `Still there after ${seconds.toFixed(0)} s of silence; by default a dead publisher stays for about 112 s.`;
  return wasPublisher ? fails(evidence, FIX) : warns(evidence, FIX);
}

/** AAC's header and one frame of silence: nginx-rtmp watches for idleness from the first frame on (measured). */
const FRAMES = [Buffer.from([0xaf, 0, 0x12, 0x10]), Buffer.from([0xaf, 1, 0x21, 0x10, 4, 0x60, 0x8c, 0x1c])];
const AUDIO = 8;

/** `connect`, `createStream`, `publish` and a breath of silence, all at once; then nothing more comes. */
function publishing({ url, application }: IngestPlace, name: string): Buffer {
  const tcUrl = `${url.protocol}//${url.host}/${application}`;
  const fields = { app: application, type: 'nonprivate', flashVer: 'FMLE/3.0 (compatible; FMSc/1.0)', tcUrl };
  const command = (...values: Parameters<typeof writeAmf>): Buffer =>
    writeMessage(3, { type: COMMAND_AMF0, payload: writeAmf(...values) });
  const onStream = [
    command('publish', 3, null, name, 'live'),
    ...FRAMES.map((payload) => writeMessage(4, { type: AUDIO, payload })),
  ];
  // RTMP 1.0, section 5.3.1.2.1: the message stream's id, little endian; `createStream` answers 1.
  for (const message of onStream) message.writeUInt32LE(1, 8);
  return Buffer.concat([command('connect', 1, fields), command('createStream', 2, null), ...onStream]);
}

async function silenceEndsAfter(
  { ip, port, family }: CheckedAddress,
  opening: Buffer,
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
    socket.write(Buffer.concat([answer.subarray(1, 1 + 1536), opening]));
    socket.resume();
    const began = performance.now();
    const timer = AbortSignal.any([deadline, AbortSignal.timeout(SILENT_MS)]);
    const ended = await once(socket, 'close', { signal: timer }).then(
      () => performance.now() - began,
      () => null,
    );
    // Shown out at once, it was not our silence.
    return ended !== null && ended < 1000 ? 'no-talk' : ended;
  } catch {
    // Refused, cut off or silent before it had shaken hands.
    return 'no-talk';
  } finally {
    socket.destroy();
  }
}
