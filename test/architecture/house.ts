import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

export const SRC = resolve(import.meta.dirname, '../../src');

export interface Arrow {
  from: string;
  to: string;
}

const IMPORT = /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Source files by their path below src/, tests left out. */
export function sourceFiles(root: string = SRC): string[] {
  return readdirSync(root, { recursive: true })
    .map((name) => String(name).split(sep).join('/'))
    .filter((name) => /\.(ts|svelte)$/.test(name) && !/\.(test|d)\.ts$/.test(name));
}

/** Every import of ours, from file to file (below src/); packages are named as they are. */
export function arrows(
  files: readonly string[],
  read: (file: string) => string = (file) => readFileSync(join(SRC, file), 'utf8'),
): Arrow[] {
  return files.flatMap((from) =>
    [...read(from).matchAll(IMPORT)].map((match) => ({ from, to: targetOf(from, match[1] ?? match[2] ?? '') })),
  );
}

function targetOf(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const path = relative(SRC, resolve(SRC, dirname(from), specifier))
    .split(sep)
    .join('/');
  return [path, `${path}.ts`].find((candidate) => existsSync(join(SRC, candidate)) && /\.\w+$/.test(candidate)) ?? path;
}

export function roomOf(file: string): string {
  const [room = '', second = ''] = file.split('/');
  return room === 'hub' && file.split('/').length > 2 ? `hub/${second}` : room;
}

/**
 * Which room may open which door (DESIGN §3). A hall's own file (`hub`) may open every door of the hub; its rooms may
 * not open each other's.
 */
export function isDoorOpen({ from, to }: Arrow): boolean {
  const [a, b] = [roomOf(from), roomOf(to)];
  if (a === b) return true;
  switch (a) {
    case 'domain':
      return false;
    case 'contract':
      return b === 'domain' || isPackage(to, ['zod', '@noble/hashes', '@noble/curves']);
    case 'renderer':
      return b === 'contract' || b === 'domain' || !isOurs(to);
    case 'main':
      return b === 'contract' || !isOurs(to);
    case 'preload':
      return to === 'main/bridge.ts' || !isOurs(to);
    case 'hub':
      return b.startsWith('hub/') || b === 'contract' || b === 'domain' || (!isOurs(to) && to !== 'electron');
    case 'hub/procedures':
      // The hall's own: what it carries out with the rooms' help.
      return b === 'hub' || b.startsWith('hub/') || b === 'contract' || b === 'domain' || !isOurs(to);
    default:
      return (
        ['hub/doors.ts', 'hub/canonical.ts', 'hub/log.ts'].includes(to) ||
        // How the network is asked safely is one matter, whichever room asks.
        b === 'hub/net' ||
        b === 'contract' ||
        b === 'domain' ||
        (!isOurs(to) && to !== 'electron')
      );
  }
}

function isOurs(to: string): boolean {
  return ['domain', 'contract', 'hub', 'main', 'preload', 'renderer'].includes(to.split('/')[0] ?? '');
}

function isPackage(to: string, names: readonly string[]): boolean {
  return names.some((name) => to === name || to.startsWith(`${name}/`));
}

/** @returns one cycle of files, or null */
export function findCycle(all: readonly Arrow[]): string[] | null {
  const next = new Map<string, string[]>();
  for (const { from, to } of all) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const walk = (file: string, way: string[]): string[] | null => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const to of next.get(file) ?? []) {
      const cycle = walk(to, [...way, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return null;
  };
  for (const file of next.keys()) {
    const cycle = walk(file, []);
    if (cycle) return cycle;
  }
  return null;
}
