import { networkInterfaces } from 'node:os';
import { checkedAddress } from '../net/address.ts';
import { askedOrWhy } from './asking.ts';
import { type Check, type Finding, type Ground, fails, passed, skips, unknowable, warns } from './check.ts';
import { isPrivate, isThisComputer } from './dead-publisher.ts';
import { knownSecrets } from './known-secrets.ts';
import { hostOf } from './places.ts';
import { worstOf } from './rank.ts';

/** sec-1: keys and passwords are nowhere to be seen. */
export const keySafetyCheck: Check = async (ground) => {
  const secrets = await knownSecrets(ground);
  return worstOf([
    logFinding(ground.logged(), secrets),
    planFinding(ground, secrets),
    passwordFinding(ground),
    relayFinding(ground),
    await statFinding(ground),
  ]);
};

/** Every form in which a text may have got into a line. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  const forms = [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(secret).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    JSON.stringify(secret).slice(1, -1),
    base64,
    bytes.toString('base64url'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
  ];
  return [...new Set(forms)];
}

export function logFinding(lines: readonly string[], secrets: readonly string[]): Finding {
  const forms = secrets.flatMap(formsOf);
  const found = lines.filter((line) => forms.some((form) => line.includes(form))).length;
  return found === 0
    ? passed(secrets.length === 0 ? 'No secret is kept.' : `No secret stands in our log (${lines.length} lines).`)
    : fails(`A key or password stands in ${found} log lines.`, 'Make a new key at the platform, and delete the log.');
}

/** In an address of the plan a key is kept in the ledger for ever; as the name at an own server it can hardly be avoided. */
function planFinding({ stream }: Ground, secrets: readonly string[]): Finding {
  const forms = secrets.flatMap(formsOf);
  const names = (value: unknown): boolean => forms.some((form) => JSON.stringify(value ?? '').includes(form));
  const { rtmpStat, hls, edge, mediamtx, ...rest } = stream;
  if (names(rest))
    return fails(
      'An ingest’s address in the plan carries the key.',
      'Put the key into the settings, and only the address into the plan.',
    );
  if (names([rtmpStat, hls, edge, mediamtx]))
    return warns(
      'The stream’s name at your server is its key: viewers see it in the playlist’s address.',
      'Let the server ask for a key beside the name (on_publish).',
    );
  return passed('The plan names no key.');
}

/** OBS asks for a password unless it was switched off; ours is only set when it does. */
function passwordFinding({ stream, obs, readSecret }: Ground): Finding {
  if (stream.obs === null) return passed('OBS is not planned.');
  if ((readSecret('obs.password') ?? '') !== '') return passed('OBS asks for a password.');
  return obs.isConnected()
    ? fails(
        'OBS lets everybody on this network in: its password is off.',
        'Switch on the password in OBS (Tools, WebSocket) and set it here.',
      )
    : unknowable('Whether OBS asks for a password is not known.', 'Start OBS and run this again.');
}

function relayFinding({ stream }: Ground): Finding {
  return stream.relay === null
    ? skips('No relay is planned.')
    : passed('Other users of this computer can read the key of a running relay leg.');
}

/** May others read the statistics page? Its stream name may be the key. */
async function statFinding(ground: Ground): Promise<Finding> {
  const { rtmpStat } = ground.stream;
  if (rtmpStat === null || !URL.canParse(rtmpStat.url)) return skips('No statistics page is planned.');
  const url = new URL(rtmpStat.url);
  const fix = 'Restrict /stat to this computer.';
  const { ip } = await checkedAddress(url, ground.ownPorts);
  if (!isThisComputer(ip)) {
    if (!(await showsStat(ground, url))) return passed('The statistics page shows nothing.');
    return isPrivate(ip)
      ? warns('The statistics page is reachable on the LAN.', fix)
      : fails('The statistics page is public.', fix);
  }
  const open = await Promise.all(
    lanAddresses().map(async (address) => {
      const there = new URL(url);
      there.hostname = address.includes(':') ? `[${address}]` : address;
      return hostOf(there) !== '' && (await showsStat(ground, there)) ? address : null;
    }),
  );
  return statPlaceFinding(open.filter((address) => address !== null));
}

/** @param open addresses of this computer, beside loopback, at which the page shows itself */
export function statPlaceFinding(open: readonly string[]): Finding {
  const fix = 'Restrict /stat to this computer.';
  if (open.length === 0) return passed('The statistics page is seen from this computer only.');
  return open.every(isPrivate)
    ? warns('The statistics page is reachable on the LAN.', fix)
    : fails('The statistics page is public.', fix);
}

async function showsStat(ground: Ground, url: URL): Promise<boolean> {
  const answer = await askedOrWhy(ground, url);
  return typeof answer !== 'string' && answer.status === 200 && answer.body.includes('<rtmp');
}

function lanAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address);
}
