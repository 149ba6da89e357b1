import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, type Socket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectorView } from '../../src/contract/desk-state.ts';
import type { Sample } from '../../src/hub/doors.ts';
import { until } from '../kit/hub.ts';
import { knock } from '../../src/hub/net/knock.ts';

/** A real nginx-rtmp of our own with one application, `live`; absent programs make its tests say that they are skipped. */
export const NGINX = { program: '/usr/sbin/nginx', module: '/usr/lib/nginx/modules/ngx_rtmp_module.so' };

export interface NginxRtmp {
  rtmp: URL;
  stat: URL;
  hls: (name: string) => URL;
  stop: () => Promise<void>;
}

export async function startNginxRtmp(): Promise<NginxRtmp> {
  const folder = mkdtempSync(join(tmpdir(), 'dropdesk-nginx-'));
  const [rtmp, http] = [await freePort(), await freePort()];
  mkdirSync(join(folder, 'hls'));
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, rtmp, http));
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')];
  const child = spawn(NGINX.program, args, { stdio: 'ignore' });
  const url = new URL(`rtmp://127.0.0.1:${rtmp}/`);
  await until('nginx', async () => 'handshakeMs' in (await knock(url)));
  return {
    rtmp: url,
    stat: new URL(`http://127.0.0.1:${http}/stat`),
    hls: (name) => new URL(`http://127.0.0.1:${http}/hls/${name}.m3u8`),
    stop: async () => {
      await endChild(child);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function configuration(folder: string, rtmp: number, http: number): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/t;`);
  return `load_module ${NGINX.module};
daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log info;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 256; }
rtmp { access_log off; server { listen 127.0.0.1:${rtmp};
  application live { live on; drop_idle_publisher 5s; hls on; hls_path ${folder}/hls; hls_fragment 1s; hls_playlist_length 6s; } } }
http { access_log off; ${paths.join(' ')}
  server { listen 127.0.0.1:${http}; location /stat { rtmp_stat all; } location /hls { root ${folder}; } } }
`;
}

export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(kill);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  await once(server.close(), 'close');
  return port;
}

export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address.port;
}

/** A door that greets every caller as the test says. */
export async function openDoor(greet: (socket: Socket) => void): Promise<{ port: number; close: () => void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    greet(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Hears what a wire measures and says. */
export class Ear {
  readonly samples: Sample[] = [];
  readonly views: ConnectorView[] = [];
  readonly lines: unknown[] = [];
  readonly doors = {
    readNow: () => ({ at: Date.now(), mono: Math.round(performance.now()), boot: 'b', t: Date.now() }),
    report: (view: ConnectorView) => void this.views.push(view),
    log: (line: unknown) => void this.lines.push(line),
    ownPorts: (): readonly number[] => [],
    measure: (sample: Sample) => void this.samples.push(sample),
  };
  of(source: string): Sample[] {
    return this.samples.filter((sample) => sample.source === source);
  }
}
