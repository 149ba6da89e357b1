import { dirname, relative, resolve, sep } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import type { Rolldown } from 'vite';

const here = import.meta.dirname;
const page = (path: string): string => resolve(here, 'src/renderer', path, 'index.html');

/** The pages that need a module from their start, by their folder: `desk`, `floor/cue` … What comes later lies apart. */
function pagesThatNeed(id: string, context: Rolldown.ChunkingContext): Set<string> {
  const pages = new Set<string>();
  const seen = new Set<string>();
  const climb = (module: string): void => {
    if (seen.has(module)) return;
    seen.add(module);
    if (module.endsWith('.html'))
      pages.add(relative(resolve(here, 'src/renderer'), dirname(module)).replaceAll(sep, '/'));
    for (const importer of context.getModuleInfo(module)?.importers ?? []) climb(importer);
  };
  climb(id);
  return pages;
}

/**
 * What pages share lies in two chunks, so that a phone has all of a page in eight requests: `base` is for everybody,
 * `floor` for the screens behind a pairing. The join page carries the key agreement and must not load the screens too.
 */
function sharedChunk(id: string, context: Rolldown.ChunkingContext): string | null {
  // Reactive maps and their like hang behind Svelte's front door, and only the desk goes in there.
  if (/[\\/]svelte[\\/]src[\\/]reactivity[\\/]/.test(id)) return null;
  const pages = pagesThatNeed(id, context);
  if (pages.size < 2) return null;
  return pages.has('desk') || pages.has('floor/join') ? 'base' : 'floor';
}

// Targets are set by hand: electron-vite would aim at the installed Electron, while phones and an older runtime have to
// read the same files. Chunk names stay flat, so that a dynamic import keeps `import.meta.dirname` = out/main.
export default defineConfig({
  main: {
    // fflate's build for Node declares a `require` of its own, beside electron-vite's; we pack without its workers.
    resolve: { alias: { fflate: 'fflate/browser' } },
    build: {
      target: 'node20',
      sourcemap: true,
      rolldownOptions: {
        input: {
          index: resolve(here, 'src/main/index.ts'),
          hub: resolve(here, 'src/hub/main.ts'),
          'close-worker': resolve(here, 'src/hub/close-worker.ts'),
          'chain-worker': resolve(here, 'src/hub/chain-worker.ts'),
          'import-worker': resolve(here, 'src/hub/import-worker.ts'),
        },
        output: { chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: 'node20',
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve(here, 'src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(here, 'src/renderer'),
    base: './',
    plugins: [svelte({ configFile: false })],
    build: {
      target: 'es2021',
      minify: true,
      // The hub serves each listener only the files its own pages need; it reads them from this manifest.
      manifest: 'pages.json',
      modulePreload: { polyfill: false },
      rolldownOptions: {
        // The domain is pure, and Svelte's reactive maps are: a module of theirs that nobody calls is nobody's.
        treeshake: {
          moduleSideEffects: [{ test: /[\\/]src[\\/](domain|reactivity)[\\/]/, sideEffects: false }],
        },
        input: {
          desk: page('desk'),
          cue: page('floor/cue'),
          till: page('floor/till'),
          wall: page('floor/wall'),
          join: page('floor/join'),
        },
        output: {
          codeSplitting: {
            groups: [
              // The floor's styles are one file of their own: the desk must not get them, join needs a part of them.
              { name: 'floor-style', test: /renderer[\\/]floor.*\.css$/, minShareCount: 2, priority: 1 },
              { name: sharedChunk },
            ],
          },
        },
      },
    },
  },
});
