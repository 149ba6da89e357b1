import { once } from 'node:events';
import { type Server as HttpServer, type RequestListener, createServer as createHttp } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectorView } from '../../src/contract/desk-state.ts';
import { Asker, Unanswered } from '../../src/hub/net/ask.ts';
import { RefusedAddress } from '../../src/hub/net/address.ts';
import { HlsConnector } from '../../src/hub/connectors/hls.ts';
import { knock } from '../../src/hub/net/knock.ts';
import { ObsConnector } from '../../src/hub/connectors/obs.ts';
import type { ObsSetup } from '../../src/hub/connectors/obs-setup.ts';
import type { Sample } from '../../src/hub/doors.ts';
import { HEALTHY_OBS } from '../../src/hub/demo/fake-obs-figures.ts';
import { type FakeObs, startFakeObs } from '../../src/hub/demo/fake-obs.ts';
import { openDoor } from '../kit/door.ts';
import { until } from '../kit/hub.ts';

/** The stream's wires against real sockets: what they measure, and that nothing outside can hold them up. */

const leave: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of leave.splice(0).toReversed()) await step();
});

class Ear {
  readonly samples: Sample[] = [];
  readonly views: ConnectorView[] = [];
  readonly setups: ObsSetup[] = [];
  readonly doors = {
    readNow: () => ({ at: Date.now(), mono: Math.round(performance.now()), boot: 'b', t: Date.now() }),
    report: (view: ConnectorView) => void this.views.push(view),
    log: () => undefined,
    ownPorts: () => [],
    measure: (sample: Sample) => void this.samples.push(sample),
    readSecret: () => 'sesame' as string | null,
    onSetup: (setup: ObsSetup) => void this.setups.push(setup),
  };
  errors(): (string | undefined)[] {
    return this.samples.filter(({ source }) => source === 'obs').map(({ error }) => error);
  }
  last(): ConnectorView | undefined {
    return this.views.at(-1);
  }
}

async function watchObs(
  password = 'sesame',
  profile: Record<string, string> = HEALTHY_OBS.profile,
): Promise<{ ear: Ear; obs: FakeObs; wire: ObsConnector }> {
  const obs = await startFakeObs({ password, figures: { streaming: true, profile } });
  const ear = new Ear();
  const wire = new ObsConnector(obs.url, ear.doors, { watchesPicture: () => false, audioInputs: [] });
  wire.setLive(true);
  wire.start();
  leave.push(
    () => obs.close().catch(() => undefined),
    () => wire.stop(),
  );
  return { ear, obs, wire };
}

describe('the wire to OBS', () => {
  it('asks what it must know once, then for figures twice a second, one question at a time', async () => {
    const { ear } = await watchObs();
    // The scene at connecting comes as an event of its own, beside the polls.
    const polls = (): Sample[] => ear.samples.filter(({ source }) => source === 'obs');
    await until('five polls', () => polls().length >= 5);
    expect(ear.setups[0]).toMatchObject({
      obsVersion: '32.0.1',
      fps: { num: 30, den: 1 },
      recordFolder: '/home/demo/recordings',
      scene: 'Live',
      encoder: 'shared',
      retryDelaySeconds: 1,
      keyframeSeconds: null,
    });
    const gaps = polls()
      .slice(1)
      .map(({ ms }, i) => ms - (polls()[i]?.ms ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(300);
    expect(Math.max(...gaps)).toBeLessThan(900);
    expect(polls()[0]?.data).toMatchObject({
      GetStreamStatus: { outputActive: true },
      GetStats: {},
      GetRecordStatus: {},
    });
    expect(ear.last()).toMatchObject({ id: 'obs', kind: 'obs', state: 'up' });
  });

  it('keeps nothing of the place that OBS sends to but host and port', async () => {
    const { ear } = await watchObs();
    await until('the setup', () => ear.setups.length > 0);
    expect(ear.setups[0]?.ingest?.href).toMatch(/^rtmp:\/\/127\.0\.0\.1:\d+\/$/);
    expect(JSON.stringify([ear.setups, ear.samples, ear.views])).not.toMatch(/\/live|"key"|"demo"/);
  });

  it.each([
    [2, { UseAdvanced: 'true', x264Settings: 'tune=zerolatency keyint=60 bframes=0' }],
    [null, { UseAdvanced: 'false', x264Settings: 'keyint=60' }],
    [null, { UseAdvanced: 'true', x264Settings: 'min-keyint=60' }],
    [null, { UseAdvanced: 'true', x264Settings: 'keyint=infinite' }],
    [null, { UseAdvanced: 'true', x264Settings: 'keyint=60', StreamEncoder: 'nvenc' }],
  ])('knows %s s between keyframes from %j', async (seconds, simple) => {
    const more = Object.entries(simple).map(([name, value]) => [`SimpleOutput/${name}`, value]);
    const profile = { ...HEALTHY_OBS.profile, ...Object.fromEntries(more), 'Output/RetryDelay': '7' };
    const { ear } = await watchObs('sesame', profile);
    await until('the setup', () => ear.setups.length > 0);
    expect(ear.setups[0]).toMatchObject({ retryDelaySeconds: 7, keyframeSeconds: seconds });
  });

  it('hears events as they come', async () => {
    const { ear, obs } = await watchObs();
    await until('a poll', () => ear.samples.length > 0);
    obs.emit('StreamStateChanged', { outputActive: false, outputState: 'OBS_WEBSOCKET_OUTPUT_RECONNECTING' });
    const isTold = ({ source, data }: Sample): boolean =>
      source === 'obs-event' && JSON.stringify(data).includes('"StreamStateChanged"');
    const heard = await until('the event', () => ear.samples.find(isTold));
    expect(heard.data).toMatchObject({ eventType: 'StreamStateChanged' });
  });

  it('that hangs is a timeout each 1.5 s, and an answer again when it thaws', async () => {
    const { ear, obs } = await watchObs();
    await until('a poll', () => ear.samples.length > 0);
    obs.freeze();
    await until('two timeouts', () => ear.errors().filter((error) => error === 'timeout').length >= 2);
    expect(ear.last()).toMatchObject({ state: 'down', message: 'OBS does not answer.' });
    obs.thaw();
    await until('an answer', () => ear.errors().at(-1) === undefined);
    expect(ear.last()?.state).toBe('up');
  });

  it('that is killed is closed at once, then refused, and comes back by itself', async () => {
    const { ear, obs } = await watchObs();
    await until('a poll', () => ear.samples.length > 0);
    const port = Number(new URL(obs.url).port);
    await obs.close();
    await until('closed', () => ear.errors().includes('closed'), 500);
    await until('refused', () => ear.errors().includes('refused'), 1000);
    const again = await startFakeObs({ password: 'sesame', port });
    leave.push(() => again.close());
    await until('an answer', () => ear.errors().at(-1) === undefined && ear.setups.length === 2);
  });

  it("with the wrong password says so, and says nothing about OBS's health", async () => {
    const { ear } = await watchObs('another');
    await until('the refusal', () => ear.last()?.message === 'OBS refuses our password. Set it in the settings.');
    expect(ear.samples).toEqual([]);
  });

  it('sends a command now or not at all', async () => {
    const { ear, obs, wire } = await watchObs();
    await until('a poll', () => ear.samples.length > 0);
    expect(await wire.request('GetVersion', undefined, 1000)).toMatchObject({ obsVersion: '32.0.1' });
    await expect(wire.request('NoSuchThing', undefined, 1000)).rejects.toThrow('does not know');
    obs.freeze();
    await expect(wire.request('GetVersion', undefined, 200)).rejects.toThrow('no answer within 200 ms');
    await obs.close();
    await until('the loss', () => ear.last()?.state === 'down');
    await expect(wire.request('GetVersion', undefined, 200)).rejects.toThrow('not connected');
  });
});

async function serve(answer: RequestListener): Promise<{ url: URL; server: HttpServer }> {
  const server = createHttp(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  leave.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  return { url: new URL(`http://127.0.0.1:${(server.address() as { port: number }).port}/x`), server };
}

function ask(url: URL, change: { maxBytes?: number; ownPorts?: number[] } = {}): Promise<unknown> {
  const asker = new Asker();
  leave.push(() => asker.destroy());
  return asker.get({ url, deadlineMs: 300, maxBytes: 1000, ownPorts: [], ...change });
}

describe('a question over HTTP', () => {
  it('is answered with status, headers and text, and is not led elsewhere', async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end('moved'),
    );
    expect(await ask(url)).toMatchObject({ status: 302, body: 'moved' });
  });

  it('that is never answered, or drips, ends at its deadline', async () => {
    const { url } = await serve((_, response) => void response.writeHead(200).write('a'));
    const began = performance.now();
    await expect(ask(url)).rejects.toMatchObject({ error: 'timeout' });
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('whose answer is larger than allowed is cut off', async () => {
    const { url } = await serve((_, response) => response.end('x'.repeat(2000)));
    await expect(ask(url)).rejects.toMatchObject({ error: 'closed', message: 'The answer is larger than 1000 bytes.' });
  });

  it('to nobody is refused; to a link-local address or to ourselves is not asked', async () => {
    await expect(ask(new URL('http://127.0.0.1:1/'))).rejects.toMatchObject({ error: 'refused' });
    await expect(ask(new URL('http://127.0.0.1:1/'))).rejects.toBeInstanceOf(Unanswered);
    for (const place of [
      'http://169.254.169.254/latest',
      'http://[fe80::1]/',
      'http://0.0.0.0/',
      'http://224.0.0.1/',
    ]) {
      await expect(ask(new URL(place)), place).rejects.toBeInstanceOf(RefusedAddress);
    }
    await expect(ask(new URL('http://127.0.0.1:7700/'), { ownPorts: [7700] })).rejects.toThrow('is Dropdesk itself');
  });
});

describe('a watched playlist', () => {
  const playlist = (sequence: number): string =>
    `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:${sequence}\n#EXTINF:2,\na.ts\n`;

  it('that has not changed is asked with its tag and read as it was', async () => {
    const asked: (string | undefined)[] = [];
    const { url } = await serve((request, response) => {
      if (request.url !== '/x') return void response.end('a segment');
      asked.push(request.headers['if-none-match']);
      if (request.headers['if-none-match'] === '"one"') response.writeHead(304).end();
      else response.writeHead(200, { etag: '"one"' }).end(playlist(5));
    });
    const ear = new Ear();
    const wire = new HlsConnector('edge', url.href, ear.doors);
    wire.setLive(true);
    wire.start();
    leave.push(() => wire.stop());
    const polls = (): Sample[] => ear.samples.filter(({ source }) => source === 'edge');
    await until('two polls', () => polls().length >= 2);
    expect(asked.slice(0, 2)).toEqual([undefined, '"one"']);
    expect(polls()[1]).toMatchObject({ data: polls()[0]?.data });
  });

  it('is found through a master playlist on the same host only', async () => {
    const { url } = await serve((request, response) => {
      response.end(request.url === '/x' ? '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n/low.m3u8\n' : playlist(9));
    });
    const ear = new Ear();
    const wire = new HlsConnector('hls', url.href, ear.doors);
    wire.start();
    leave.push(() => wire.stop());
    const { data } = await until('a reading', () => ear.samples[0]);
    expect(data).toMatchObject({ 'EXT-X-MEDIA-SEQUENCE': 9 });
  });

  it('is looked for anew where it was written once the variant answers nothing', async () => {
    let variant = '/gone.m3u8';
    const { url } = await serve((request, response) => {
      if (request.url === '/x') response.end(`#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${variant}\n`);
      else if (request.url === '/low.m3u8') response.end(playlist(9));
      else response.writeHead(404).end();
    });
    const ear = new Ear();
    const wire = new HlsConnector('hls', url.href, ear.doors);
    wire.setLive(true);
    wire.start();
    leave.push(() => wire.stop());
    await until('the dead end', () => ear.samples[0]);
    expect(ear.samples[0]).toMatchObject({ data: { status: 404 } });
    variant = '/low.m3u8';
    await until('the playlist', () => ear.samples.some(({ data }) => (data as { status: number }).status === 200));
  });

  it('that is garbage is a failed poll, said in a sentence', async () => {
    const { url } = await serve((_, response) => response.end('<html>'));
    const ear = new Ear();
    const wire = new HlsConnector('hls', url.href, ear.doors);
    wire.start();
    leave.push(() => wire.stop());
    await until('a poll', () => ear.samples.length > 0);
    expect(ear.samples[0]).toMatchObject({ error: 'closed' });
    expect(ear.last()).toMatchObject({ state: 'down', message: 'The answer is not a playlist.' });
  });
});

describe('a knock at an ingest', () => {
  async function door(greet: (socket: Socket) => void): Promise<URL> {
    const { port, close } = await openDoor(greet);
    leave.push(close);
    return new URL(`rtmp://127.0.0.1:${port}/`);
  }

  it('is heard by a server that shakes hands', async () => {
    const url = await door((socket) => socket.once('data', (c0c1) => socket.write(Buffer.from([c0c1[0] ?? 0]))));
    expect(await knock(url)).toMatchObject({ connectMs: expect.any(Number), handshakeMs: expect.any(Number) });
  });

  it('at a server that accepts and never answers ends within a second, and says which half failed', async () => {
    const url = await door(() => undefined);
    const began = performance.now();
    expect(await knock(url)).toMatchObject({ connectMs: expect.any(Number), handshakeError: 'timeout' });
    expect(performance.now() - began).toBeLessThan(1500);
  });

  it('at a closed door is refused, and an rtmps door is only touched', async () => {
    expect(await knock(new URL('rtmp://127.0.0.1:1/'))).toEqual({ error: 'refused' });
    const url = await door(() => undefined);
    expect(await knock(new URL(url.href.replace('rtmp:', 'rtmps:')))).toEqual({ connectMs: expect.any(Number) });
  });
});
