import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startDisplay } from './display.mjs';
import { developmentRuntime, ownElectron } from './electron-runtime.mjs';
import { ROOT, say } from './paths.mjs';
import { run } from './run.mjs';
import { SUITES } from './suites.mjs';

/** `npm test [-- suite…]`: installs what the suites need where that is possible, runs them, names what was skipped. */
const isCi = process.env.CI === 'true';
const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith('-'));
const isRelease = process.argv.includes('--release');
const suites = SUITES.filter((suite) =>
  wanted.length > 0 ? wanted.includes(suite.name) : Boolean(suite.release) === isRelease,
);
const unknown = wanted.filter((name) => !SUITES.some((suite) => suite.name === name));
if (unknown.length > 0) {
  say(`There is no suite ${unknown.join(', ')}. There are: ${SUITES.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

await installMissing(
  suites
    .flatMap(({ needs }) => needs)
    .filter(({ probe }) => !probe())
    .flatMap(({ packages }) => packages),
);
const count = { passed: 0, failed: 0, skipped: 0 };
for (const round of new Set(suites.map((suite) => suite.round))) {
  const beside = suites.filter((suite) => suite.round === round);
  for (const outcome of await Promise.all(beside.map((suite) => runSuite(suite, beside.length > 1))))
    count[outcome] += 1;
}
console.log(`suites: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exit(count.failed > 0 || (isCi && count.skipped > 0) ? 1 : 0);

/**
 * @param {import('./suites.mjs').Suite} suite
 * @param {boolean} isBeside others run at the same time: what it says is told in one piece when it has ended
 * @returns {Promise<'passed' | 'failed' | 'skipped'>}
 */
async function runSuite(suite, isBeside) {
  const missing = suite.needs.filter(({ probe }) => !probe()).flatMap(({ packages }) => packages);
  if (missing.length > 0) return skip(suite.name, `needs the Debian packages ${missing.join(', ')}`);
  const env = { ...process.env };
  if (suite.runtime) {
    const electron = await electronFor(env);
    if (!electron) return skip(suite.name, 'no Electron can be had on this machine');
    env.DROPDESK_TEST_ELECTRON = electron;
  }
  const display = suite.display && !env.DISPLAY ? await startDisplay() : null;
  if (display) env.DISPLAY = display.display;
  const started = performance.now();
  say(`\n── ${suite.name} ──${isBeside ? ' (beside another: told when it has ended)' : ''}`);
  try {
    const options = isBeside ? { env, stdio: /** @type {const} */ (['ignore', 'pipe', 'pipe']) } : { env };
    const { code, output } = await run(process.execPath, suite.command, options);
    if (isBeside) console.log(`\n── ${suite.name} ──\n${output}`);
    say(`${suite.name}: ${code === 0 ? 'passed' : 'FAILED'} in ${Math.round((performance.now() - started) / 1000)} s`);
    return code === 0 ? 'passed' : 'failed';
  } finally {
    display?.stop();
  }
}

/** @param {NodeJS.ProcessEnv} env @returns {Promise<string | null>} the Electron program; DROPDESK_HUB_NODE is set where it needs one */
async function electronFor(env) {
  const own = await ownElectron();
  if (own) return own;
  const runtime = await developmentRuntime();
  if (!runtime) return null;
  env.DROPDESK_HUB_NODE = process.execPath;
  return join(runtime, 'electron');
}

/** @param {string} name @param {string} why @returns {'skipped'} */
function skip(name, why) {
  console.log(`SKIPPED ${name}: ${why}`);
  return 'skipped';
}

/** @param {string[]} packages */
async function installMissing(packages) {
  if (packages.length === 0 || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  const names = [...new Set(packages)];
  say(`Installing ${names.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const options = ['-qq', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];
  const install = () =>
    run('apt-get', [...options, 'install', ...names], { env, cwd: ROOT, stdio: ['ignore', 'ignore', 'ignore'] });
  if ((await install()).code === 0) return;
  await run('apt-get', ['-qq', 'update'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  await install();
}
