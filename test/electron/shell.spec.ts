import { type ElectronApplication, expect, type Page, test } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planFile, ROOT, tempFolder, until } from '../kit/hub.ts';
import { askDesk, runningHub, type Shell, type ShellStart, shellArgs, shellEnv, startShell } from './shell-kit.ts';

/** The real shell in a real Electron, with a hub that it starts itself. */
let folder: ReturnType<typeof tempFolder>;
let start: ShellStart;
let app: ElectronApplication;
let shell: Shell['process'];
let page: Page;

async function launch(): Promise<void> {
  ({ electron: app, process: shell, page } = await startShell(start));
}
const hubPid = (): number => runningHub(folder.path)?.pid ?? 0;
const token = () => readFileSync(join(folder.path, 'desk-token'), 'utf8').trim();
const ask = (kind: string, body: object = {}) => askDesk(page, folder.path, kind, body);

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  folder = tempFolder('electron');
  start = { executablePath: process.env['DROPDESK_TEST_ELECTRON'] ?? '', app: [ROOT], data: folder.path };
  await launch();
});
test.afterAll(async () => {
  shell.kill('SIGTERM'); // a shutdown, which does not ask
  await until('the hub stops with the shell', () => hubPid() === 0);
  folder.remove();
});

test('the window shows the desk, and a page in it has no Node', async () => {
  await expect(page.getByRole('button', { name: /demo/i })).toBeVisible();
  expect(
    await page.evaluate(() => [
      typeof (globalThis as { require?: unknown }).require,
      typeof (globalThis as { process?: unknown }).process,
    ]),
  ).toEqual(['undefined', 'undefined']);
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    const { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity } = contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity };
  });
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    webSecurity: true,
  });
});

test('the token is given once', async () => {
  const again = await page.evaluate(() =>
    (window as unknown as { dropdesk: { takeDeskToken(): Promise<string | null> } }).dropdesk.takeDeskToken(),
  );
  expect(again).toBeNull();
});

test('a sale rung at the desk in the window is safe on the hub', async () => {
  expect(
    await ask('adopt-plan', { plan: JSON.parse(readFileSync(planFile(folder.path), 'utf8')) as object }),
  ).toMatchObject({ ok: true });
  expect(await ask('open-show')).toMatchObject({ ok: true });
  await expect(page.getByText('Test market')).toBeVisible();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog');
  await dialog
    .getByRole('button', { name: /Blue mug/ })
    .first()
    .click();
  await dialog
    .getByRole('button', { name: /^(Record|Sell|Card|Cash)/ })
    .first()
    .click();
  await until('the sale is in the state', async () => {
    const origin = new URL(page.url()).origin;
    const answer = await fetch(`${origin}/api/state?part=sales`, { headers: { authorization: `Bearer ${token()}` } });
    return ((await answer.json()) as { count: number }).count === 1;
  });
});

test('while the show is live the display stays on and quitting asks first', async () => {
  await until('the blocker follows the hub', () =>
    app.evaluate(({ powerSaveBlocker }) => powerSaveBlocker.isStarted(0) || powerSaveBlocker.isStarted(1)),
  );
  await app.evaluate(({ dialog, app: electronApp }) => {
    const seen: string[] = [];
    (globalThis as { asked?: string[] }).asked = seen;
    dialog.showMessageBoxSync = ((_window: unknown, options: { message: string }) => {
      seen.push(options.message);
      return 0; // Keep running
    }) as typeof dialog.showMessageBoxSync;
    electronApp.quit();
  });
  await page.waitForTimeout(300);
  expect(await app.evaluate(() => (globalThis as { asked?: string[] }).asked)).toEqual([
    'The show is live. Tills and cue screens stop.',
  ]);
  expect(await page.title()).not.toBe('');
});

test('a hub that dies is started again and the desk recovers without a click', async () => {
  const former = hubPid();
  expect(former).toBeGreaterThan(0);
  process.kill(former, 'SIGKILL');
  await until('another hub runs', () => hubPid() !== 0 && hubPid() !== former);
  await page.waitForURL(/\/desk\//);
  await expect(page.getByText('Test market')).toBeVisible();
  await until('it answers', async () => (await ask('verify-ledger').catch(() => ({ ok: false }))).ok);
});

test('a second start ends by itself and leaves the first alone', async () => {
  const second = spawnSync(start.executablePath, shellArgs(start), { env: shellEnv(start), timeout: 15_000 });
  expect(second.status).toBe(0);
  await expect(page.getByText('Test market')).toBeVisible();
});

test('a shell that is killed takes its hub with it', async () => {
  const hub = hubPid();
  shell.kill('SIGKILL');
  await until('the hub is gone', () => hubPid() !== hub);
  await launch();
  await expect(page.getByText('Test market')).toBeVisible();
});

// Last, since a navigation that was stopped leaves the test's own view of the page waiting for it.
test('a page cannot leave and cannot open windows', async () => {
  const look = () =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.webContents.getURL()));
  const before = await look();
  await app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    void contents?.executeJavaScript(
      "window.open('https://example.org/'); location.href = 'http://127.0.0.1:9/elsewhere'",
    );
    await new Promise((done) => setTimeout(done, 500));
  });
  expect(await look()).toEqual(before);
});
