import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { defaultRoute } from '../net/gateway.ts';
import { type Check, type Finding, fails, passed, warns } from './check.ts';

/** The way out of this computer: through which interface, and of what kind it is. */
export interface Link {
  name: string;
  kind: 'wired' | 'wifi' | 'unknown';
}

/** net-1: the default route and the kind of its link. */
export const linkCheck: Check = async (_ground, signal) => linkFinding(await readLink(process.platform, signal));

/** @param link null: there is no default route; 'unreadable': this system's route table could not be read */
export function linkFinding(link: Link | 'unreadable' | null): Finding {
  const fix = 'Plug in a cable.';
  if (link === 'unreadable') return warns('How this computer is connected could not be read.', fix);
  if (link === null) return fails('There is no way out: no default route.', fix);
  switch (link.kind) {
    case 'wired':
      return passed(`By cable (${link.name}).`);
    case 'wifi':
      return warns(`By Wi-Fi (${link.name}).`, fix);
    case 'unknown':
      return warns(`By ${link.name}; of what kind it is could not be read.`, fix);
  }
}

async function readLink(platform: NodeJS.Platform, signal: AbortSignal): Promise<Link | 'unreadable' | null> {
  try {
    if (platform === 'linux') return await linuxLink();
    if (platform === 'darwin') return await macLink(signal);
    if (platform === 'win32') return await windowsLink(signal);
  } catch {
    // A tool is missing or speaks another way: said as "could not be read".
    return 'unreadable';
  }
  return 'unreadable';
}

async function linuxLink(): Promise<Link | 'unreadable' | null> {
  const route = await defaultRoute();
  if (route === 'unknown') return 'unreadable';
  const six = '/proc/net/ipv6_route';
  const name = route !== 'none' ? route.link : existsSync(six) ? defaultRoute6(readFileSync(six, 'utf8')) : null;
  if (name === null) return null;
  const at = `/sys/class/net/${name}`;
  if (existsSync(`${at}/wireless`) || existsSync(`${at}/phy80211`)) return { name, kind: 'wifi' };
  // ARPHRD_ETHER (linux/if_arp.h); a phone's USB tethering is one too, and a tunnel is not.
  const isEthernet = existsSync(`${at}/type`) && readFileSync(`${at}/type`, 'utf8').trim() === '1';
  return { name, kind: isEthernet && /^(en|eth|usb)/.test(name) ? 'wired' : 'unknown' };
}

/** @returns the interface of `/proc/net/ipv6_route`'s default; the kernel's own "unreachable" one lies on `lo` */
function defaultRoute6(table: string): string | null {
  const routes = table.split('\n').map((line) => line.trim().split(/\s+/));
  const way = routes.find((row) => /^0{32}$/.test(row[0] ?? '') && row[1] === '00' && row.at(-1) !== 'lo');
  return way?.at(-1) ?? null;
}

const run = promisify(execFile);

async function macLink(signal: AbortSignal): Promise<Link | 'unreadable' | null> {
  const route = await defaultRoute();
  if (route === 'unknown') return 'unreadable';
  const name = route === 'none' ? null : route.link;
  if (name === null) return null;
  const { stdout } = await run('/usr/sbin/networksetup', ['-listallhardwareports'], { signal });
  return { name, kind: macKind(stdout, name) };
}

/** @param ports output of `networksetup -listallhardwareports` */
export function macKind(ports: string, name: string): Link['kind'] {
  const block = ports.split(/\n\s*\n/).find((text) => new RegExp(`^Device:\\s*${name}$`, 'm').test(text));
  const port = /Hardware Port:\s*(.+)/.exec(block ?? '')?.[1] ?? '';
  if (/wi-?fi|airport/i.test(port)) return 'wifi';
  return /ethernet|lan|thunderbolt/i.test(port) ? 'wired' : 'unknown';
}

const WINDOWS =
  "$r=Get-NetRoute -DestinationPrefix '0.0.0.0/0' -ErrorAction Stop | Sort-Object {$_.RouteMetric + $_.InterfaceMetric} | Select-Object -First 1;" +
  '$a=Get-NetAdapter -InterfaceIndex $r.ifIndex; "$($a.Name)|$($a.NdisPhysicalMedium)"';

async function windowsLink(signal: AbortSignal): Promise<Link | null> {
  const { stdout } = await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', WINDOWS], { signal });
  return windowsKind(stdout.trim());
}

/** @param line `name|medium`; 14 is 802.3, 9 is 802.11 (NDIS_PHYSICAL_MEDIUM) */
export function windowsKind(line: string): Link | null {
  const [name = '', medium = ''] = line.split('|');
  if (name === '') return null;
  return { name, kind: /^14$|802\.3/.test(medium) ? 'wired' : /^9$|802\.11/.test(medium) ? 'wifi' : 'unknown' };
}
