import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

const here = import.meta.dirname;
const page = (path: string): string => resolve(here, 'src/renderer', path, 'index.html');

// Targets are set by hand: electron-vite would aim at the installed Electron, while phones and an older runtime have to
// read the same files. Chunk names stay flat, so that a dynamic import keeps `import.meta.dirname` = out/main.
export default defineConfig({
  main: {
    build: {
      target: 'node20',
      sourcemap: true,
      rolldownOptions: {
        input: { index: resolve(here, 'src/main/index.ts'), hub: resolve(here, 'src/hub/main.ts') },
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
      outDir: resolve(here, 'out/renderer'),
      rolldownOptions: {
        input: {
          desk: page('desk'),
          cue: page('floor/cue'),
          till: page('floor/till'),
          wall: page('floor/wall'),
          join: page('floor/join'),
        },
      },
    },
  },
});
