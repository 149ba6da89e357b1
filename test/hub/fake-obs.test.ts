import OBSWebSocket from 'obs-websocket-js/json';
import { afterEach, expect, it } from 'vitest';
import { knock } from '../../src/hub/net/knock.ts';
import { startFakeObs } from '../../src/hub/demo/fake-obs.ts';
import type { FakeObs, FakeObsOptions } from '../../src/hub/demo/fake-obs.ts';

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

it('a stream that is stopped says so by an event, and a request nobody knows is refused by name', async () => {
  const obs = await fakeObs({ figures: { streaming: true } });
  const client = await connected(obs);
  const stopped = new Promise((done) => client.once('StreamStateChanged', done));
  await client.call('StopStream');
  expect(await stopped).toEqual({ outputActive: false, outputState: 'OBS_WEBSOCKET_OUTPUT_STOPPED' });
  await expect(client.call('GetHotkeyList')).rejects.toThrow('GetHotkeyList');
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
