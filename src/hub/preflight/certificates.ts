import { type PeerCertificate, type TLSSocket, connect } from 'node:tls';
import { DAY, type Duration } from '../../domain/units.ts';
import { type CheckedAddress, checkedAddress } from '../net/address.ts';
import { type Check, type Finding, type Ground, fails, passed, sharedOnce, skips, warns } from './check.ts';
import { type NamedPlace, allPlaces, hostOf, isName } from './places.ts';
import { worstOf } from './rank.ts';

/** What one server shows when a safe line is opened to it. */
export interface SafeLine {
  /** null: no line came about at all */
  shown: { problem: string | null; issuer: string; expiresAt: number; protocol: string } | null;
  /** the system's code when there is no line */
  failure: string | null;
}

const DEADLINE_MS = 3000;
const SOON: Duration = 14 * DAY;
const FIX = 'Renew the certificate.';

/** Every rtmps and https server of the plan, each asked once. */
export const safeLines = sharedOnce(async (ground: Ground): Promise<{ name: string; line: SafeLine }[]> => {
  const places = (await allPlaces(ground)).filter(({ url }) => url.protocol === 'https:' || url.protocol === 'rtmps:');
  return await Promise.all(
    places.map(async (place) => ({ name: place.name, line: await lineTo(place, ground.ownPorts) })),
  );
});

/** net-8: chain, expiry and version of TLS. */
export const certificatesCheck: Check = async (ground) => {
  const lines = await safeLines(ground);
  if (lines.length === 0) return skips('Nothing that is planned uses TLS.');
  return worstOf(lines.map(({ name, line }) => certificateFinding(name, line, ground.now().at)));
};

export function certificateFinding(name: string, { shown, failure }: SafeLine, now: number): Finding {
  if (shown === null) {
    return isOldVersion(failure ?? '')
      ? fails(`The ${name} only speaks a TLS older than 1.2.`, 'Switch on TLS 1.2 or 1.3 there.')
      : fails(`No safe line to the ${name} (${failure ?? 'no answer'}).`, FIX);
  }
  const days = Math.floor((shown.expiresAt - now) / DAY);
  if (shown.expiresAt <= now) return fails(`The certificate of the ${name} expired ${Math.abs(days)} days ago.`, FIX);
  if (shown.problem !== null) return fails(`The certificate of the ${name} is not valid (${shown.problem}).`, FIX);
  if (!/^TLSv1\.[23]$/.test(shown.protocol))
    return fails(`The ${name} speaks ${shown.protocol}.`, 'Switch on TLS 1.2 or 1.3 there.');
  const evidence = `${name}: valid for ${days} days, ${shown.protocol}.`;
  return shown.expiresAt - now < SOON ? warns(evidence, FIX) : passed(evidence);
}

function isOldVersion(code: string): boolean {
  return /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|WRONG_SSL_VERSION|VERSION_TOO_LOW/.test(code);
}

async function lineTo({ url }: NamedPlace, ownPorts: readonly number[]): Promise<SafeLine> {
  let address: CheckedAddress;
  try {
    address = await checkedAddress(url, ownPorts);
  } catch {
    return { shown: null, failure: 'its name is not found' };
  }
  const host = hostOf(url);
  const socket = connect({
    host: address.ip,
    port: address.port,
    // An address has no name to send; its certificate is then checked against the address itself.
    ...(isName(host) ? { servername: host } : {}),
    // Looked at, not trusted: nothing is sent over this line.
    rejectUnauthorized: false,
  });
  return await new Promise<SafeLine>((resolve) => {
    const end = (line: SafeLine): void => {
      socket.destroy();
      resolve(line);
    };
    socket.setTimeout(DEADLINE_MS, () => end({ shown: null, failure: 'no answer in time' }));
    socket.once('secureConnect', () => end({ shown: shownBy(socket), failure: null }));
    socket.once('error', (error: NodeJS.ErrnoException) => end({ shown: null, failure: error.code ?? 'cut off' }));
    socket.once('close', () => end({ shown: null, failure: 'cut off' }));
  });
}

function shownBy(socket: TLSSocket): SafeLine['shown'] {
  const certificate: PeerCertificate = socket.getPeerCertificate();
  const { authorizationError } = socket;
  // Typed as Error, and in truth a code such as DEPTH_ZERO_SELF_SIGNED_CERT.
  const problem = socket.authorized ? null : codeOf(authorizationError);
  const issuer = [certificate.issuer?.O, certificate.issuer?.CN].filter((text) => typeof text === 'string').join(' ');
  return {
    problem,
    issuer,
    expiresAt: Date.parse(certificate.valid_to),
    protocol: socket.getProtocol() ?? 'unknown',
  };
}

function codeOf(error: unknown): string {
  if (typeof error === 'string') return error;
  return error instanceof Error ? ('code' in error ? String(error.code) : error.message) : 'unknown';
}
