import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OUT, ROOT, say } from './paths.mjs';
import { run } from './run.mjs';

/**
 * Builds main, hub, preload and pages beside out/, then puts them in its place: who starts or tests meanwhile finds a
 * whole build, the last one or this one. Everything is said on stderr, and only when it fails.
 */
export async function build() {
  const fresh = `${OUT}-${process.pid}`;
  const { code, output } = await run(
    process.execPath,
    [join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn', '--outDir', fresh],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      // electron-vite asks for the Electron binary's version unless told where it is; building needs none.
      env: { ...process.env, ELECTRON_EXEC_PATH: process.env.ELECTRON_EXEC_PATH ?? process.execPath },
    },
  );
  if (code === 0) moveIn(fresh);
  rmSync(fresh, { recursive: true, force: true });
  if (code !== 0) {
    say(output);
    say('The build failed.');
    process.exit(code);
  }
}

/** @param {string} fresh a finished build; what stood in its place is left in it */
function moveIn(fresh) {
  mkdirSync(OUT, { recursive: true });
  for (const name of readdirSync(fresh)) swap(join(fresh, name), join(OUT, name), join(fresh, `former-${name}`));
}

/** Two builds may end in the same moment; then the later one stands. @param {string} from @param {string} place @param {string} former */
function swap(from, place, former) {
  for (let tries = 1; ; tries += 1) {
    try {
      if (existsSync(place)) renameSync(place, `${former}-${tries}`);
      return renameSync(from, place);
    } catch (error) {
      if (tries === 5) throw error;
    }
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
