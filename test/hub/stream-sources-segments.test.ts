import { afterEach, expect, it } from 'vitest';
import { HlsConnector } from '../../src/hub/connectors/hls.ts';
import { type FakeHls, SEGMENT, startFakeHls } from '../fakes/fake-hls.ts';
import { until } from '../kit/hub.ts';
import { Ear } from './stream-sources-kit.ts';

/** Segments are fetched as a viewer would, and never in the way of the playlist. */

const leave: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of leave.splice(0).toReversed()) await step();
});

async function watch(source: 'hls' | 'edge' = 'hls', prepare = (_: FakeHls): void => undefined) {
  const server = await startFakeHls();
  prepare(server);
  const ear = new Ear();
  const wire = new HlsConnector(source, server.playlist, ear.doors);
  wire.setLive(true);
  wire.start();
  leave.push(
    () => server.close(),
    () => wire.stop(),
  );
  return { server, ear, wire };
}

/** Waits until the playlist was looked at `polls` more times. */
async function looks(ear: Ear, source: string, polls: number): Promise<void> {
  const enough = ear.of(source).length + polls;
  await until(`${polls} looks`, () => ear.of(source).length >= enough);
}

it('every third one, whole, once each, with its time, length and keyframes', async () => {
  const { server, ear } = await watch();
  await until('a segment', () => ear.of('hls-segment').length === 1);
  expect(ear.of('hls')[0]?.data).toMatchObject({ newestExtinf: 4, programDateTime: '2026-11-24T00:06:48.000Z' });
  expect(ear.of('hls-segment')[0]).toEqual({
    source: 'hls-segment',
    ms: expect.any(Number),
    data: { sequence: 102, tookMs: expect.any(Number), extinf: 4, bytes: SEGMENT.length, keyframeMs: 1000 },
  });
  server.advance(1);
  await looks(ear, 'hls', 1);
  server.advance(1);
  await looks(ear, 'hls', 1);
  server.advance(1);
  await until('the next', () => ear.of('hls-segment').length === 2);
  const segments = server.asked.filter((path) => path !== '/live.m3u8');
  expect(segments).toEqual(['/seg-102.ts', '/seg-105.ts']);
});

it('that hangs is a timeout after 3 s, and the playlist keeps its rate meanwhile', async () => {
  const { server, ear } = await watch('edge', ({ serveSegments }) => serveSegments(() => undefined));
  const began = performance.now();
  server.advance(3);
  const failure = await until('the failure', () => ear.of('edge-segment')[0]);
  expect(failure).toMatchObject({ error: 'timeout' });
  expect(performance.now() - began).toBeGreaterThan(2500);
  // A look each 2 s (half the target duration): at 0 and at 2 at least, and the flight was alone.
  expect(ear.of('edge').length).toBeGreaterThanOrEqual(2);
  expect(ear.of('edge').every(({ error }) => error === undefined)).toBe(true);
  expect(server.asked.filter((path) => path.startsWith('/seg'))).toHaveLength(1);
});

it.each<[string, (hls: FakeHls) => void]>([
  ['is not found', ({ serveSegments }) => serveSegments((response) => void response.writeHead(404).end())],
  [
    'leads elsewhere',
    ({ serveSegments }) => serveSegments((r) => void r.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()),
  ],
  ['is cut', ({ serveSegments }) => serveSegments((response) => void response.destroy())],
  ['is too large', ({ serveSegments }) => serveSegments((response) => void response.end(Buffer.alloc(21_000_000)))],
])('that %s is an error of that segment only', async (_, prepare) => {
  const { ear } = await watch('hls', prepare);
  await until('the failure', () => ear.of('hls-segment')[0]);
  expect(ear.of('hls-segment')[0]).toMatchObject({ error: 'closed' });
  expect(ear.views.at(-1)).toMatchObject({ state: 'up', message: 'Connected.' });
});

it('that is no transport stream has a time and a length, and no keyframes', async () => {
  const { ear } = await watch('hls', ({ serveSegments }) =>
    serveSegments((response) => void response.end('x'.repeat(999))),
  );
  await until('the segment', () => ear.of('hls-segment')[0]);
  expect(ear.of('hls-segment')[0]?.data).toMatchObject({ bytes: 999, keyframeMs: null });
});

it.each(['http://127.0.0.1:1/', 'http://user:pass@127.0.0.1/', 'file:///etc/', 'http://['])(
  'at %s are not fetched, and it is said once',
  async (before) => {
    const { server, ear } = await watch('hls', ({ placeSegments }) => placeSegments(before));
    await looks(ear, 'hls', 1);
    server.advance(3);
    await looks(ear, 'hls', 1);
    expect(ear.of('hls-segment')).toEqual([]);
    expect(server.asked.every((path) => path === '/live.m3u8')).toBe(true);
    expect(ear.lines.filter((line) => JSON.stringify(line).includes('segments-elsewhere'))).toHaveLength(1);
    expect(ear.views.at(-1)?.message).toBe('Connected. Its segments are on another host: they are not checked.');
  },
);

it('are left alone while nobody streams, and a stop waits for no flight', async () => {
  const server = await startFakeHls();
  leave.push(() => server.close());
  const ear = new Ear();
  const wire = new HlsConnector('hls', server.playlist, ear.doors);
  wire.start();
  await until('a look', () => ear.of('hls').length > 0);
  expect(server.asked).toEqual(['/live.m3u8']);
  server.serveSegments(() => undefined);
  wire.setLive(true);
  await until('a flight', () => server.asked.some((path) => path.startsWith('/seg')));
  const began = performance.now();
  await wire.stop();
  expect(performance.now() - began).toBeLessThan(1000);
  expect(ear.of('hls-segment')).toEqual([]);
});
