import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { HlsConnector } from '../../src/hub/connectors/hls.ts';
import type { IngestWire } from '../../src/hub/connectors/ingest-wire.ts';
import { watchMediaMtx } from '../../src/hub/connectors/mediamtx.ts';
import { NetworkProbe, THIS_COMPUTER } from '../../src/hub/connectors/network-probe.ts';
import { watchNginxRtmp } from '../../src/hub/connectors/nginx-rtmp.ts';
import { ObsConnector } from '../../src/hub/connectors/obs.ts';
import { type FakeObs, startFakeObs } from '../../src/hub/demo/fake-obs.ts';
import { startFakeHls } from '../fakes/fake-hls.ts';
import { OURS, startFakeNginxStat } from '../fakes/fake-nginx-stat.ts';
import { type FakePage, HOSTILITIES, startFakePage } from '../fakes/hostile-page.ts';
import { until } from '../kit/hub.ts';
import { openDoor } from '../kit/door.ts';
import { Ear } from './stream-sources-kit.ts';

/** Five sources at once, one of them hostile in every way we know: the other four keep their rate (acceptance 23). */

const leave: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of leave.splice(0).toReversed()) await step();
});

const MEDIAMTX =
  '{"name":"live/show","ready":true,"source":{"type":"rtspSession","id":"a"},"bytesReceived":5,"readers":[]}';
const MOOD_MS = 550;

interface Five {
  ear: Ear;
  obs: FakeObs;
  ingest: FakePage;
  hls: FakePage;
  edge: FakePage;
  /** the ingest's door stops shaking hands */
  hangDoor: () => void;
}

async function five(server: 'nginx-rtmp' | 'mediamtx'): Promise<Five> {
  const ear = new Ear();
  const obs = await startFakeObs({ password: 'sesame', figures: { streaming: true } });
  const ingest =
    server === 'nginx-rtmp' ? await startFakeNginxStat() : await startFakePage((_, response) => response.end(MEDIAMTX));
  const [hls, edge] = [await startFakeHls(), await startFakeHls()];
  let shakes = true;
  const door = await openDoor((socket: Socket) => {
    socket.once('data', () => {
      if (shakes) socket.write(Buffer.from([3]));
    });
  });
  const doors = { ...ear.doors, readSecret: () => 'sesame', onSetup: () => undefined };
  const picture = { ...doors, audioInputs: [], watchesPicture: () => false };
  const rtmp: IngestWire =
    server === 'nginx-rtmp'
      ? watchNginxRtmp({ url: `${ingest.url}/stat`, ...OURS }, doors)
      : watchMediaMtx({ url: ingest.url, path: 'live/show' }, doors);
  const live = [
    new ObsConnector(obs.url, doors, picture),
    rtmp,
    new HlsConnector('hls', hls.playlist, doors),
    new HlsConnector('edge', edge.playlist, doors),
  ];
  const network = new NetworkProbe(doors, null, { ...THIS_COMPUTER, defaultRoute: () => Promise.resolve('unknown') });
  network.setTargets([{ target: 'ingest', url: new URL(`rtmp://127.0.0.1:${door.port}/`) }]);
  network.setMood('troubled');
  leave.push(
    () => obs.close().catch(() => undefined),
    ...[ingest, hls, edge].map((page) => () => page.close()),
    () => door.close(),
    () => Promise.all([...live, network].map((wire) => wire.stop())),
  );
  for (const wire of live) wire.setLive(true);
  for (const wire of [...live, network]) wire.start();
  await until('all five', () => SOURCES.every((source) => ear.of(source).some(({ data }) => data !== undefined)));
  return { ear, obs, ingest, hls, edge, hangDoor: () => void (shakes = false) };
}

const SOURCES = ['obs', 'rtmp', 'hls', 'edge', 'network'] as const;
type Source = (typeof SOURCES)[number];
/** Good answers owed in the time of all hostilities, 6 s: two thirds of what the rates give, for a busy machine. */
const OWED: Record<Source, number> = { obs: 8, rtmp: 8, hls: 2, edge: 2, network: 4 };

function good(ear: Ear): Record<Source, number> {
  const count = (source: Source): number => ear.of(source).filter(({ error }) => error === undefined).length;
  return { obs: count('obs'), rtmp: count('rtmp'), hls: count('hls'), edge: count('edge'), network: count('network') };
}

/** @returns the sources that kept their rate while `hostility` went on */
async function keptBy(ear: Ear, hostility: () => Promise<void>): Promise<Source[]> {
  const before = good(ear);
  await hostility();
  const after = good(ear);
  return SOURCES.filter((source) => after[source] - before[source] >= OWED[source]);
}

const through =
  (page: FakePage): (() => Promise<void>) =>
  async () => {
    for (const mood of HOSTILITIES) {
      page.be(mood);
      await sleep(MOOD_MS);
    }
  };
const quiet = (): Promise<void> => sleep(MOOD_MS * HOSTILITIES.length);

it('nobody hostile: all five keep their rate', { timeout: 30_000 }, async () => {
  const { ear } = await five('nginx-rtmp');
  expect(await keptBy(ear, quiet)).toEqual(SOURCES);
  expect(ear.samples.filter(({ error }) => error !== undefined)).toEqual([]);
});

it.each(['nginx-rtmp', 'mediamtx'] as const)('a hostile %s', { timeout: 30_000 }, async (server) => {
  const { ear, ingest } = await five(server);
  const from = ear.samples.length;
  expect(await keptBy(ear, through(ingest))).toEqual(SOURCES.filter((source) => source !== 'rtmp'));
  expectHonest(ear, 'rtmp', from);
  ingest.be(null);
  const asked = ear.samples.length;
  await until('a good answer', () => ear.samples.slice(asked).some((s) => s.source === 'rtmp' && hasBytes(s.data)));
});

it.each(['hls', 'edge'] as const)('a hostile %s', { timeout: 30_000 }, async (source) => {
  const all = await five('nginx-rtmp');
  const from = all.ear.samples.length;
  expect(await keptBy(all.ear, through(all[source]))).toEqual(SOURCES.filter((other) => other !== source));
  expectHonest(all.ear, source, from);
  all[source].be(null);
  const asked = all.ear.samples.length;
  const isGood = (data: unknown): boolean => (data as { status?: number } | undefined)?.status === 200;
  await until('a good answer', () => all.ear.samples.slice(asked).some((s) => s.source === source && isGood(s.data)));
});

it('an OBS that hangs, and an ingest that takes connections and does not react', { timeout: 30_000 }, async () => {
  const frozen = await five('nginx-rtmp');
  frozen.obs.freeze();
  expect(await keptBy(frozen.ear, quiet)).toEqual(SOURCES.filter((source) => source !== 'obs'));
  const hung = await five('nginx-rtmp');
  hung.hangDoor();
  // A probe takes two seconds then, one for each half; it still says what it saw.
  expect((await keptBy(hung.ear, quiet)).filter((source) => source !== 'network')).toEqual(
    SOURCES.filter((source) => source !== 'network'),
  );
  expect(hung.ear.of('network').at(-1)?.data).toMatchObject({ handshakeError: 'timeout' });
});

function hasBytes(data: unknown): boolean {
  return JSON.stringify(data ?? null).includes('"bytes_in":') && !JSON.stringify(data).includes('"stream":null');
}

/** Failures of that source only, each an error or a reading without a number that cannot be. */
function expectHonest(ear: Ear, source: Source, from: number): void {
  const seen = ear.samples.slice(from);
  expect(seen.filter((s) => s.source === source && s.error !== undefined).length).toBeGreaterThan(0);
  const others = seen.filter((s) => s.error !== undefined && s.source !== source && s.source !== `${source}-segment`);
  expect(others).toEqual([]);
  const numbers = JSON.stringify(seen.filter((s) => s.source === source).map(({ data }) => data)).matchAll(
    /:(-?[\d.e+]+)/g,
  );
  for (const [, number] of numbers) expect(Number(number)).toBeGreaterThanOrEqual(0);
}
