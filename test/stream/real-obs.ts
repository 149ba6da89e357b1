import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { ObsSocket } from '../../src/hub/connectors/obs-socket.ts';

export interface Picture {
  width: number;
  height: number;
  fps: number;
  kbps: number;
}

export const OBS_PASSWORD = 'rig-password';
export const LIVE_SCENE = 'Scene';
export const SLATE_SCENE = 'Slate';

export interface ObsHome {
  picture: Picture;
  socket: number;
  server: string;
  streamKey: string;
  recordFolder: string;
}

/** T-32: the server picks the display and tells it on fd 3. */
export async function startXvfb(): Promise<{ child: ChildProcess; display: string }> {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const pipe = child.stdio[3] as NodeJS.ReadableStream;
  const [line] = (await once(createInterface({ input: pipe }), 'line')) as [string];
  return { child, display: `:${line.trim()}` };
}

/**
 * T-40: a home of its own; an empty XDG_CONFIG_HOME would send OBS's settings to the root folder.
 *
 * @param inside words that run it elsewhere, for instance in a network namespace
 */
export function startObs(home: string, display: string, inside: string[] = []): ChildProcess {
  const { XDG_CONFIG_HOME: _, ...rest } = process.env;
  const env = { ...rest, HOME: home, DISPLAY: display, QT_QPA_PLATFORM: 'xcb', LIBGL_ALWAYS_SOFTWARE: '1' };
  const [file = '', ...args] = [
    ...inside,
    '/usr/bin/obs',
    '--multi',
    '--minimize-to-tray',
    '--disable-updater',
    '--disable-missing-files-check',
  ];
  return spawn(file, args, { env, cwd: home, stdio: 'ignore' });
}

export function writeObsHome(home: string, { picture, socket, server, streamKey, recordFolder }: ObsHome): void {
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
        ServerPassword: OBS_PASSWORD,
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

/** Half a minute of moving picture and a tone, played for ever: a still or silent scene is a fault of its own. */
export async function makeFilm(path: string, { width, height, fps }: Picture): Promise<void> {
  const picture = `testsrc2=size=${width}x${height}:rate=${fps}`;
  await promisify(execFile)('/usr/bin/ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', 'sine=frequency=330:sample_rate=48000'],
    ...['-t', '30', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-y', path],
  ]);
}

/** The live scene plays the film, the slate is one flat colour. */
export async function dressScenes(hand: ObsSocket, film: string): Promise<void> {
  await hand.call(
    'CreateInput',
    {
      sceneName: LIVE_SCENE,
      inputName: 'Film',
      inputKind: 'ffmpeg_source',
      inputSettings: { local_file: film, is_local_file: true, looping: true, hw_decode: false },
    },
    5000,
  );
  await hand.call('CreateScene', { sceneName: SLATE_SCENE }, 5000);
  await hand.call(
    'CreateInput',
    {
      sceneName: SLATE_SCENE,
      inputName: 'Slate picture',
      inputKind: 'color_source_v3',
      inputSettings: { color: 0xff8c5a3c, width: 1920, height: 1080 },
    },
    5000,
  );
}

/** @returns null while OBS is not up yet */
export async function connectHand(
  url: string,
  heard: (eventType: string, eventData: Record<string, unknown>) => void,
): Promise<ObsSocket | null> {
  const socket = new ObsSocket();
  try {
    await socket.open(url, OBS_PASSWORD, { event: heard, closed: () => undefined });
    await socket.call('GetVersion', undefined, 1000);
    return socket;
  } catch {
    // Not up yet; asked again until the deadline.
    socket.kill();
    return null;
  }
}

function ini(sections: Record<string, Record<string, string | number | boolean>>): string {
  return Object.entries(sections)
    .map(([name, values]) =>
      [`[${name}]`, ...Object.entries(values).map(([key, value]) => `${key}=${value}`), ''].join('\n'),
    )
    .join('\n');
}
