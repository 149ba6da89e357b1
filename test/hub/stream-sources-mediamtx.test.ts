import { createServer } from 'node:http';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { watchMediaMtx } from '../../src/hub/connectors/mediamtx.ts';
import { type FakeMediaMtx, startFakeMediaMtx } from '../fakes/fake-mediamtx.ts';
import { until } from '../kit/hub.ts';
import { portOf } from '../kit/door.ts';
import { Ear } from './stream-sources-kit.ts';

const leave: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of leave.splice(0).toReversed()) await step();
});

const ID = '7b2e8365-e080-4b34-b87f-ada79ac77866';
const READERS = [
  { type: 'rtmpConn', id: 'ea726a88-471a-4806-8fdc-9844c8f7074b' },
  { type: 'hlsSession', id: 'b07b1063-6bd3-4b1d-9a6a-e44f3159e077' },
];
/** Names and orders of size as MediaMTX v1.20 gave them for a publisher over SRT. */
const SRT = {
  packetsReceived: 4200,
  packetsReceivedUnique: 4190,
  packetsReceivedLoss: 12,
  packetsReceivedDrop: 1,
  msRTT: 14.5,
  msReceiveTsbPdDelay: 120,
  mbpsReceiveRate: 2.5,
};

function watch(url: string, path = 'live/show'): Ear {
  const ear = new Ear();
  const wire = watchMediaMtx({ url, path }, ear.doors);
  wire.setLive(true);
  wire.start();
  leave.push(() => wire.stop());
  return ear;
}

async function fake(generation: 'present' | 'older' = 'present'): Promise<FakeMediaMtx> {
  const server = await startFakeMediaMtx(generation);
  leave.push(() => server.close());
  return server;
}

const nextOf = async (ear: Ear): Promise<unknown> => {
  const before = ear.samples.length;
  return (await until('a poll that began after now', () => ear.samples[before + 1])).data;
};

describe.each(['present', 'older'] as const)('MediaMTX of the %s generation', (generation) => {
  it('tells bytes, viewers and who publishes, and a new publisher by its id', async () => {
    const server = await fake(generation);
    server.publish('live/show', { type: 'rtmpConn', id: ID, bytes: 262_281, readers: READERS });
    const ear = watch(server.url);
    const { data } = await until('a poll', () => ear.samples[0]);
    expect(data).toEqual({
      bytes_in: null,
      pid: null,
      stream: {
        time: null,
        bytes_in: 262_281,
        bw_in: null,
        bw_video: null,
        nclients: 2,
        publishing: true,
        active: true,
        client: { timestamp: null },
        id: ID,
        readers: 2,
      },
    });
    expect(server.asked.slice(0, 2)).toEqual(['/v3/paths/get/live/show', `/v3/rtmpconns/get/${ID}`]);
    server.publish('live/show', { type: 'rtmpsConn', id: 'another', bytes: 5, readers: [] });
    expect(await nextOf(ear)).toMatchObject({ stream: { id: 'another', bytes_in: 5, readers: 0 } });
    expect(server.asked).toContain('/v3/rtmpsconns/get/another');
    expect(JSON.stringify([ear.samples, ear.views])).not.toMatch(/secret|127\.0\.0\.1|live\/show/);
  });

  it('gives the figures of an SRT line, and what the path says when they are not to be had', async () => {
    const server = await fake(generation);
    server.publish('live/show', { type: 'srtConn', id: ID, bytes: 900, readers: [], srt: SRT });
    const ear = watch(server.url);
    const { mbpsReceiveRate: _, ...figures } = SRT;
    expect(await nextOf(ear)).toMatchObject({ stream: { bytes_in: 900, srt: figures } });
    server.hideConnections();
    const bare = await nextOf(ear);
    expect(bare).toMatchObject({ stream: { bytes_in: 900, id: ID } });
    expect(bare).not.toHaveProperty('stream.srt');
  });

  it('says that our stream is not listed, planned or not, and that is a good answer', async () => {
    const server = await fake(generation);
    const ear = watch(server.url);
    const nobody = { bytes_in: null, pid: null, stream: null };
    expect(await nextOf(ear)).toEqual(nobody);
    server.plan('live/show');
    expect(await nextOf(ear)).toEqual(nobody);
    expect(ear.views.at(-1)).toMatchObject({ id: 'rtmp', kind: 'mediamtx', state: 'up' });
    expect(ear.samples.every(({ error }) => error === undefined)).toBe(true);
  });
});

it('does not count viewers that an older server hides behind one muxer', async () => {
  const server = await fake('older');
  server.publish('live/show', { type: 'rtmpConn', id: ID, bytes: 9, readers: [{ type: 'hlsMuxer', id: '' }] });
  const ear = watch(server.url);
  const data = await nextOf(ear);
  expect(data).toMatchObject({ stream: { bytes_in: 9, nclients: null } });
  expect(data).not.toHaveProperty('stream.readers');
});

it('escapes what goes into an address, and asks for nothing outside the API', async () => {
  const server = await fake();
  const path = 'a b/ü?x=1#y/%2e';
  server.publish(path, { type: 'rtmpConn', id: '../../v3/config?x', bytes: 1, readers: [] });
  const ear = watch(`${server.url}/`, path);
  expect(await nextOf(ear)).toMatchObject({ stream: { bytes_in: 1 } });
  expect(server.asked[0]).toBe('/v3/paths/get/a%20b/%C3%BC%3Fx%3D1%23y/%252e');
  expect(server.asked[1]).toBe('/v3/rtmpconns/get/..%2F..%2Fv3%2Fconfig%3Fx');
  const before = server.asked.length;
  const other = watch(server.url, '../../config');
  await until('the refusal', () => other.views.at(-1)?.state === 'down');
  expect(server.asked.slice(before).filter((asked) => asked.includes('config') && !asked.includes('%2F'))).toEqual([]);
});

it('that wants a password says what to do; a page of another server is no answer of MediaMTX', async () => {
  const server = await fake();
  server.lock();
  const ear = watch(server.url);
  await until('the refusal', () => ear.views.at(-1)?.message.includes('without one'));
  expect(ear.samples[0]).toMatchObject({ source: 'rtmp', error: 'closed' });
  const page = createServer((_, response) => response.writeHead(404).end('<html>not found</html>')).listen(0);
  await once(page, 'listening');
  leave.push(
    () => page.close(),
    () => page.closeAllConnections(),
  );
  const other = watch(`http://127.0.0.1:${portOf(page)}/`);
  await until('the failure', () => other.samples[0]?.error === 'closed');
});

it.each([
  '[]',
  'null',
  '{"source":{"type":7,"id":[]},"bytesReceived":-5,"readers":"many"}',
  '{"name":"x","source":"me","inboundBytes":"12"}',
  '{"name":"x","source":{"type":"rtmpConn","id":".."},"inboundBytes":1e999,"readers":{}}',
  '{"name":"x","source":{"__proto__":{"id":"y"}},"inboundBytes":NaN}',
  '{}',
  '['.repeat(400_000),
])('takes nothing from an answer that cannot be: %#', async (body) => {
  const server = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  leave.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  const ear = watch(`http://127.0.0.1:${portOf(server)}/`);
  await until('two polls', () => ear.samples.length >= 2);
  const { data, error } = ear.samples[0] ?? {};
  if (error !== undefined) expect(error).toBe('closed');
  else if (JSON.stringify(data).includes('"stream":null'))
    expect(data).toEqual({ bytes_in: null, pid: null, stream: null });
  else expect(data).toMatchObject({ stream: { bytes_in: null, nclients: null } });
});
