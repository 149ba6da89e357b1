import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { ObsSocket } from '../../src/hub/connectors/obs-socket.ts';

/**
 * A real stream on one machine: OBS under Xvfb sends to nginx-rtmp, which publishes HLS and a statistics page. Every port
 * is free, every folder temporary, every process our own; `stop()` ends them by pid.
 */
export interface Rig {
  obsUrl: string;
  obsPassword: string;
  statUrl: string;
  hlsUrl: string;
  /** what OBS really uses as stream key: it must never show up anywhere */
  streamKey: string;
  recordFolder: string;
  /** a second client of OBS, as the producer's own hand */
  hand: ObsSocket;
  obsPid: number;
  /** pids of nginx's worker, which holds the RTMP connection, the stat page and the playlist */
  ingestWorkers: () => number[];
  startStream: () => Promise<void>;
  /** waits until the ingest has bytes and the playlist is there */
  flowing: () => Promise<void>;
  stop: () => Promise<void>;
}

export const RIG_NEEDS = [
  '/usr/bin/obs',
  '/usr/bin/Xvfb',
  '/usr/sbin/nginx',
  '/usr/lib/nginx/modules/ngx_rtmp_module.so',
];

/** Absent programs, for a test that says why it is skipped. */
export function rigMisses(): string[] {
  return RIG_NEEDS.filter((path) => !existsSync(path));
}

export interface Picture {
  width: number;
  height: number;
  fps: number;
  kbps: number;
}

/** Small and slow enough for two busy cores without a graphics card. */
const SMALL: Picture = { width: 320, height: 180, fps: 10, kbps: 400 };
const PASSWORD = 'rig-password';
const SECOND = 1000;

export async function startRig(picture: Picture = SMALL): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'dropdesk-rig-'));
  const running: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    for (const child of running.toReversed()) await end(child);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const [rtmp, http, socket] = await freePorts(3);
    if (rtmp === undefined || http === undefined || socket === undefined) throw new Error('no free ports');
    const streamKey = 'show-4f1c9a';
    const nginx = startNginx(join(folder, 'nginx'), { rtmp, http });
    running.push(nginx);
    const { child: xvfb, display } = await startXvfb();
    running.push(xvfb);
    const recordFolder = join(folder, 'recordings');
    mkdirSync(recordFolder);
    const home = join(folder, 'home');
    writeObsHome(home, { picture, socket, server: `rtmp://127.0.0.1:${rtmp}/live`, streamKey, recordFolder });
    const obs = startObs(home, display);
    running.push(obs);
    const obsUrl = `ws://127.0.0.1:${socket}`;
    const hand = await until(() => connectHand(obsUrl), 30 * SECOND, 'OBS to answer');
    const statUrl = `http://127.0.0.1:${http}/stat`;
    const hlsUrl = `http://127.0.0.1:${http}/hls/${streamKey}.m3u8`;
    return {
      obsUrl,
      obsPassword: PASSWORD,
      statUrl,
      hlsUrl,
      streamKey,
      recordFolder,
      hand,
      obsPid: pidOf(obs),
      ingestWorkers: () => childrenOf(pidOf(nginx)),
      startStream: async () => {
        await hand.call('StartStream', undefined, 5000);
      },
      flowing: async () => {
        await until(async () => (await statusOf(hlsUrl)) === 200 || null, 30 * SECOND, 'the playlist');
      },
      stop: async () => {
        hand.kill();
        for (const pid of childrenOf(pidOf(nginx))) signal(pid, 'SIGCONT');
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startNginx(folder: string, { rtmp, http }: { rtmp: number; http: number }): ChildProcess {
  mkdirSync(join(folder, 'hls'), { recursive: true });
  const config = join(folder, 'nginx.conf');
  writeFileSync(
    config,
    `load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log info;
events { worker_connections 256; }
rtmp {
  access_log off;
  server {
    listen 127.0.0.1:${rtmp};
    ping 5s; ping_timeout 5s;
    application live { live on; drop_idle_publisher 5s; hls on; hls_path ${folder}/hls; hls_fragment 2s; hls_playlist_length 12s; }
  }
}
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${http};
    location /stat { rtmp_stat all; }
    location /hls { root ${folder}; types { application/vnd.apple.mpegurl m3u8; video/mp2t ts; } }
  }
}
`,
  );
  return spawn('/usr/sbin/nginx', ['-p', folder, '-c', config, '-e', join(folder, 'error.log')], { stdio: 'ignore' });
}

/** T-32: the server picks the display and tells it on fd 3. */
async function startXvfb(): Promise<{ child: ChildProcess; display: string }> {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const pipe = child.stdio[3] as NodeJS.ReadableStream;
  const [line] = (await once(createInterface({ input: pipe }), 'line')) as [string];
  return { child, display: `:${line.trim()}` };
}

/** T-40: a home of its own; an empty XDG_CONFIG_HOME would send OBS's settings to the root folder. */
function startObs(home: string, display: string): ChildProcess {
  const { XDG_CONFIG_HOME: _, ...rest } = process.env;
  const env = { ...rest, HOME: home, DISPLAY: display, QT_QPA_PLATFORM: 'xcb', LIBGL_ALWAYS_SOFTWARE: '1' };
  const args = ['--multi', '--minimize-to-tray', '--disable-updater', '--disable-missing-files-check'];
  return spawn('/usr/bin/obs', args, { env, cwd: home, stdio: 'ignore' });
}

interface ObsHome {
  picture: Picture;
  socket: number;
  server: string;
  streamKey: string;
  recordFolder: string;
}

function writeObsHome(home: string, { picture, socket, server, streamKey, recordFolder }: ObsHome): void {
  const config = join(home, '.config/obs-studio');
  const profile = join(config, 'basic/profiles/Untitled');
  mkdirSync(profile, { recursive: true });
  mkdirSync(join(config, 'basic/scenes'), { recursive: true });
  writeFileSync(
    join(config, 'global.ini'),
    ini({
      General: {
        FirstRun: true,
        LastVersion: 486539266,
        Pre19Defaults: false,
        Pre21Defaults: false,
        Pre23Defaults: false,
        'Pre24.1Defaults': false,
      },
      Basic: {
        Profile: 'Untitled',
        ProfileDir: 'Untitled',
        SceneCollection: 'Untitled',
        SceneCollectionFile: 'Untitled',
      },
      OBSWebSocket: {
        FirstLoad: false,
        ServerEnabled: true,
        ServerPort: socket,
        AlertsEnabled: false,
        AuthRequired: true,
        ServerPassword: PASSWORD,
      },
    }),
  );
  const { width, height, fps, kbps } = picture;
  writeFileSync(
    join(profile, 'basic.ini'),
    ini({
      General: { Name: 'Untitled' },
      Video: {
        BaseCX: width,
        BaseCY: height,
        OutputCX: width,
        OutputCY: height,
        FPSType: 1,
        FPSInt: fps,
        FPSCommon: fps,
      },
      Output: { Mode: 'Simple', Reconnect: true, RetryDelay: 1, MaxRetries: 25 },
      SimpleOutput: {
        FilePath: recordFolder,
        RecFormat: 'mkv',
        RecQuality: 'Stream',
        VBitrate: kbps,
        ABitrate: 96,
        StreamEncoder: 'x264',
        Preset: 'ultrafast',
        UseAdvanced: true,
        x264Settings: `keyint=${2 * fps}`,
      },
    }),
  );
  writeFileSync(
    join(profile, 'service.json'),
    JSON.stringify({ type: 'rtmp_custom', settings: { server, key: streamKey, use_auth: false } }),
  );
}

function ini(sections: Record<string, Record<string, string | number | boolean>>): string {
  return Object.entries(sections)
    .map(([name, values]) =>
      [`[${name}]`, ...Object.entries(values).map(([key, value]) => `${key}=${value}`), ''].join('\n'),
    )
    .join('\n');
}

async function connectHand(url: string): Promise<ObsSocket | null> {
  const socket = new ObsSocket();
  try {
    await socket.open(url, PASSWORD, { event: () => undefined, closed: () => undefined });
    await socket.call('GetVersion', undefined, SECOND);
    return socket;
  } catch {
    // Not up yet; asked again until the deadline.
    socket.kill();
    return null;
  }
}

/** Asks every 100 ms. @throws when `what` has not come within `ms` */
export async function until<T>(ask: () => Promise<T | null> | T | null, ms: number, what: string): Promise<T> {
  const began = performance.now();
  while (performance.now() - began < ms) {
    const found = await ask();
    if (found !== null) return found;
    await sleep(100);
  }
  throw new Error(`waited ${ms} ms for ${what}`);
}

export async function statusOf(url: string): Promise<number | null> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(SECOND) })).status;
  } catch {
    // Nobody there: also an answer.
    return null;
  }
}

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error(`${child.spawnfile} did not start`);
  return child.pid;
}

/** @returns pids whose parent is `parent`, by the system's process table */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // It ended while we looked.
    return null;
  }
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone already.
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  signal(child.pid, 'SIGCONT');
  signal(child.pid, 'SIGTERM');
  await Promise.race([ended, sleep(3000)]);
  signal(child.pid, 'SIGKILL');
  await ended;
}
