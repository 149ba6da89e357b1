import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FakeObs, startFakeObs } from '../../src/hub/demo/fake-obs.ts';

/** A whole stream that is not there: OBS, an nginx-rtmp that counts what OBS claims to send, a playlist and an edge. */
export interface StreamStand {
  obs: FakeObs;
  /** the `stream` of a plan that watches all of it */
  plan: Record<string, unknown>;
  /** The ingest gets nothing any more, while OBS believes that it sends. */
  stall(): void;
  flow(): void;
  /** From now on nobody answers at this path. */
  silence(path: string): void;
  stop(): Promise<void>;
}

const SEGMENT_MS = 2000;

export async function startStreamStand(): Promise<StreamStand> {
  const obs = await startFakeObs({ figures: { streaming: true, recording: true } });
  const began = performance.now();
  let [bytes, mediaMs, countedTo, flows] = [0, 0, began, true];
  const count = (): void => {
    const now = performance.now();
    if (flows) {
      bytes += (obs.figures().bitrateKbps * (now - countedTo)) / 8;
      mediaMs += now - countedTo;
    }
    countedTo = now;
  };
  let silent: string | null = null;
  const server = createServer((request, response) => {
    count();
    if (request.url === silent) return;
    if (request.url === '/stat') return response.end(statPage(Math.round(bytes), Math.round(mediaMs)));
    response.setHeader('content-type', 'application/vnd.apple.mpegurl');
    response.end(playlist(Math.floor(mediaMs / SEGMENT_MS)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const place = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    obs,
    plan: {
      obs: { url: obs.url },
      rtmpStat: { url: `${place}/stat`, application: 'live', name: 'show' },
      hls: { url: `${place}/origin.m3u8` },
      edge: { url: `${place}/edge.m3u8` },
    },
    stall: () => {
      count();
      flows = false;
    },
    flow: () => {
      count();
      flows = true;
      // What OBS had kept back comes all at once.
      mediaMs = countedTo - began;
    },
    silence: (path) => {
      silent = path;
    },
    stop: async () => {
      await obs.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

function statPage(bytes: number, mediaMs: number): string {
  return `<?xml version="1.0"?><rtmp><nginx_rtmp_version>1.1.4</nginx_rtmp_version><pid>7</pid><bytes_in>${bytes}</bytes_in>
<server><application><name>live</name><live><stream><name>show</name><time>${mediaMs}</time><bytes_in>${bytes}</bytes_in>
<client><id>1</id><time>${mediaMs}</time><timestamp>${mediaMs}</timestamp><publishing/><active/></client>
<client><id>2</id><time>10</time></client><nclients>2</nclients><publishing/><active/></stream><nclients>2</nclients></live></application></server></rtmp>`;
}

function playlist(newest: number): string {
  const first = Math.max(0, newest - 5);
  const lines = Array.from({ length: newest - first + 1 }, (_, at) => `#EXTINF:2.000,\n${first + at}.ts`);
  return `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:${first}\n${lines.join('\n')}\n`;
}
