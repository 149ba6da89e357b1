import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ObsSocket } from '../../src/hub/connectors/obs-socket.ts';
import { type Edge, startEdge } from './edge.ts';
import { type Fault, FaultProxy } from './fault-proxy.ts';
import { makeLaptop } from './namespaces.ts';
import { childrenOf, end, freePorts, pidOf, signal, statusOf, waitFor } from './processes.ts';
import { startNginx } from './real-nginx.ts';
import {
  OBS_PASSWORD,
  type Picture,
  connectHand,
  dressScenes,
  makeFilm,
  startObs,
  startXvfb,
  writeObsHome,
} from './real-obs.ts';

/**
 * A real stream on one machine: OBS under Xvfb sends through a breakable stretch of network to nginx-rtmp, which
 * publishes HLS and a statistics page; an edge stands in front of it, a second nginx-rtmp beside it. Every port is free,
 * every folder temporary, every process our own; `stop()` ends them by pid.
 */
export interface Rig {
  obsUrl: string;
  obsPassword: string;
  statUrl: string;
  /** at the origin, and through the edge in front of it; both can be made stale */
  hlsUrl: string;
  origin: Edge;
  edgeUrl: string;
  edge: Edge;
  /** between OBS and the primary ingest */
  uplink: { set: (fault: Fault) => void };
  ingestUrl: string;
  backup: { ingestUrl: string; statUrl: string };
  /** what OBS really sends, sound and headers included; known after `flowing()` */
  sentKbps: number;
  /** what OBS really uses as stream key: it must never show up anywhere */
  streamKey: string;
  recordFolder: string;
  /** the file that the live scene plays */
  film: string;
  /** a second client of OBS, as the producer's own hand */
  hand: ObsSocket;
  /** what OBS has said of its outputs, by this process's monotonic clock, oldest first */
  said: { ms: number; type: string; state: string }[];
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
  '/usr/bin/ffmpeg',
  '/usr/sbin/nginx',
  '/usr/lib/nginx/modules/ngx_rtmp_module.so',
];

/** Absent programs, for a test that says why it is skipped. */
export function rigMisses(): string[] {
  return RIG_NEEDS.filter((path) => !existsSync(path));
}

/** Small and slow enough for two busy cores without a graphics card. */
const SMALL: Picture = { width: 320, height: 180, fps: 10, kbps: 400 };
const SECOND = 1000;
const STREAM_KEY = 'show-4f1c9a';

export interface RigWish {
  picture?: Picture;
  /** proxy: broken in user space, no rights needed; namespaces: packets are really lost, needs root */
  uplink?: 'proxy' | 'namespaces';
  ingest?: 'stock' | 'hardened';
}

export async function startRig({
  picture = SMALL,
  uplink: how = 'proxy',
  ingest = 'hardened',
}: RigWish = {}): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'dropdesk-rig-'));
  const running: ChildProcess[] = [];
  const open: { stop: () => Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const child of running.toReversed()) await end(child);
    for (const one of open) await one.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const [rtmp = 0, http = 0, backupRtmp = 0, backupHttp = 0, socket = 0] = await freePorts(5);
    const laptop = how === 'namespaces' ? makeLaptop() : null;
    if (laptop !== null) open.push(laptop);
    const host = laptop?.ingestHost ?? '127.0.0.1';
    const nginx = startNginx(join(folder, 'nginx'), { rtmp, http, host }, ingest);
    // Another network than the primary's, as a backup should be; all of 127/8 is this machine.
    const backupHost = laptop === null ? '127.1.0.1' : host;
    const backup = { rtmp: backupRtmp, http: backupHttp, host: backupHost };
    running.push(nginx, startNginx(join(folder, 'nginx-backup'), backup));
    const proxy = laptop === null ? await FaultProxy.start(rtmp) : null;
    if (proxy !== null) open.push(proxy);
    const uplink = laptop ?? proxy ?? { set: () => undefined };
    const origin = await startEdge(`http://${host}:${http}`);
    const edge = await startEdge(origin.url);
    open.push(edge, origin);
    const { child: xvfb, display } = await startXvfb();
    running.push(xvfb);
    const recordFolder = join(folder, 'recordings');
    mkdirSync(recordFolder);
    const film = join(folder, 'film.mp4');
    await makeFilm(film, picture);
    const home = join(folder, 'home');
    const ingestUrl = `rtmp://${host}:${proxy?.port ?? rtmp}/live`;
    writeObsHome(home, { picture, socket, server: ingestUrl, streamKey: STREAM_KEY, recordFolder });
    const obs = startObs(home, display, laptop?.inside);
    running.push(obs);
    const obsUrl = `ws://${laptop?.askHost ?? '127.0.0.1'}:${socket}`;
    const said: Rig['said'] = [];
    const heard = (type: string, { outputState }: Record<string, unknown>): void => {
      if (typeof outputState !== 'string') return;
      said.push({ ms: performance.now(), type, state: outputState.replace('OBS_WEBSOCKET_OUTPUT_', '') });
    };
    const hand = await waitFor(() => connectHand(obsUrl, heard), 30 * SECOND, 'OBS to answer');
    await dressScenes(hand, film);
    const hlsPath = `/hls/${STREAM_KEY}.m3u8`;
    const hlsUrl = `${origin.url}${hlsPath}`;
    const rig: Rig = {
      sentKbps: picture.kbps,
      obsUrl,
      obsPassword: OBS_PASSWORD,
      statUrl: `http://${host}:${http}/stat`,
      hlsUrl,
      origin,
      edgeUrl: `${edge.url}${hlsPath}`,
      edge,
      uplink,
      ingestUrl,
      backup: {
        ingestUrl: `rtmp://${backupHost}:${backupRtmp}/live`,
        statUrl: `http://${backupHost}:${backupHttp}/stat`,
      },
      streamKey: STREAM_KEY,
      recordFolder,
      film,
      hand,
      said,
      obsPid: pidOf(obs),
      ingestWorkers: () => childrenOf(pidOf(nginx)),
      startStream: async () => {
        await hand.call('StartStream', undefined, 5000);
      },
      flowing: async () => {
        await waitFor(async () => (await statusOf(hlsUrl)) === 200 || null, 30 * SECOND, 'the playlist');
        rig.sentKbps = await sentKbps(hand);
      },
      stop: async () => {
        hand.kill();
        for (const pid of childrenOf(pidOf(nginx))) signal(pid, 'SIGCONT');
        await stop();
      },
    };
    return rig;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** By OBS's own counter, over two seconds. */
async function sentKbps(hand: ObsSocket): Promise<number> {
  const read = async (): Promise<number> =>
    Number((await hand.call('GetStreamStatus', undefined, SECOND))['outputBytes']);
  const first = await read();
  await sleep(2 * SECOND);
  return (((await read()) - first) * 8) / 2000;
}
