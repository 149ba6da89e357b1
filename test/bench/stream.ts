import { readFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { judge, observe, sourceVerdicts } from '../../src/domain/health.ts';
import { initialHealth } from '../../src/domain/health/state.ts';
import type { HealthSample } from '../../src/domain/health/sample.ts';
import { HOUR, type Instant } from '../../src/domain/units.ts';
import type { StreamSource } from '../../src/domain/words.ts';
import { startFakeObs } from '../../src/hub/demo/fake-obs.ts';
import { configFrom } from '../../src/hub/replay-health.ts';
import { openDatabase } from '../../src/hub/store/database.ts';
import { SHOW_MIGRATIONS } from '../../src/hub/store/migrations.ts';
import { SampleStore } from '../../src/hub/store/samples.ts';
import { TestHub, planFile, tempFolder } from '../kit/hub.ts';
import { GOOD_RIG } from '../properties/stream-checks.ts';
import { sidecarOf } from '../properties/stream-rig.ts';
import { samplesOf } from '../properties/stream-show.ts';
import { ms, row } from './figures.ts';

/** What watching the stream costs: STR-90, STR-91, STR-94. */
export async function stream(): Promise<void> {
  judging();
  await monitoring();
  await samplesOfEightHours();
}

const SHOW_MS = 1_800_000;
const TICK_MS = 250;

function goodShow(): HealthSample[] {
  return [...samplesOf({ seed: 1, rig: GOOD_RIG, faults: [], calmMs: SHOW_MS, disturbed: true }, [])];
}

/** Half an hour with every source, judged four times a second: by processor time, so that other work does not decide. */
function judging(): void {
  const samples = goodShow();
  const runs = [0, 1, 2].map(() => {
    const health = initialHealth(configFrom(sidecarOf(GOOD_RIG)));
    const before = process.cpuUsage();
    let nextTick = 0;
    for (const sample of samples) {
      for (; nextTick < sample.ms; nextTick += TICK_MS) judge(health, nextTick);
      observe(health, sample);
    }
    const { user, system } = process.cpuUsage(before);
    return SHOW_MS / ((user + system) / 1000);
  });
  row('judge, all sources, four looks a second', `× ${Math.round(Math.max(...runs))} real time`, 'goal over × 500');
}

const WATCHED_MS = 60_000;
/** The first minute is for a good part the compiler's; a show lasts for hours. */
const SETTLES_MS = 60_000;

/** The hub alone beside a hub with a show on air, at once so that other work troubles both; by processor time. */
async function monitoring(): Promise<void> {
  if (process.platform !== 'linux') return row('monitoring', 'not measured here', 'needs /proc');
  const stage = await startStage();
  const [idle, live] = await Promise.all([hubCost(null), hubCost(stage.plan)]);
  await stage.stop();
  row(
    'monitoring, OBS and picture, stat page, origin, edge, probes',
    `${(live.msPerSecond - idle.msPerSecond).toFixed(1)} ms CPU per second`,
    `goal under 10 ms; hub alone ${idle.msPerSecond.toFixed(1)}, with the stream ${live.msPerSecond.toFixed(1)}`,
  );
  row('memory of watching', `${live.residentMb - idle.residentMb} MB`, `goal under 40 MB; ${live.residentMb} in all`);
}

async function hubCost(stream: object | null): Promise<{ msPerSecond: number; residentMb: number }> {
  const folder = tempFolder('bench');
  const plan = planFile(folder.path, stream === null ? {} : { stream });
  const hub = await TestHub.start({ data: folder.path, args: ['--plan', plan] });
  await hub.do('open-show', { overrideReason: 'bench' });
  await wait(SETTLES_MS);
  if (stream !== null) {
    const { level } = (await hub.state()).stream;
    if (level !== 'ok') console.log(`  the stream is ${level}, not ok`);
  }
  const pid = hub.process.pid ?? 0;
  const [began, before] = [performance.now(), cpuMs(pid)];
  await wait(WATCHED_MS);
  const msPerSecond = ((cpuMs(pid) - before) / (performance.now() - began)) * 1000;
  const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  await hub.stop();
  folder.remove();
  return { msPerSecond, residentMb: Math.round(Number(kb) / 1024) };
}

/** Fields 14 and 15 of /proc/<pid>/stat, in ticks of 10 ms (proc_pid_stat(5)). */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** An OBS that streams and records, and a server with a stat page, a playlist and its segments. */
async function startStage(): Promise<{ plan: object; stop: () => Promise<void> }> {
  const obs = await startFakeObs({ figures: { streaming: true, recording: true } });
  const pages = await startPages();
  const url = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
  return {
    plan: {
      obs: { url: obs.url },
      rtmpStat: { url: `${url}/stat`, application: 'live', name: 'show' },
      hls: { url: `${url}/live/index.m3u8` },
      edge: { url: `${url}/edge/index.m3u8` },
    },
    stop: async () => {
      pages.closeAllConnections();
      pages.close();
      await obs.close();
    },
  };
}

const KBPS = 4500;
const SEGMENT_MS = 2000;
const SEGMENT = Buffer.alloc((KBPS * SEGMENT_MS) / 8);

async function startPages(): Promise<Server> {
  const began = performance.now();
  const server = createServer((request, answer) => {
    const onAirMs = Math.round(performance.now() - began);
    if (request.url === '/stat') return answer.end(statPage(onAirMs));
    if (request.url?.endsWith('.m3u8')) return answer.end(playlist(onAirMs));
    answer.end(SEGMENT);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

function statPage(onAirMs: number): string {
  const bytes = Math.round((onAirMs * KBPS) / 8);
  const client = `<client><id>1</id><timestamp>${onAirMs}</timestamp><publishing/><active/></client>`;
  return `<?xml version="1.0"?><rtmp><pid>7</pid><bytes_in>${bytes}</bytes_in><server><application><name>live</name>
<live><stream><name>show</name><time>${onAirMs}</time><bw_in>0</bw_in><bytes_in>${bytes}</bytes_in>${client}
<nclients>1</nclients><publishing/><active/></stream></live></application></server></rtmp>`;
}

function playlist(onAirMs: number): string {
  const first = 10 + Math.floor(onAirMs / SEGMENT_MS);
  const pieces = Array.from({ length: 6 }, (_, n) => `#EXTINF:2.000,\nshow-${first + n}.ts`);
  return `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:${first}\n${pieces.join('\n')}\n`;
}

const SOURCES = ['obs', 'rtmp', 'hls', 'edge', 'network'] as const satisfies StreamSource[];
const HOURS = 8;
const ASKS = 40;

/** Eight hours of five sources lie in the file of the show; the desk asks for all of one of them. */
async function samplesOfEightHours(): Promise<void> {
  const folder = tempFolder('bench');
  const args = ['--plan', planFile(folder.path)];
  const first = await TestHub.start({ data: folder.path, args });
  const [show] = (await first.state()).shows;
  await first.stop();
  const to = Math.floor(Date.now() / 1000) * 1000;
  const rows = fill(join(folder.path, 'shows', show?.id ?? '', 'show.db'), to);
  const hub = await TestHub.start({ data: folder.path, args });
  const times: number[] = [];
  let most = 0;
  for (let n = 0; n < ASKS; n += 1) {
    for (const source of SOURCES) {
      const range = `from=${new Date(to - HOURS * HOUR).toISOString()}&to=${new Date(to).toISOString()}`;
      const sent = performance.now();
      const table = await hub.get<{ rows: unknown[] }>(`/api/samples?source=${source}&${range}`);
      times.push(performance.now() - sent);
      most = Math.max(most, table.rows.length);
    }
  }
  row(
    `samples of ${HOURS} h, one of five sources, over HTTP`,
    `p50 ${ms(times, 50)}  p95 ${ms(times, 95)}`,
    `goal p95 under 50 ms; ${most} rows of ${rows.toLocaleString('en')}`,
  );
  await hub.stop();
  folder.remove();
}

/** Real figures, a row a second and source, as the hub writes them. @returns how many */
function fill(path: string, to: Instant): number {
  const health = initialHealth(configFrom(sidecarOf(GOOD_RIG)));
  for (const sample of goodShow().filter(({ ms }) => ms < 60_000)) observe(health, sample);
  judge(health, 60_000);
  const verdicts = sourceVerdicts(health);
  const db = openDatabase(path, SHOW_MIGRATIONS);
  const store = new SampleStore(db);
  const seconds = (HOURS * HOUR) / 1000;
  for (let n = 0; n < seconds; n += 60) {
    store.write(
      Array.from({ length: 60 }, (_, i) => n + i).flatMap((second) =>
        SOURCES.map((source) => ({
          source,
          at: to - (seconds - second) * 1000,
          metrics: { ...verdicts[source]?.metrics, bitrateKbps: KBPS + (second % 500) },
        })),
      ),
    );
  }
  db.close();
  return seconds * SOURCES.length;
}

function wait(forMs: number): Promise<void> {
  return new Promise((done) => setTimeout(done, forMs));
}
