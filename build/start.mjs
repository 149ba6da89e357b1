import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildWhenStale } from './build.mjs';
import { developmentRuntime, ownElectron, RUNTIME_VERSION } from './electron-runtime.mjs';
import { OUT, ROOT, say } from './paths.mjs';
import { become } from './run.mjs';
import pkg from '../package.json' with { type: 'json' };

/** `npm start`: the control room in a window where that can be, else the headless hub; always says why. */
await buildWhenStale();
const args = process.argv.slice(2);
const noDisplay = process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;

if (noDisplay) headless('there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)');
else await inWindow();

async function inWindow() {
  const own = await ownElectron();
  if (own) return open(own, process.env);
  const wanted = pkg.devDependencies.electron;
  const runtime = await developmentRuntime();
  if (!runtime) return headless(`Electron ${wanted} could not be downloaded`);
  say(
    `Electron ${wanted} could not be downloaded. Using the Electron ${RUNTIME_VERSION} development runtime; the hub runs on Node ${process.versions.node}.`,
  );
  open(join(runtime, 'electron'), {
    ...process.env,
    ELECTRON_OVERRIDE_DIST_PATH: runtime,
    DROPDESK_HUB_NODE: process.execPath,
  });
}

/** @param {string} electron @param {NodeJS.ProcessEnv} env */
function open(electron, env) {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) say("You are root, so Electron's sandbox is off. Start Dropdesk as an ordinary user for a real show.");
  become(electron, [...(isRoot ? ['--no-sandbox'] : []), ROOT, ...args], env);
}

/** @param {string} why */
function headless(why) {
  say(`No window: ${why}. The hub runs without a window.`);
  const data = process.env.DROPDESK_DATA ?? join(homedir(), '.local', 'share', 'dropdesk');
  const port = process.env.DROPDESK_DESK_PORT;
  // The hub stops when its stdin ends, so that it does not outlive us, however we end.
  const hub = spawn(
    process.execPath,
    [join(OUT, 'main', 'hub.js'), '--data', data, ...(port ? ['--desk-port', port] : []), ...args],
    { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, DROPDESK_STOP_WITH_STDIN: '1' } },
  );
  createInterface({ input: hub.stdout }).on('line', (line) => {
    if (!line.startsWith('{')) return;
    const { desk, token } = JSON.parse(line);
    say(`Open the desk in a browser on this machine: ${desk}/desk/#token=${token}. Stop it with Ctrl+C.`);
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => hub.kill('SIGTERM'));
  hub.on('exit', (code) => process.exit(code ?? 1));
}
