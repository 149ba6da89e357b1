import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Entry, FactKind, OriginFact } from '../../src/domain/ledger.ts';
import { NO_STREAM } from '../../src/domain/plan-upgrade.ts';
import type { StreamPlan } from '../../src/domain/plan.ts';
import { type ShowState, evolve, initialShow } from '../../src/domain/show.ts';
import { HubClock } from '../../src/hub/clock.ts';
import { type FakeObs, startFakeObs } from '../../src/hub/demo/fake-obs.ts';
import { StreamWatch } from '../../src/hub/watch.ts';
import { until } from '../kit/hub.ts';
import { UNHEARD } from '../kit/watch-doors.ts';

/** The hall's watch with an OBS that does what it is told: which facts end up in the ledger. */

let obs: FakeObs;
let show: ShowState;
let ledger: Entry[];
let watch: StreamWatch;
let clock: HubClock;
let diskIsFull = false;

function record(facts: readonly OriginFact[]): Entry[] {
  if (diskIsFull) throw new Error('disk full');
  return facts.map((fact) => {
    expect(ledger.some(({ origin, originId }) => origin === fact.origin && originId === fact.originId)).toBe(false);
    const { at, mono, boot } = clock.read();
    const entry = { ...fact, seq: show.seq + 1, at, mono, boot, prevHash: '', hash: '' } as Entry;
    evolve(show, entry);
    ledger.push(entry);
    return entry;
  });
}

function startWatch(): StreamWatch {
  clock = new HubClock();
  return new StreamWatch({
    ...UNHEARD,
    readNow: () => clock.read(show.clock),
    readShow: () => show,
    record,
  });
}

const plan = (): StreamPlan => ({
  ...NO_STREAM,
  obs: { url: obs.url },
});

const facts = (kind: FactKind): Entry[] => ledger.filter((entry) => entry.kind === kind);
const fact = (kind: FactKind, nth = 1): Promise<Entry> => until(`${kind} no. ${nth}`, () => facts(kind)[nth - 1]);

beforeEach(async () => {
  obs = await startFakeObs();
  diskIsFull = false;
  show = initialShow('s');
  show.phase = 'live';
  ledger = [];
  watch = startWatch();
});
afterEach(async () => {
  await watch.stop();
  await obs.close().catch(() => undefined);
});

const state = (name: string, more: object = {}): Record<string, unknown> => ({
  outputActive: name === 'STARTED',
  outputState: `OBS_WEBSOCKET_OUTPUT_${name}`,
  ...more,
});

describe('a recording', () => {
  async function recording(): Promise<Entry> {
    await watch.restart(plan());
    await until('OBS', () => watch.view(clock.read()).sources.obs?.level === 'off');
    obs.set({ recording: true });
    obs.emit('RecordStateChanged', state('STARTED', { outputPath: '/rec/a.mkv' }));
    return fact('recording.started');
  }

  it('is named by its seq and knows its first file, its pauses, its splits and its stop', async () => {
    const started = await recording();
    expect(started.body).toMatchObject({ run: `rec${started.seq}`, path: '/rec/a.mkv', fps: { num: 30, den: 1 } });
    obs.set({ recordPaused: true });
    obs.emit('RecordStateChanged', state('PAUSED'));
    await fact('recording.paused');
    obs.set({ recordPaused: false });
    obs.emit('RecordStateChanged', state('RESUMED'));
    await fact('recording.resumed');
    obs.emit('RecordFileChanged', { newOutputPath: '/rec/b.mkv' });
    expect((await fact('recording.split')).body).toMatchObject({ index: 1, path: '/rec/b.mkv' });
    obs.emit('RecordStateChanged', state('STOPPING'));
    obs.set({ recording: false });
    obs.emit('RecordStateChanged', state('STOPPED', { outputPath: '/rec/a.mkv' }));
    expect((await fact('recording.stopped')).body).toMatchObject({ path: '/rec/a.mkv' });
    expect(show.stream.runs).toHaveLength(1);
    expect(show.stream.recording).toBeNull();
    await new Promise((done) => setTimeout(done, 1500));
    expect(facts('recording.started')).toHaveLength(1);
  });

  it('that runs when the hub comes back is the same run', async () => {
    await recording();
    await new Promise((done) => setTimeout(done, 1200));
    await watch.stop();
    watch = startWatch();
    await watch.restart(plan());
    await until('the recording', () => watch.recording(clock.read()).active);
    await new Promise((done) => setTimeout(done, 500));
    expect(facts('recording.started')).toHaveLength(1);
    expect(facts('recording.lost')).toHaveLength(0);
  });

  it('that was another when the hub comes back ends at its last sample, and a new run begins', async () => {
    await recording();
    await watch.stop();
    const run = show.stream.recording;
    if (run) run.noticedAt -= 600_000;
    watch = startWatch();
    await watch.restart(plan());
    await fact('recording.lost');
    const second = await fact('recording.started', 2);
    expect(second.body).toMatchObject({ run: `rec${second.seq}`, path: null });
  });

  it('of an OBS that dies is lost when OBS is back without it', async () => {
    await recording();
    await until('a figure', () => watch.recording(clock.read()).active);
    const port = Number(new URL(obs.url).port);
    await obs.close();
    obs = await startFakeObs({ port });
    expect((await fact('recording.lost')).body).toMatchObject({ run: 'rec2' });
    expect(facts('recording.stopped')).toHaveLength(0);
  });

  it('that began before the show opened is taken on when it opens', async () => {
    show.phase = 'planned';
    obs.set({ recording: true, streaming: true });
    await watch.restart(plan());
    await until('the recording', () => watch.recording(clock.read()).active);
    expect(ledger).toEqual([]);
    show.phase = 'live';
    await fact('recording.started');
    await fact('stream.started');
  });
});

describe('incidents', () => {
  it('are opened with the verdict, named by their seq, and closed when it is calm', async () => {
    obs.set({ streaming: true, recording: true });
    await watch.restart(plan());
    await fact('stream.started');
    obs.freeze();
    const opened = await fact('stream.degraded');
    expect(opened.body).toMatchObject({ incident: `i${opened.seq}`, layer: 'obs', cause: 'obs-frozen' });
    expect(JSON.stringify((opened.body as { snapshot: object }).snapshot).length).toBeLessThanOrEqual(2000);
    obs.thaw();
    const ended = await fact('stream.recovered');
    expect(ended.body).toMatchObject({ incident: `i${opened.seq}`, layer: 'obs' });
    const own = ledger.filter(({ kind }) => /^stream\.(degraded|worsened|eased|explained|recovered)$/.test(kind));
    const apart = own.slice(1).map(({ mono }, i) => mono - (own[i]?.mono ?? 0));
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(4990);
  });

  it(
    'that were open before a restart of the hub are not opened again, and end when OBS is calm',
    { timeout: 40_000 },
    async () => {
      obs.set({ streaming: true, recording: true });
      await watch.restart(plan());
      await fact('stream.started');
      obs.freeze();
      await fact('stream.degraded');
      await watch.stop();
      obs.thaw();
      watch = startWatch();
      await watch.restart(plan());
      await until('the recovery', () => facts('stream.recovered')[0], 20_000);
      expect(facts('stream.degraded')).toHaveLength(1);
      expect(show.stream.open.size).toBe(0);
    },
  );

  it('that cannot be saved are tried again, and written once', async () => {
    obs.set({ streaming: true });
    diskIsFull = true;
    await watch.restart(plan());
    await until('OBS', () => watch.view(clock.read()).level === 'ok');
    diskIsFull = false;
    await fact('stream.started');
    await new Promise((done) => setTimeout(done, 1200));
    expect(facts('stream.started')).toHaveLength(1);
  });
});

it('a stop by hand is told from a stream that gave up', async () => {
  obs.set({ streaming: true });
  await watch.restart(plan());
  await fact('stream.started');
  obs.emit('StreamStateChanged', state('STOPPING'));
  obs.set({ streaming: false });
  obs.emit('StreamStateChanged', state('STOPPED'));
  expect((await fact('stream.stopped')).body).toMatchObject({ by: 'operator' });
  obs.set({ streaming: true });
  obs.emit('StreamStateChanged', state('STARTED'));
  await fact('stream.started', 2);
  await new Promise((done) => setTimeout(done, 600));
  obs.set({ streaming: false });
  obs.emit('StreamStateChanged', state('STOPPED'));
  expect((await fact('stream.stopped', 2)).body).toMatchObject({ by: 'gave-up' });
});

it('the same plan again changes nothing; no plan is off', async () => {
  await watch.restart(plan());
  await until('OBS', () => watch.view(clock.read()).sources.obs?.level === 'off');
  const before = watch.view(clock.read()).sources.obs?.ageMs;
  await watch.restart(plan());
  expect(watch.view(clock.read()).sources.obs?.ageMs).toBeGreaterThanOrEqual(before ?? NaN);
  await watch.restart(null);
  expect(watch.view(clock.read())).toMatchObject({ level: 'off', sources: {}, layers: {} });
});

it('scenes are facts, each once', async () => {
  await watch.restart(plan());
  await fact('scene.changed');
  obs.emit('CurrentProgramSceneChanged', { sceneName: 'Slate' });
  obs.emit('CurrentProgramSceneChanged', { sceneName: 'Slate' });
  expect((await fact('scene.changed', 2)).body).toEqual({ scene: 'Slate' });
  expect(facts('scene.changed')).toHaveLength(2);
});
