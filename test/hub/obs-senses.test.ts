import { afterEach, expect, it } from 'vitest';
import { ObsConnector, type ObsSenses } from '../../src/hub/connectors/obs.ts';
import { type FakeObs, type FakeObsOptions, startFakeObs } from '../../src/hub/demo/fake-obs.ts';
import type { Levels, Sample } from '../../src/hub/doors.ts';
import { until } from '../kit/hub.ts';

/** What the wire to OBS sees and hears beside the figures (STR-6, STR-7), and when it leaves OBS alone. */

const leave: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of leave.splice(0).toReversed()) await step();
});

interface Watched {
  obs: FakeObs;
  wire: ObsConnector;
  samples: Sample[];
  of: (source: string) => Sample[];
  asked: (requestType: string) => number;
}

async function watched(senses: Partial<ObsSenses> = {}, options: FakeObsOptions = {}): Promise<Watched> {
  const obs = await startFakeObs(options);
  const samples: Sample[] = [];
  const doors = {
    readNow: () => ({ at: Date.now(), mono: Math.round(performance.now()), boot: 'b', t: Date.now() }),
    report: () => undefined,
    log: () => undefined,
    ownPorts: () => [],
    measure: (sample: Sample) => void samples.push(sample),
    readSecret: () => null,
    onSetup: () => undefined,
  };
  const wire = new ObsConnector(obs.url, doors, { watchesPicture: () => true, audioInputs: [], ...senses });
  leave.push(
    () => obs.close().catch(() => undefined),
    () => wire.stop(),
  );
  wire.start();
  await until('a poll', () => samples.some(({ source }) => source === 'obs'));
  return {
    ...{ obs, wire, samples },
    of: (source) => samples.filter((sample) => sample.source === source),
    asked: (requestType) => obs.requests().filter((request) => request.requestType === requestType).length,
  };
}

const rest = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

it('the scene at connecting is told as an event, before the first figures', async () => {
  const { samples } = await watched();
  expect(samples[0]).toMatchObject({
    source: 'obs-event',
    data: { eventType: 'CurrentProgramSceneChanged', eventData: { sceneName: 'Live' } },
  });
});

it('while live the program is looked at every two seconds, and follows the scene', { timeout: 15_000 }, async () => {
  const { wire, obs, of, asked } = await watched();
  expect(asked('GetSourceScreenshot')).toBe(0);
  wire.setLive(true);
  const first = await until('a picture', () => of('picture')[0]);
  expect(first.data).toMatchObject({ scene: 'Live' });
  expect(Object.keys(first.data as object).toSorted()).toEqual(['hash', 'meanLuma', 'scene']);
  await wire.request('SetCurrentProgramScene', { sceneName: 'Slate' }, 1000);
  const slate = await until('the slate', () =>
    of('picture').find(({ data }) => (data as { scene: string }).scene === 'Slate'),
  );
  expect(slate.ms - first.ms).toBeGreaterThan(1800);
  const question = obs.requests().findLast(({ requestType }) => requestType === 'GetSourceScreenshot');
  expect(question?.requestData).toEqual({ sourceName: 'Slate', imageFormat: 'png', imageWidth: 64, imageHeight: 36 });
});

it.each([
  ['off air', { isLive: false, watches: true, isStrained: false }],
  ['switched off', { isLive: true, watches: false, isStrained: false }],
  ['while OBS cannot keep up with drawing', { isLive: true, watches: true, isStrained: true }],
])('no picture is asked for %s', async (_, { isLive, watches, isStrained }) => {
  const { wire, asked, samples } = await watched({ watchesPicture: () => watches });
  wire.setStrained(isStrained);
  wire.setLive(isLive);
  await rest(2600);
  expect(asked('GetSourceScreenshot')).toBe(0);
  expect(samples.some(({ source }) => source === 'picture')).toBe(false);
});

it('a picture that is late is a timeout of its own; figures keep their pace', { timeout: 15_000 }, async () => {
  const { wire, obs, of } = await watched({}, { figures: { screenshotMs: 1800 } });
  wire.setLive(true);
  const late = await until('the timeout', () => of('picture')[0]);
  expect(late).toEqual({ source: 'picture', ms: late.ms, error: 'timeout' });
  const figures = of('obs').filter(({ ms }) => ms > late.ms - 1500 && ms <= late.ms);
  expect(figures.length).toBeGreaterThanOrEqual(2);
  expect(figures.every(({ error }) => error === undefined)).toBe(true);
  obs.set({ screenshotMs: 0 });
  await until('a picture', () => of('picture').at(-1)?.error === undefined);
});

it('levels are heard only while live and for the inputs that were chosen', { timeout: 15_000 }, async () => {
  const { wire, obs, of } = await watched({ audioInputs: ['Mic'] });
  await rest(300);
  expect(obs.meterings()).toBe(0);
  wire.setLive(true);
  const second = await until('a second of sound', () => of('audio')[0]);
  expect(second.data).toEqual({ input: 'Mic', peakDb: -14 });
  obs.set({ inputs: obs.figures().inputs.map((input) => ({ ...input, muted: true })) });
  await until('silence', () => (of('audio').at(-1)?.data as { peakDb: number }).peakDb === -100);
  wire.setLive(false);
  await rest(200);
  const heard = obs.meterings();
  await rest(300);
  expect(obs.meterings()).toBe(heard);
});

it('somebody may listen off air for a while, to all inputs, and over a break of the connection', async () => {
  const { wire, obs, of } = await watched();
  const heard: Levels[] = [];
  const stop = wire.meter((levels) => void heard.push(levels));
  await until('levels', () => heard.length > 3);
  expect([...(heard[0] ?? [])]).toEqual([
    ['Mic', -14],
    ['Opener', -20],
  ]);
  obs.cut();
  await until('OBS again', () => wire.isConnected);
  const before = heard.length;
  await until('levels again', () => heard.length > before + 3);
  stop();
  await rest(200);
  const after = obs.meterings();
  await rest(300);
  expect(obs.meterings()).toBe(after);
  expect(of('audio')).toEqual([]);
});
