import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type NetworkOutside, NetworkProbe, THIS_COMPUTER } from '../../src/hub/connectors/network-probe.ts';
import { defaultRoute } from '../../src/hub/net/gateway.ts';
import { probeGateway } from '../../src/hub/net/gateway-probe.ts';
import { isDnsName, lookUpName } from '../../src/hub/net/name-lookup.ts';
import { until } from '../kit/hub.ts';
import { openDoor } from '../kit/door.ts';
import { Ear } from './stream-sources-kit.ts';

/** Who is on the way out, and who hangs: against doors and a name server of our own. */

const leave: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of leave.splice(0).toReversed()) await step();
});

/** No router, no names: a test gives what it is about. */
const NOWHERE: NetworkOutside = {
  defaultRoute: () => Promise.resolve('unknown'),
  probeGateway: () => Promise.resolve({ error: 'timeout' }),
  lookUpName: () => Promise.resolve({ error: 'timeout' }),
};

function watch(outside: Partial<NetworkOutside>, edge: string | null = null): { ear: Ear; probe: NetworkProbe } {
  const ear = new Ear();
  const probe = new NetworkProbe(ear.doors, edge, { ...NOWHERE, ...outside });
  probe.setMood('troubled');
  probe.start();
  leave.push(() => probe.stop());
  return { ear, probe };
}

const shakes = (socket: Socket): void => void socket.once('data', () => socket.write(Buffer.from([3])));

async function door(greet: (socket: Socket) => void): Promise<{ url: URL; close: () => void }> {
  const { port, close } = await openDoor(greet);
  leave.push(close);
  return { url: new URL(`rtmp://127.0.0.1:${port}/`), close };
}

const of = (ear: Ear, target: string): unknown[] =>
  ear.samples.filter(({ data }) => (data as { target?: string }).target === target);

describe('an ingest', () => {
  it('that hangs does not delay the others', async () => {
    const [hung, fine] = [await door(() => undefined), await door(shakes)];
    const { ear, probe } = watch({
      defaultRoute: () => Promise.resolve({ gateway: '127.0.0.1', link: 'lo' }),
      probeGateway: () => Promise.resolve({ connectMs: 1, port: 53 }),
    });
    probe.setTargets([
      { target: 'ingest', url: hung.url },
      { target: 'backup', url: fine.url },
    ]);
    await until('four probes of the backup', () => of(ear, 'backup').length >= 4);
    // Both ingests are on this computer, so the router has no part in it.
    expect(of(ear, 'gateway')).toEqual([]);
    // The one that hangs takes a second for the handshake alone, and is never asked twice at once.
    expect(of(ear, 'ingest').length).toBeLessThanOrEqual(of(ear, 'backup').length);
    // It has never shaken hands, so perhaps it is no RTMP server.
    expect(of(ear, 'ingest')[0]).toEqual({
      source: 'network',
      ms: expect.any(Number),
      data: { target: 'ingest', connectMs: expect.any(Number) },
    });
  });

  it('that refuses after it had answered has failed; one that never answered is left out', async () => {
    const { url, close } = await door(shakes);
    const { ear, probe } = watch({});
    probe.setTargets([
      { target: 'ingest', url },
      { target: 'backup', url: new URL('rtmp://127.0.0.1:1/') },
    ]);
    await until('an answer', () => of(ear, 'ingest')[0]);
    close();
    const failure = await until('the failure', () => ear.samples.find(({ error }) => error !== undefined));
    expect(failure).toMatchObject({ error: 'refused', target: 'ingest', data: { target: 'ingest' } });
    expect(ear.views.at(-1)).toMatchObject({ id: 'network', state: 'down', message: 'The ingest cannot be reached.' });
    expect(of(ear, 'backup')).toEqual([]);
  });
});

describe('the router', () => {
  it('that refuses every connection is there', async () => {
    // Nobody listens on these ports of this address: a refusal, as most routers give.
    const found = await probeGateway('127.0.0.77', 1000, null);
    expect(found).toEqual({ connectMs: expect.any(Number), port: expect.any(Number) });
    // 192.0.2.0/24 is for books: nothing is there, or no way leads there.
    const began = performance.now();
    expect(await probeGateway('192.0.2.77', 400, 443)).toEqual({ error: 'timeout' });
    expect(performance.now() - began).toBeLessThan(900);
  });

  it('that answered and is gone, or whose cable was pulled, has failed; a table that cannot be read is no failure', async () => {
    let route: Awaited<ReturnType<typeof defaultRoute>> = { gateway: '192.168.1.1', link: 'eth0' };
    let there = true;
    const { ear } = watch({
      defaultRoute: () => Promise.resolve(route),
      probeGateway: () => Promise.resolve(there ? { connectMs: 2, port: 80 } : { error: 'timeout' }),
    });
    await until('an answer', () => of(ear, 'gateway')[0]);
    there = false;
    const failed = (): unknown[] => ear.samples.filter(({ error }) => error === 'timeout');
    await until('the failure', () => failed().length === 1);
    expect(ear.views.at(-1)?.message).toBe('The router next to this computer does not answer.');
    route = 'unknown';
    const before = ear.samples.length;
    await new Promise((done) => setTimeout(done, 1500));
    expect(ear.samples.length - before).toBeLessThanOrEqual(1);
    const unread = failed().length;
    route = 'none';
    await until('no way out', () => failed().length > unread);
  });

  it('that answers only now and then is left out: its silence says nothing', async () => {
    let asked = 0;
    const { ear } = watch({
      defaultRoute: () => Promise.resolve({ gateway: '192.168.1.1', link: 'eth0' }),
      probeGateway: () => {
        asked += 1;
        return Promise.resolve(asked % 3 === 0 ? { error: 'timeout' } : { connectMs: 2, port: 80 });
      },
    });
    await until('seven probes', () => asked >= 7);
    expect(ear.samples).toEqual([]);
  });

  it('is not asked for when the ingest is on this computer', async () => {
    let asked = 0;
    const { ear, probe } = watch({
      defaultRoute: () => Promise.resolve({ gateway: '192.168.1.1', link: 'eth0' }),
      probeGateway: () => {
        asked += 1;
        return Promise.resolve({ connectMs: 2, port: 80 });
      },
    });
    const { url } = await door(shakes);
    probe.setTargets([{ target: 'ingest', url }]);
    const before = asked;
    await until('three answers of the ingest', () => of(ear, 'ingest').length >= 3);
    expect(asked).toBe(before);
  });

  it('that has never answered is left out', async () => {
    let asked = 0;
    const { ear } = watch({
      defaultRoute: () => Promise.resolve({ gateway: '192.168.1.1', link: 'eth0' }),
      probeGateway: () => {
        asked += 1;
        return Promise.resolve({ error: 'timeout' });
      },
    });
    await until('three probes', () => asked >= 3);
    expect(ear.samples).toEqual([]);
  });

  it('of this computer is found, or there is none, and it is said', async () => {
    const route = await defaultRoute();
    if (typeof route !== 'string') expect(route.gateway ?? '').toMatch(/^$|^\d+(\.\d+){3}$/);
    else expect(['none', 'unknown']).toContain(route);
    expect(THIS_COMPUTER.defaultRoute).toBe(defaultRoute);
  });
});

describe('a name', () => {
  /** Answers every A question with 192.0.2.1 as long as `mood` says so. */
  async function nameServer(mood: () => 'answers' | 'silent' | 'unknown'): Promise<string> {
    const socket = createSocket('udp4');
    socket.on('message', (question, from) => {
      if (mood() === 'silent') return;
      const answer = Buffer.concat([question.subarray(0, 12), question.subarray(12, question.indexOf(0, 12) + 5)]);
      answer.writeUInt16BE(mood() === 'unknown' ? 0x8183 : 0x8180, 2);
      const counts = mood() === 'unknown' ? [1, 0, 0, 0] : [1, 1, 0, 0];
      counts.forEach((count, i) => answer.writeUInt16BE(count, 4 + 2 * i));
      const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 192, 0, 2, 1]);
      socket.send(mood() === 'unknown' ? answer : Buffer.concat([answer, record]), from.port, from.address);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    leave.push(() => socket.close());
    return `127.0.0.1:${socket.address().port}`;
  }

  it('is timed, and its silence ends at the deadline', async () => {
    let mood: 'answers' | 'silent' | 'unknown' = 'answers';
    const server = await nameServer(() => mood);
    expect(await lookUpName('ingest.example', 1000, [server])).toEqual({ tookMs: expect.any(Number) });
    mood = 'unknown';
    expect(await lookUpName('ingest.example', 1000, [server])).toEqual({ error: 'closed' });
    mood = 'silent';
    const began = performance.now();
    expect(await lookUpName('ingest.example', 300, [server])).toEqual({ error: 'timeout' });
    expect(performance.now() - began).toBeLessThan(900);
  });

  it('is looked up for ingest, backup and edge, by label; an address is not', async () => {
    let fails = false;
    const { ear, probe } = watch(
      {
        lookUpName: (host) =>
          Promise.resolve(fails || host === 'never.example' ? { error: 'timeout' } : { tookMs: 4.2 }),
      },
      'edge.example',
    );
    const targets = [
      { target: 'ingest' as const, url: new URL('rtmp://10.1.2.3:1935/') },
      { target: 'backup' as const, url: new URL('rtmp://never.example:1935/') },
    ];
    probe.setTargets(targets);
    await until('the edge', () => of(ear, 'dns').length > 0);
    fails = true;
    probe.setTargets(targets);
    const failure = await until('the failure', () => ear.samples.find(({ error }) => error !== undefined));
    expect(failure).toMatchObject({
      source: 'network',
      error: 'timeout',
      target: 'dns',
      data: { target: 'dns', host: 'edge' },
    });
    expect(JSON.stringify(of(ear, 'dns'))).not.toMatch(/example|backup|"host":"ingest"/);
  });

  it.each(['127.0.0.1', '[::1]', '::1', 'localhost', 'obs-pc', 'obs-pc.local', 'OBS.LOCAL.'])(
    '%s is not asked for',
    (host) => {
      expect(isDnsName(host)).toBe(false);
      expect(isDnsName('live.example.com')).toBe(true);
    },
  );
});
