import { existsSync, readFileSync } from 'node:fs';
import { extname, join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Served } from './answers.ts';

/**
 * What a listener serves: a map from exact path to bytes, filled once at start with the files that its own pages need
 * and no others. No path is ever joined from a request, and the floor does not carry the desk's code (NET-3, NET-4).
 */
export type Pages = ReadonlyMap<string, Served>;

/** vite's manifest, as far as we read it. */
interface Chunk {
  file: string;
  imports?: string[];
  dynamicImports?: string[];
  css?: string[];
  assets?: string[];
}

const PACKABLE = /\.(html|js|css|json|svg|webmanifest)$/;

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
};

/**
 * @param folder  the built pages (out/renderer), with vite's manifest pages.json
 * @param entries address → page of the build, as in contract/routes.ts
 */
export function readPages(folder: string, entries: Record<string, string>): Pages {
  const manifestPath = join(folder, 'pages.json');
  const manifest = existsSync(manifestPath)
    ? (JSON.parse(readFileSync(manifestPath, 'utf8')) as Record<string, Chunk>)
    : {};
  const pages = new Map<string, Served>();
  for (const [address, entry] of Object.entries(entries)) {
    const path = join(folder, entry);
    if (!manifest[entry] || !existsSync(path)) {
      pages.set(address, notBuilt(entry));
      continue;
    }
    const html = readFileSync(path);
    pages.set(address, served(entry, false, html));
    for (const file of [...filesOf(manifest, entry), ...filesNamedIn(html.toString('utf8'), entry)]) {
      const on = join(folder, file);
      if (!existsSync(on)) continue;
      pages.set(`/${file}`, served(file, file.startsWith('assets/'), readFileSync(on)));
    }
  }
  return pages;
}

/** Everything that one entry may load, through all its imports. */
function filesOf(manifest: Record<string, Chunk>, entry: string): Set<string> {
  const files = new Set<string>();
  const seen = new Set<string>();
  const visit = (key: string): void => {
    const chunk = manifest[key];
    if (seen.has(key) || !chunk) return;
    seen.add(key);
    for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) files.add(file);
    for (const next of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]) visit(next);
  };
  visit(entry);
  return files;
}

/** Icons and the like stand in the page itself and in no chunk. Addresses that leave the build are dropped. */
function filesNamedIn(html: string, entry: string): string[] {
  const named = [...html.matchAll(/(?:src|href)="([^"#?:]+)"/g)].map(([, address]) => address ?? '');
  return named.map((address) => posix.join(posix.dirname(entry), address)).filter((file) => !file.startsWith('..'));
}

function served(file: string, immutable: boolean, bytes: Buffer): Served {
  // At the first request, once: a hub that comes back during a show must not pack pages before it sells.
  let packed: Buffer | null | undefined;
  const pack = (): Buffer | null => {
    const smaller = PACKABLE.test(file) ? gzipSync(bytes, { level: 9 }) : bytes;
    return smaller.byteLength < bytes.byteLength ? smaller : null;
  };
  return {
    status: 200,
    type: typeOf(file),
    immutable,
    bytes,
    packed: () => (packed === undefined ? (packed = pack()) : packed),
  };
}

function typeOf(file: string): string {
  return TYPES[extname(file)] ?? 'application/octet-stream';
}

function notBuilt(entry: string): Served {
  const sentence = `<!doctype html><meta charset="utf-8"><title>Dropdesk</title><p>This page (${entry}) is not built yet. Run "npm run build" and start the hub again.`;
  return {
    status: 503,
    type: 'text/html; charset=utf-8',
    immutable: false,
    bytes: Buffer.from(sentence),
    packed: () => null,
  };
}
