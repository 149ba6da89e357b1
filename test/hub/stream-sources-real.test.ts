import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { HlsConnector } from '../../src/hub/connectors/hls.ts';
import { watchNginxRtmp } from '../../src/hub/connectors/nginx-rtmp.ts';
import { until } from '../kit/hub.ts';
import { end } from '../stream/processes.ts';
import { Ear, NGINX, startNginxRtmp } from './stream-sources-kit.ts';

/** A real nginx-rtmp, a real publisher and a real player: what the fakes imitate. */

const leave: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of leave.splice(0).toReversed()) await step();
});

const FFMPEG = '/usr/bin/ffmpeg';
const MISSES = [NGINX.program, NGINX.module, FFMPEG].filter((path) => !existsSync(path));

function ffmpeg(args: string[]): ChildProcess {
  const child = spawn(FFMPEG, ['-v', 'error', '-nostdin', ...args], { stdio: 'ignore' });
  leave.push(() => end(child));
  return child;
}

it.skipIf(MISSES.length > 0)(
  'a publisher, a player and the segments of a real server are seen as they are',
  { timeout: 60_000 },
  async () => {
    const nginx = await startNginxRtmp();
    leave.push(() => nginx.stop());
    const place = `${nginx.rtmp.href}live/show`;
    const picture = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=64x36:rate=10', '-c:v', 'libx264'];
    ffmpeg([
      ...picture,
      '-preset',
      'ultrafast',
      '-g',
      '20',
      '-sc_threshold',
      '0',
      '-pix_fmt',
      'yuv420p',
      '-f',
      'flv',
      place,
    ]);
    const ear = new Ear();
    const wires = [
      watchNginxRtmp({ url: nginx.stat.href, application: 'live', name: 'show' }, ear.doors),
      new HlsConnector('hls', nginx.hls('show').href, ear.doors),
    ];
    for (const wire of wires) {
      wire.setLive(true);
      wire.start();
      leave.push(() => wire.stop());
    }
    const players = (): unknown =>
      JSON.stringify(ear.of('rtmp').at(-1)?.data ?? null).match(/"nclients":(\d+|null)/)?.[1];
    await until('the publisher', () => players() === '0', 20_000);
    const player = ffmpeg(['-i', place, '-f', 'null', '-']);
    await until('the player', () => players() === '1', 20_000);
    await end(player);
    await until('nobody', () => players() === '0', 20_000);
    const segment = await until('a segment', () => ear.of('hls-segment')[0], 20_000);
    // A keyframe each 20 frames of 10 a second; nginx-rtmp cuts there.
    expect(segment.data).toMatchObject({ keyframeMs: 2000, extinf: 2, bytes: expect.any(Number) });
  },
);
