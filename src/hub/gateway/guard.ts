import type { IncomingMessage } from 'node:http';

/**
 * Is this request meant for us, by a page of ours? Asked for every request and every upgrade before anything else
 * looks at it (NET-1). Host defeats DNS rebinding, Origin defeats foreign pages; neither alone defeats both.
 * `X-Forwarded-*` and `Forwarded` are never read.
 */
export interface GuardRule {
  /** `address:port` forms that are ours */
  hosts: ReadonlySet<string>;
  /** false: nobody's browser has business here, so any Origin is refused */
  allowsPages: boolean;
}

export interface Turned {
  status: 400 | 403;
  error: 'host-not-ours' | 'origin-not-ours' | 'method-not-ours';
}

type Asked = Pick<IncomingMessage, 'url' | 'method' | 'headers' | 'rawHeaders'>;

/** @returns why it is turned away, or null */
export function turnAway(request: Asked, rule: GuardRule): Turned | null {
  const host = only(request, 'host');
  if (host === undefined || host === null || !request.url?.startsWith('/'))
    return { status: 400, error: 'host-not-ours' };
  if (!rule.hosts.has(host)) return { status: 403, error: 'host-not-ours' };
  const origin = only(request, 'origin');
  if (origin === null) return { status: 400, error: 'origin-not-ours' };
  if (origin !== undefined && (!rule.allowsPages || origin !== `http://${host}`))
    return { status: 403, error: 'origin-not-ours' };
  const site = only(request, 'sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isTopNavigation(request))
    return { status: 403, error: 'origin-not-ours' };
  // A preflight is a foreign page asking; no answer of ours ever carries a CORS header.
  if (request.method === 'OPTIONS') return { status: 403, error: 'method-not-ours' };
  return null;
}

/**
 * Path and query of a request that was let in. Read behind a fixed name: against a base, `//` and `/\\` would be taken
 * for the start of another host, and a broken host throws.
 */
export function addressOf({ url }: Pick<IncomingMessage, 'url'>): URL {
  return new URL(`http://here${url ?? '/'}`);
}

/** A person followed a link or typed the address: they get a sentence, not JSON. */
export function isNavigation(request: Asked): boolean {
  return request.headers['sec-fetch-mode'] === 'navigate' || (request.headers.accept ?? '').startsWith('text/html');
}

function isTopNavigation({ method, headers }: Asked): boolean {
  return method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

/** @returns the header's value; undefined when absent, null when it is there more than once (Node would keep the first) */
function only({ rawHeaders }: Asked, name: string): string | null | undefined {
  let value: string | undefined;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.toLowerCase() !== name) continue;
    if (value !== undefined) return null;
    value = rawHeaders[i + 1];
  }
  return value;
}

/** `127.0.0.1` + 7700 → `127.0.0.1:7700`; brackets for IPv6; browsers leave port 80 out, so both forms are ours then. */
export function hostForms(address: string, port: number): string[] {
  const name = address.includes(':') ? `[${address}]` : address;
  return port === 80 ? [name, `${name}:80`] : [`${name}:${port}`];
}
