import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createServer } from 'vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { ROOT, say } from './paths.mjs';

/** The development loop without Electron: the hub restarts on a change, pages reload; the dev server stays on loopback. */
const HUB = 'http://127.0.0.1:7711';
const hub = spawn(
  process.execPath,
  [
    '--watch',
    join(ROOT, 'src/hub/main.ts'),
    '--data',
    join(ROOT, 'out/dev-data'),
    '--desk-port',
    '7711',
    ...process.argv.slice(2),
  ],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
const proxy = { target: HUB, changeOrigin: true, headers: { origin: HUB } };
const server = await createServer({
  configFile: false,
  root: join(ROOT, 'src/renderer'),
  plugins: [svelte({ configFile: false })],
  server: { host: '127.0.0.1', port: 7710, proxy: { '/api': proxy, '/socket.io': { ...proxy, ws: true } } },
});
await server.listen();
hub.stdout.setEncoding('utf8').on('data', (/** @type {string} */ line) => {
  if (line.startsWith('{')) say(`http://127.0.0.1:7710/desk/index.html#token=${JSON.parse(line).token}`);
});
process.on('SIGINT', () => {
  hub.kill('SIGTERM');
  void server.close().then(() => process.exit(0));
});
