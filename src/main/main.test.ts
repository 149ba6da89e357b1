import { EventEmitter } from 'node:events';
import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { isDeskOrigin, lockNavigation, lockSession } from './guards.ts';
import { HubProcess, type HubProcessOptions, hubNode, type UtilityFork } from './hub-process.ts';
import { LiveGuard } from './live-guard.ts';
import { type HubReady, readReadyLine } from './ready-line.ts';
import { windowOptions } from './window-options.ts';

const DESK = 'http://127.0.0.1:7700';
const READY = `{"ready":true,"desk":"${DESK}","token":"secret"}`;

test('every door of the window is shut', () => {
  expect(windowOptions('/preload.cjs').webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
  });
});

test.each([
  [`${DESK}/desk/`, true],
  ['http://127.0.0.1:7701/desk/', false],
  ['http://127.0.0.1:7700.evil.example/', false],
  ['https://127.0.0.1:7700/', false],
  ['file:///etc/passwd', false],
  ['not a url', false],
])('%s is the desk: %s', (url, expected) => {
  expect(isDeskOrigin(url, DESK)).toBe(expected);
});

test('a page may go nowhere but to the desk, open nothing and hold no webview', () => {
  const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler: vi.fn() });
  lockNavigation(contents as never, () => DESK);
  const go = (name: string, url: string): boolean => {
    const event = { url, preventDefault: vi.fn() };
    contents.emit(name, event);
    return event.preventDefault.mock.calls.length === 0;
  };
  for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
    expect(go(name, `${DESK}/desk/`)).toBe(true);
    expect(go(name, 'https://example.org/')).toBe(false);
  }
  expect(go('will-attach-webview', DESK)).toBe(false);
  const [handler] = contents.setWindowOpenHandler.mock.calls[0] as [() => { action: string }];
  expect(handler()).toEqual({ action: 'deny' });
});

test('only three permissions, only for the desk, and no request to anywhere else', () => {
  const doors = { request: vi.fn(), check: vi.fn(), before: vi.fn() };
  lockSession(
    {
      setPermissionRequestHandler: doors.request,
      setPermissionCheckHandler: doors.check,
      webRequest: { onBeforeRequest: doors.before },
    } as never,
    () => DESK,
  );
  const check = doors.check.mock.calls[0]?.[0] as (contents: null, permission: string, origin: string) => boolean;
  expect(check(null, 'notifications', DESK)).toBe(true);
  expect(check(null, 'notifications', 'https://example.org')).toBe(false);
  for (const permission of ['media', 'geolocation', 'clipboard-read', 'hid', 'openExternal'])
    expect(check(null, permission, DESK)).toBe(false);
  const before = doors.before.mock.calls[0]?.[0] as (
    request: { url: string },
    answer: (a: { cancel: boolean }) => void,
  ) => void;
  const isCancelled = (url: string): boolean => {
    let cancel = false;
    before({ url }, (answer) => (cancel = answer.cancel));
    return cancel;
  };
  expect(isCancelled(`${DESK}/api/state`)).toBe(false);
  expect(isCancelled('ws://127.0.0.1:7700/socket.io/')).toBe(false);
  expect(isCancelled('https://example.org/x.js')).toBe(true);
});

test('the ready line is the one that begins with a brace and names a desk on loopback', () => {
  expect(readReadyLine(READY)).toEqual({ desk: DESK, token: 'secret' });
  expect(readReadyLine('> dropdesk@0.1.0 hub')).toBeNull();
  expect(readReadyLine('{"ready":true,"desk":"http://evil.example","token":"x"}')).toBeNull();
  expect(readReadyLine('{broken')).toBeNull();
});

test('the utilityProcess is used where the runtime can, a named Node where it cannot, never in a release that can', () => {
  expect(hubNode({ env: {}, napi: 10, isPackaged: false })).toBeNull();
  expect(hubNode({ env: { DROPDESK_HUB_NODE: '/node' }, napi: 10, isPackaged: false })).toBe('/node');
  expect(hubNode({ env: { DROPDESK_HUB_NODE: '/node' }, napi: 10, isPackaged: true })).toBeNull();
  expect(hubNode({ env: { DROPDESK_HUB_NODE: '/node' }, napi: 9, isPackaged: true })).toBe('/node');
});

function options(
  change: Partial<HubProcessOptions>,
): HubProcessOptions & { ready: HubReady[]; gone: [number | null, number | null][] } {
  const ready: HubReady[] = [];
  const gone: [number | null, number | null][] = [];
  return {
    script: '',
    args: () => ['--data', 'd'],
    env: {},
    napi: 10,
    isPackaged: false,
    fork: () => {
      throw new Error('no fork in this test');
    },
    onReady: (line) => ready.push(line),
    onGone: (code, retryInMs) => gone.push([code, retryInMs]),
    ready,
    gone,
    ...change,
  };
}

/** A native-free stand-in of Electron's utilityProcess. */
function standIn() {
  const children: (EventEmitter & { stdout: PassThrough; kill: ReturnType<typeof vi.fn> })[] = [];
  const forks: Parameters<UtilityFork>[] = [];
  const fork: UtilityFork = (...args) => {
    forks.push(args);
    const child = Object.assign(new EventEmitter(), { stdout: new PassThrough(), kill: vi.fn(() => true) });
    children.push(child);
    return child;
  };
  return { fork, forks, children };
}

test('in a utilityProcess the hub is read, restarted when it dies, and stopped for good', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { fork, forks, children } = standIn();
  const seen = options({ script: '/out/main/hub.js', fork });
  const hub = new HubProcess(seen);
  hub.start();
  expect(forks[0]).toEqual([
    '/out/main/hub.js',
    ['--data', 'd'],
    { serviceName: 'hub', stdio: ['ignore', 'pipe', 'inherit'] },
  ]);
  children[0]?.stdout.write(`noise\n${READY}\n`);
  await vi.waitFor(() => expect(seen.ready).toEqual([{ desk: DESK, token: 'secret' }]));
  children[0]?.emit('exit', 1);
  expect(seen.gone).toEqual([[1, 200]]);
  vi.advanceTimersByTime(200);
  children[1]?.emit('exit', 1);
  expect(seen.gone[1]).toEqual([1, 400]);
  vi.advanceTimersByTime(400);
  expect(children).toHaveLength(3);
  const stopped = hub.stop();
  expect(children[2]?.kill).toHaveBeenCalled();
  children[2]?.emit('exit', 0);
  await stopped;
  expect(seen.gone).toHaveLength(2);
  vi.useRealTimers();
});

test('a bad option or a folder in use is not tried again', () => {
  const { fork, children } = standIn();
  const seen = options({ fork });
  new HubProcess(seen).start();
  children[0]?.emit('exit', 3);
  expect(seen.gone).toEqual([[3, null]]);
});

test('a spawned Node is read, and gone when asked to stop', async () => {
  const script = join(mkdtempSync(join(tmpdir(), 'hub-')), 'hub.mjs');
  writeFileSync(
    script,
    `console.log('${READY}'); process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000);`,
  );
  const seen = options({ script, env: { DROPDESK_HUB_NODE: process.execPath }, napi: 9 });
  const hub = new HubProcess(seen);
  hub.start();
  await vi.waitFor(() => expect(seen.ready).toHaveLength(1), 5000);
  await hub.stop();
  expect(seen.gone).toEqual([]);
});

test('the display stays on while live or closing, and quitting asks only then', () => {
  const blocker = { start: vi.fn(() => 0), stop: vi.fn() };
  const askToQuit = vi.fn(() => false);
  const guard = new LiveGuard({ blocker, askToQuit });
  expect(guard.mayQuit()).toBe(true);
  guard.follow('planned');
  expect(blocker.start).not.toHaveBeenCalled();
  guard.follow('live');
  guard.follow('closing');
  expect(blocker.start).toHaveBeenCalledOnce();
  expect(guard.mayQuit()).toBe(false);
  guard.follow('closed');
  expect(blocker.stop).toHaveBeenCalledWith(0);
  expect(guard.mayQuit()).toBe(true);
  expect(askToQuit).toHaveBeenCalledOnce();
});
