import { decode } from 'fast-png';
import OBSWebSocket from 'obs-websocket-js/json';
import { afterEach, expect, it } from 'vitest';
import { knock } from '../../src/hub/net/knock.ts';
import { startFakeObs } from '../../src/hub/demo/fake-obs.ts';
import type { FakeObs, FakeObsOptions } from '../../src/hub/demo/fake-obs.ts';
import { until } from '../kit/hub.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function fakeObs(options: FakeObsOptions = {}): Promise<FakeObs> {
  const obs = await startFakeObs(options);
  opened.push(obs);
  return obs;
}
async function connected(obs: FakeObs, password?: string): Promise<OBSWebSocket> {
  const client = new OBSWebSocket();
  await client.connect(obs.url, password);
  opened.push({ close: () => client.disconnect() });
  return client;
}

it('the client that the connector uses gets plain answers, alone and in a batch', async () => {
  const obs = await fakeObs({ figures: { streaming: true, bitrateKbps: 5000 } });
  const client = await connected(obs);
  expect((await client.call('GetVersion')).obsVersion).toBe('32.0.1');
  const results = await client.callBatch([
    { requestType: 'GetStreamStatus' },
    { requestType: 'GetStats' },
    { requestType: 'GetRecordStatus' },
  ]);
  expect(results.map((result) => result.requestStatus.result)).toEqual([true, true, true]);
  expect(results[0]?.responseData).toMatchObject({ outputActive: true, outputReconnecting: false });
});

it('bytes grow at the rate that was set', async () => {
  const obs = await fakeObs({ figures: { streaming: true, bitrateKbps: 8000 } });
  const client = await connected(obs);
  const first = await client.call('GetStreamStatus');
  await new Promise((done) => setTimeout(done, 300));
  const second = await client.call('GetStreamStatus');
  const kbps = ((second.outputBytes - first.outputBytes) * 8) / (second.outputDuration - first.outputDuration);
  expect(kbps).toBeGreaterThan(7900);
  expect(kbps).toBeLessThan(8100);
});

it('a wrong password is turned away with 4009, the right one is let in', async () => {
  const obs = await fakeObs({ password: 'secret word' });
  const client = new OBSWebSocket();
  await expect(client.connect(obs.url, 'wrong')).rejects.toMatchObject({ code: 4009 });
  await expect(connected(obs, 'secret word')).resolves.toBeDefined();
});

/** What a client hears of one kind of event, as it comes. */
function heard(client: OBSWebSocket, eventType: 'StreamStateChanged' | 'RecordStateChanged'): string[] {
  const states: string[] = [];
  client.on(eventType, ({ outputState }: { outputState: string }) => {
    states.push(outputState.replace('OBS_WEBSOCKET_OUTPUT_', ''));
  });
  return states;
}

it('a stream that is stopped says so by two events, and a request nobody knows is refused by name', async () => {
  const obs = await fakeObs({ figures: { streaming: true } });
  const client = await connected(obs);
  const states = heard(client, 'StreamStateChanged');
  await client.call('StopStream');
  expect((await client.call('GetStreamStatus')).outputActive).toBe(true);
  await until('the stop', () => states.includes('STOPPED'));
  expect(states).toEqual(['STOPPING', 'STOPPED']);
  expect((await client.call('GetStreamStatus')).outputActive).toBe(false);
  await expect(client.call('GetHotkeyList')).rejects.toThrow('GetHotkeyList');
});

it('takes no other service while it streams, and keeps of the same type what is not named', async () => {
  const obs = await fakeObs();
  const client = await connected(obs);
  const set = (server: string) =>
    client.call('SetStreamServiceSettings', {
      streamServiceType: 'rtmp_custom',
      streamServiceSettings: { server, key: 'k' },
    });
  await set('rtmp://127.0.0.1/backup');
  expect((await client.call('GetStreamServiceSettings')).streamServiceSettings).toEqual({
    server: 'rtmp://127.0.0.1/backup',
    key: 'k',
    use_auth: false,
  });
  await client.call('StartStream');
  await expect(set('rtmp://127.0.0.1/other')).rejects.toMatchObject({ code: 500 });
});

it('a start at a server that nobody answers at is STARTING, then STOPPED', async () => {
  const obs = await fakeObs({ figures: { deadServers: ['rtmp://'] } });
  const client = await connected(obs);
  const states = heard(client, 'StreamStateChanged');
  await client.call('StartStream');
  await until('the end', () => states.length >= 2);
  expect(states).toEqual(['STARTING', 'STOPPED']);
});

it('hung up on it reconnects when the server is back, counts from nothing and waits for its keyframe', async () => {
  const obs = await fakeObs({ figures: { streaming: true, retryMs: 50, firstByteMs: 300, deadServers: [''] } });
  const client = await connected(obs);
  const states = heard(client, 'StreamStateChanged');
  obs.hangUp();
  await new Promise((done) => setTimeout(done, 150));
  expect(await client.call('GetStreamStatus')).toMatchObject({ outputActive: true, outputReconnecting: true });
  obs.set({ deadServers: [] });
  await until('the connection', () => states.includes('RECONNECTED'));
  expect((await client.call('GetStreamStatus')).outputBytes).toBe(0);
  await until('bytes', async () => (await client.call('GetStreamStatus')).outputBytes > 0);
  expect(states).toEqual(['RECONNECTING', 'RECONNECTED']);
});

it('shows its scenes: one moves, one is still, one is black, and one that it lacks is refused', async () => {
  const obs = await fakeObs({
    figures: { scenes: ['Live', 'Slate', 'Off'], pictures: { Slate: 'still', Off: 'black' } },
  });
  const client = await connected(obs);
  const shot = async (sourceName: string): Promise<string> =>
    (await client.call('GetSourceScreenshot', { sourceName, imageFormat: 'png', imageWidth: 64, imageHeight: 36 }))
      .imageData;
  const first = await Promise.all([shot('Live'), shot('Slate'), shot('Off')]);
  await new Promise((done) => setTimeout(done, 60));
  const second = await Promise.all([shot('Live'), shot('Slate'), shot('Off')]);
  expect(first[0]).not.toBe(second[0]);
  expect(first.slice(1)).toEqual(second.slice(1));
  const black = decode(Buffer.from((first[2] ?? '').replace('data:image/png;base64,', ''), 'base64'));
  expect(black).toMatchObject({ width: 64, height: 36 });
  expect(Math.max(...black.data)).toBe(0);
  await expect(shot('slate')).rejects.toMatchObject({ code: 600 });
  await expect(client.call('SetCurrentProgramScene', { sceneName: 'slate' })).rejects.toMatchObject({ code: 600 });
  expect(obs.figures().scene).toBe('Live');
});

it('tells levels only to those who asked, and nothing of an input that is muted', async () => {
  const obs = await fakeObs();
  const client = await connected(obs);
  const levels: { inputName: string; inputLevelsMul: number[][] }[][] = [];
  client.on('InputVolumeMeters', ({ inputs }) => void levels.push(inputs as unknown as (typeof levels)[number]));
  await new Promise((done) => setTimeout(done, 150));
  expect(levels).toEqual([]);
  await client.reidentify({ eventSubscriptions: 1 << 16 });
  await until('levels', () => levels.length >= 2);
  expect(levels[0]?.map(({ inputName }) => inputName)).toEqual(['Mic', 'Opener']);
  expect(20 * Math.log10(levels[0]?.[0]?.inputLevelsMul[0]?.[1] ?? 0)).toBeCloseTo(-14);
  await client.call('SetInputMute', { inputName: 'Mic', inputMuted: true });
  levels.length = 0;
  await until('silence', () => levels.at(-1)?.[0]?.inputLevelsMul[0]?.[1] === 0);
});

it('remembers what it was asked, also inside a batch', async () => {
  const obs = await fakeObs();
  const client = await connected(obs);
  await client.callBatch([{ requestType: 'GetStats' }, { requestType: 'StartRecord' }]);
  await client.call('SetCurrentProgramScene', { sceneName: 'Slate' });
  expect(obs.requests()).toEqual([
    { requestType: 'GetStats', requestData: {} },
    { requestType: 'StartRecord', requestData: {} },
    { requestType: 'SetCurrentProgramScene', requestData: { sceneName: 'Slate' } },
  ]);
});

it('claims to stream to a door that answers a knock, so that a demo reaches nobody outside', async () => {
  const obs = await fakeObs();
  const client = await connected(obs);
  const { streamServiceSettings } = await client.call('GetStreamServiceSettings');
  expect(new URL(String(streamServiceSettings['server'])).hostname).toBe('127.0.0.1');
  const answer = await knock(new URL(String(streamServiceSettings['server'])));
  expect(answer).toHaveProperty('handshakeMs');
});

it('frozen it accepts and never answers; thawed it answers again', async () => {
  const obs = await fakeObs();
  const client = await connected(obs);
  obs.freeze();
  const answered = client.call('GetStats').then(() => 'answered');
  const silence = new Promise((done) => setTimeout(() => done('silence'), 200));
  expect(await Promise.race([answered, silence])).toBe('silence');
  obs.thaw();
  await expect(client.call('GetStats')).resolves.toBeDefined();
});
