import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  type IpcMainInvokeEvent,
  Menu,
  powerSaveBlocker,
  session,
  shell,
  utilityProcess,
} from 'electron';
import { join } from 'node:path';
import { DeskClient } from './desk-client.ts';
import { isDeskOrigin, lockNavigation, lockSession } from './guards.ts';
import { HubProcess, type UtilityFork } from './hub-process.ts';
import { LiveGuard } from './live-guard.ts';
import { menuTemplate } from './menu.ts';
import type { HubReady } from './ready-line.ts';
import { windowOptions } from './window-options.ts';

/**
 * The shell: one window on the desk's origin, the hub kept running, the laptop kept awake while live. No rule of the
 * show lives here; a browser can do everything but the native parts.
 */
const OPENABLE = /\.(html|xlsx|csv|json|llc|md|txt)$/;
const PHASE_EVERY_MS = 1000;
const FIRST_READY_MS = 10_000;

let hub: HubReady | null = null;
let window: BrowserWindow | null = null;
let isQuitting = false;
/** the token is handed out once for each document that the window loads */
let isTokenDue = false;
let failedStarts = 0;

const dataDir = process.env['DROPDESK_DATA'] ?? join(app.getPath('userData'), 'data');
const deskOrigin = (): string | null => hub?.desk ?? null;
const desk = new DeskClient(() => hub);
const guard = new LiveGuard({ blocker: powerSaveBlocker, askToQuit });

const hubProcess = new HubProcess({
  // A plain Node cannot read inside app.asar, so hub and pages lie beside it.
  script: join(import.meta.dirname, 'hub.js').replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked'),
  args: hubArgs,
  env: process.env,
  napi: Number(process.versions.napi),
  isPackaged: app.isPackaged,
  fork: utilityProcess.fork as unknown as UtilityFork,
  onReady: (ready) => {
    const isSamePage = hub?.desk === ready.desk;
    hub = ready;
    failedStarts = 0;
    // On the same address the page rejoins by itself and keeps its place.
    if (!isSamePage) void window?.loadURL(`${ready.desk}/desk/`);
  },
  onGone: (code, retryInMs) => {
    failedStarts += 1;
    if (retryInMs === null) giveUp(code);
  },
});

if (app.requestSingleInstanceLock()) {
  // For every renderer to come; a development runtime may be ready before this module is loaded, and then the window's
  // own `sandbox: true` is what holds. Who starts as root has turned the sandbox off, and helpers would not start with it.
  if (!app.isReady() && !app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.on('second-instance', focusWindow);
  app.on('web-contents-created', (_event, contents) => lockNavigation(contents, deskOrigin));
  app.on('before-quit', (event) => {
    if (isQuitting || guard.mayQuit()) isQuitting = true;
    else event.preventDefault();
  });
  app.on('will-quit', (event) => {
    if (!hubIsStopped) {
      event.preventDefault();
      void stopHub().then(() => app.quit());
    }
  });
  app.on('window-all-closed', () => app.quit());
  app.whenReady().then(open, (error: unknown) => giveUp(null, error));
} else {
  app.quit();
}

let hubIsStopped = false;
async function stopHub(): Promise<void> {
  await hubProcess.stop();
  hubIsStopped = true;
}

/** The same address again after a crash, so that the page keeps its place; a free one when that cannot be had. */
function hubArgs(): string[] {
  const port = hub && failedStarts < 3 ? new URL(hub.desk).port : (process.env['DROPDESK_DESK_PORT'] ?? '0');
  // A hub that comes back goes on with the show it had.
  const demo = hub === null && process.argv.includes('--demo') ? ['--demo'] : [];
  return ['--data', dataDir, '--desk-port', port, ...demo];
}

function open(): void {
  // Not sooner: while Electron gets ready it sets handlers of its own, and they would ask in a live show.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, quitUnasked);
  lockSession(session.defaultSession, deskOrigin);
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate((name) => window?.webContents.send('menu-command', name))),
  );
  handle('take-desk-token', () => {
    const token = isTokenDue ? (hub?.token ?? null) : null;
    isTokenDue = false;
    return token;
  });
  handle('open-written', async (_event, path) =>
    withWritten(path, (file) => shell.openPath(file).then((problem) => problem || null)),
  );
  handle('show-written', async (_event, path) =>
    withWritten(path, (file) => {
      shell.showItemInFolder(file);
      return Promise.resolve(null);
    }),
  );
  window = openWindow();
  hubProcess.start();
  setTimeout(() => !hub && giveUp(null), FIRST_READY_MS).unref();
  setInterval(() => void desk.phase().then((phase) => hub && guard.follow(phase)), PHASE_EVERY_MS);
}

function quitUnasked(): void {
  isQuitting = true;
  app.quit();
}

function openWindow(): BrowserWindow {
  const made = new BrowserWindow(windowOptions(join(import.meta.dirname, '..', 'preload', 'index.cjs')));
  made.once('ready-to-show', () => made.show());
  made.on('close', (event) => {
    if (isQuitting || guard.mayQuit()) isQuitting = true;
    else event.preventDefault();
  });
  made.webContents.on('did-navigate', () => (isTokenDue = true));
  made.webContents.on('render-process-gone', () => reloadAfterCrash(made));
  return made;
}

let reloads: number[] = [];
/** A page that dies comes back by itself, three times a minute at most. */
function reloadAfterCrash(made: BrowserWindow): void {
  const now = performance.now();
  reloads = [...reloads.filter((at) => now - at < 60_000), now];
  if (reloads.length <= 3) made.webContents.reload();
  else
    dialog.showErrorBox(
      'Dropdesk',
      'The control room page keeps crashing. The hub, tills and cue screens go on. Restart Dropdesk to see the desk again.',
    );
}

/** Every call from a page comes through here: main frame of our window, the desk's exact origin, at most one text. */
function handle(channel: string, answer: (event: IpcMainInvokeEvent, path: string) => unknown): void {
  ipcMain.handle(channel, (event, ...args: unknown[]) => {
    const frame = event.senderFrame;
    if (!frame || frame !== window?.webContents.mainFrame || !isDeskOrigin(frame.url, deskOrigin())) return null;
    const path = args[0] ?? '';
    return typeof path === 'string' && path.length <= 300 ? answer(event, path) : null;
  });
}

async function withWritten(path: string, act: (file: string) => Promise<string | null>): Promise<string | null> {
  if (!OPENABLE.test(path)) return 'Dropdesk does not open this kind of file.';
  const found = await desk.pathOf(path);
  return found === null ? 'This file is not there any more.' : act(join(dataDir, found));
}

function focusWindow(): void {
  if (window?.isMinimized()) window.restore();
  window?.focus();
}

function askToQuit(): boolean {
  const options = {
    type: 'warning' as const,
    message: 'The show is live. Tills and cue screens stop.',
    buttons: ['Keep running', 'Quit'],
    defaultId: 0,
    cancelId: 0,
  };
  return (window ? dialog.showMessageBoxSync(window, options) : dialog.showMessageBoxSync(options)) === 1;
}

function giveUp(code: number | null, error?: unknown): void {
  const why =
    code === 3
      ? 'Another copy of Dropdesk is using this data folder. Close it first.'
      : code === 2
        ? 'The hub could not start with this data folder or this computer. The terminal says more.'
        : 'The hub did not get ready within 10 seconds.';
  process.stderr.write(`Dropdesk could not start: ${why}${error instanceof Error ? ` (${error.message})` : ''}\n`);
  if (process.env['DROPDESK_QUIET'] !== '1')
    dialog.showErrorBox('Dropdesk could not start', `${why}\n\nData folder: ${dataDir}`);
  isQuitting = true;
  app.exit(code ?? 1);
}
