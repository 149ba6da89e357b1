import type { Check, Finding, Ground } from './check.ts';
import { fails, passed, unknowable, warns } from './check.ts';
import { type Asked, askedOrWhy, headerOf } from './asking.ts';
import { safeLines } from './certificates.ts';
import { type NamedPlace, hostOf, listed, webPlaces } from './places.ts';
import { worstOf } from './rank.ts';

const FIX = 'Log in to the Wi-Fi, or use a hotspot.';
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];

/** Makers of what opens other people's safe lines, as they call themselves in the certificates they make up. */
const OPENERS =
  /fortinet|fortigate|zscaler|netskope|sophos|blue ?coat|symantec web|palo alto|check ?point|watchguard|barracuda|sonicwall|untangle|cisco umbrella|opendns|forcepoint|mcafee web|kaspersky|avast|avg |eset |bitdefender|mitmproxy|fiddler|charles proxy|burp|portswigger|squid/i;

/**
 * net-5: a login page, something that opens safe lines, proxy variables. Only the addresses of the plan are asked: a page
 * that catches other addresses alone is not seen, and the evidence says so.
 */
export const betweenCheck: Check = async (ground) => {
  const [portals, lines] = await Promise.all([lookForPortals(ground), safeLines(ground)]);
  const opened = lines.flatMap(({ name, line }): Finding[] => {
    const by = openerOf(line.shown?.issuer ?? '');
    return by === null ? [] : [fails(`The safe line to the ${name} is opened by ${by}.`, FIX)];
  });
  return worstOf([...portals, ...opened, proxyFinding(process.env)]);
};

/** @returns who opens the line, by its issuer's own name; null: nobody that is known to */
export function openerOf(issuer: string): string | null {
  return OPENERS.test(issuer) ? issuer : null;
}

/** @param environment of the hub's process; a proxy's address may carry a password: only the name is said */
export function proxyFinding(environment: NodeJS.ProcessEnv): Finding {
  const set = PROXIES.filter((name) => (environment[name] ?? '') !== '');
  if (set.length === 0) return passed('No proxy is set.');
  const evidence = `${listed(set)} ${set.length === 1 ? 'is' : 'are'} set; OBS may go through it, Dropdesk does not.`;
  return warns(evidence, 'Switch the proxy off for the show.');
}

async function lookForPortals(ground: Ground): Promise<Finding[]> {
  const plain = webPlaces(ground).filter(({ url }) => url.protocol === 'http:');
  if (webPlaces(ground).length === 0)
    return [unknowable('No web address is planned: a login page of the Wi-Fi cannot be looked for.')];
  const found = await Promise.all(
    plain.map(async (place) => portalFinding(place, await askedOrWhy(ground, place.url))),
  );
  return found;
}

/** An answer that leads elsewhere, or a login page in the place of what was asked. */
export function portalFinding({ name, url }: NamedPlace, answer: Asked | string): Finding {
  // That it does not answer is said by the checks whose matter it is.
  if (typeof answer === 'string') return passed(`The ${name} does not answer.`);
  // RFC 6585, section 6: network authentication required.
  if (answer.status === 511) return fails(`The network asks for a login before the ${name}.`, FIX);
  const to = headerOf(answer, 'location');
  if (answer.status >= 300 && answer.status < 400 && to !== null && URL.canParse(to, url.href)) {
    const target = new URL(to, url);
    if (hostOf(target) !== hostOf(url)) return fails(`The ${name} answers with a way to another host.`, FIX);
  }
  const isPage = /^text\/html/i.test(headerOf(answer, 'content-type') ?? '');
  const wasPlaylist = url.pathname.endsWith('.m3u8');
  if (answer.status === 200 && isPage && wasPlaylist) return fails(`In place of the ${name} comes a web page.`, FIX);
  return passed(`The ${name} answers itself; only planned addresses were asked.`);
}
