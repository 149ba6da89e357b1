import { existsSync } from 'node:fs';
import { ROOT } from './paths.mjs';
import { join } from 'node:path';

/**
 * The suites of `npm test`, each with what it needs: files to probe for, and the Debian packages that bring them.
 *
 * `round`: suites of one round run beside one another. Those that wait for real time (a stream that recovers, a guard that
 * runs out) leave the processor to the others.
 *
 * @typedef {{ name: string, round: number, needs: { probe: () => boolean, packages: string[] }[], command: string[], display?: boolean, runtime?: boolean, release?: boolean }} Suite
 */
const vitest = (/** @type {string} */ project, /** @type {string[]} */ ...more) => [
  join(ROOT, 'node_modules/vitest/vitest.mjs'),
  'run',
  '--project',
  project,
  ...more,
];
const playwright = (/** @type {string} */ project, /** @type {string[]} */ ...more) => [
  join(ROOT, 'node_modules/@playwright/test/cli.js'),
  'test',
  '--project',
  project,
  ...more,
];
const has = (/** @type {string[]} */ ...paths) => paths.some((path) => existsSync(path));
const need = (/** @type {() => boolean} */ probe, /** @type {string[]} */ ...packages) => ({ probe, packages });

const CHROMIUM = need(
  () => has('/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'),
  'chromium',
);
const FONTS = need(
  () => has('/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf', '/System/Library/Fonts', 'C:\\Windows\\Fonts'),
  'fonts-dejavu-core',
);
const XVFB = need(() => has('/usr/bin/Xvfb'), 'xvfb');
const OFFICE = need(() => has('/usr/bin/soffice', '/usr/bin/libreoffice'), 'libreoffice-calc-nogui');
const FFMPEG = need(() => has('/usr/bin/ffmpeg'), 'ffmpeg');
const OBS = need(() => has('/usr/bin/obs'), 'obs-studio', 'obs-plugins');
const NGINX = need(() => has('/usr/lib/nginx/modules/ngx_rtmp_module.so'), 'nginx', 'libnginx-mod-rtmp');
const ELECTRON_LIBS = need(
  () =>
    has('/usr/lib/x86_64-linux-gnu/libgtk-3.so.0') &&
    has('/usr/lib/x86_64-linux-gnu/libnss3.so') &&
    has('/usr/lib/x86_64-linux-gnu/libgbm.so.1') &&
    has('/usr/lib/x86_64-linux-gnu/libasound.so.2'),
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
);

/** @type {Suite[]} */
export const SUITES = [
  { name: 'unit', round: 1, needs: [], command: vitest('unit') },
  { name: 'hub', round: 2, needs: [OFFICE, FFMPEG], command: vitest('hub', '--maxWorkers=4') },
  { name: 'stream', round: 2, needs: [OBS, NGINX, XVFB, FFMPEG], command: vitest('stream') },
  { name: 'faults', round: 3, needs: [], command: vitest('faults') },
  { name: 'browser', round: 4, needs: [CHROMIUM, FONTS], command: playwright('browser', '--workers=3') },
  {
    name: 'electron',
    round: 5,
    needs: [XVFB, ELECTRON_LIBS, FONTS],
    command: playwright('electron'),
    display: true,
    runtime: true,
  },
  {
    name: 'release',
    round: 6,
    needs: [need(() => has('/usr/bin/strace'), 'strace')],
    command: vitest('release'),
    release: true,
  },
];
