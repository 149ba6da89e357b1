import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OUT, ROOT, say } from './paths.mjs';
import { run } from './run.mjs';

/** Builds main, hub, preload and pages into out/. Everything is said on stderr, and only when it fails. */
export async function build() {
  const { code, output } = await run(
    process.execPath,
    [join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn'],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      // electron-vite asks for the Electron binary's version unless told where it is; building needs none.
      env: { ...process.env, ELECTRON_EXEC_PATH: process.env.ELECTRON_EXEC_PATH ?? process.execPath },
    },
  );
  if (code !== 0) {
    say(output);
    say('The build failed.');
    process.exit(code);
  }
}

/** Builds when out/ is missing or older than what it is made from. */
export async function buildWhenStale() {
  const built = join(OUT, 'main', 'hub.js');
  const sources = ['src', 'electron.vite.config.ts', 'package.json'].map((name) => join(ROOT, name));
  if (
    existsSync(built) &&
    existsSync(join(OUT, 'renderer', 'pages.json')) &&
    Math.max(...sources.map(newest)) < statSync(built).mtimeMs
  )
    return;
  say('Building Dropdesk …');
  await build();
}

/** @param {string} path @returns {number} mtime of the newest file in or at the path, ms */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

if (process.argv[1] === import.meta.filename) await build();
