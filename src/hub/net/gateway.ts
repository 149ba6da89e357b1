import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { platform } from 'node:os';

/** The way out of this computer, by the system's own table (IPv4). */
export interface DefaultRoute {
  /** null: a line without a neighbour, e.g. a tunnel */
  gateway: string | null;
  /** the interface, e.g. `eth0`; on Windows its own address */
  link: string | null;
}

const COMMAND_MS = 1000;

/** @returns `none`: the table has no way out; `unknown`: the table could not be read. Never throws. */
export async function defaultRoute(): Promise<DefaultRoute | 'none' | 'unknown'> {
  try {
    return (await readRoute()) ?? 'none';
  } catch {
    // A system without the file or the program: nothing is known, and nothing follows from it.
    return 'unknown';
  }
}

async function readRoute(): Promise<DefaultRoute | null> {
  switch (platform()) {
    case 'linux':
      return routeOfLinux(await readFile('/proc/net/route', 'utf8'));
    case 'win32': {
      const folder = process.env['SystemRoot'] ?? 'C:\\Windows';
      return routeOfWindows(await said(`${folder}\\System32\\route.exe`, ['print', '-4', '0.0.0.0']));
    }
    default:
      return routeOfNetstat(await said('/usr/sbin/netstat', ['-rn', '-f', 'inet']));
  }
}

function said(program: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: COMMAND_MS, windowsHide: true }, (error, out) =>
      error === null ? resolve(out) : reject(error),
    );
  });
}

interface Candidate extends DefaultRoute {
  metric: number;
}

const best = (candidates: Candidate[]): DefaultRoute | null => {
  const [first] = candidates.toSorted((a, b) => a.metric - b.metric);
  return first === undefined ? null : { gateway: first.gateway, link: first.link };
};

const UP = 1;

/** `/proc/net/route`: interface, destination, gateway, flags, references, use, metric, mask …; addresses in hex, lowest byte first. */
export function routeOfLinux(table: string): DefaultRoute | null {
  const rows = table.split('\n').slice(1);
  const candidates = rows.flatMap((row): Candidate[] => {
    const [link = '', destination, gateway = '', flags = '0', , , metric, mask] = row.trim().split(/\s+/);
    if (destination !== '00000000' || mask !== '00000000' || (parseInt(flags, 16) & UP) === 0) return [];
    return [{ gateway: addressOfHex(gateway), link, metric: Number(metric) }];
  });
  return best(candidates);
}

function addressOfHex(hex: string): string | null {
  if (!/^[0-9a-f]{8}$/i.test(hex) || hex === '00000000') return null;
  return [6, 4, 2, 0].map((at) => parseInt(hex.slice(at, at + 2), 16)).join('.');
}

const ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** macOS and the BSDs: `default  192.168.1.1  UGScg  en0`; the table is in the order of choice. */
export function routeOfNetstat(table: string): DefaultRoute | null {
  for (const row of table.split('\n')) {
    const [destination, gateway = '', , link = null] = row.trim().split(/\s+/);
    if (destination === 'default' || destination === '0.0.0.0')
      return { gateway: ADDRESS.test(gateway) ? gateway : null, link };
  }
  return null;
}

/** `route print`: destination, mask, gateway (or words in the system's language), own address, metric. */
export function routeOfWindows(table: string): DefaultRoute | null {
  const candidates = table.split('\n').flatMap((row): Candidate[] => {
    const [destination, mask, gateway = '', ...rest] = row.trim().split(/\s+/);
    const metric = Number(rest.at(-1));
    if (destination !== '0.0.0.0' || mask !== '0.0.0.0' || !Number.isFinite(metric)) return [];
    return [{ gateway: ADDRESS.test(gateway) ? gateway : null, link: rest.at(-2) ?? null, metric }];
  });
  return best(candidates);
}
