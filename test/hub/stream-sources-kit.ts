import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectorView } from '../../src/contract/desk-state.ts';
import type { Sample } from '../../src/hub/doors.ts';
import { until } from '../kit/hub.ts';
import { knock } from '../../src/hub/net/knock.ts';
import { end, freePorts } from '../stream/processes.ts';
import { startNginx } from '../stream/real-nginx.ts';

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
  const [rtmp = 0, http = 0] = await freePorts(2);
  const child = startNginx(folder, { rtmp, http });
  const url = new URL(`rtmp://127.0.0.1:${rtmp}/`);
  await until('nginx', async () => 'handshakeMs' in (await knock(url)));
  return {
    rtmp: url,
    stat: new URL(`http://127.0.0.1:${http}/stat`),
    hls: (name) => new URL(`http://127.0.0.1:${http}/hls/${name}.m3u8`),
    stop: async () => {
      await end(child);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
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
