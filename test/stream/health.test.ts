import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../kit/hub.ts';
import { signal } from './processes.ts';
import { type StreamShow, startShow } from './show.ts';

/** One real show, from a healthy minute through a frozen ingest to a killed OBS. The steps build on one another. */

const SETTLE_MS = 30_000;
const HEALTHY_MS = 60_000;

let show: StreamShow;
const measured: string[] = [];

beforeAll(async () => {
  show = await startShow();
});
afterAll(async () => {
  console.log(measured.join('\n'));
  await show.stop();
});

it('a healthy minute, from half a minute after the start, raises nothing', async () => {
  await until('the hub to reach OBS', async () => (await show.stream()).sources.obs?.level === 'off');
  await show.rig.startStream();
  await show.rig.hand.call('StartRecord', undefined, 5000);
  const onAir = await show.timeUntil('transport', 'ok', 5000);
  measured.push(`on air and judged ${onAir} ms after StartStream`);
  await sleep(SETTLE_MS);
  expect(await show.complaints(HEALTHY_MS)).toEqual([]);
  const { level, sources } = await show.stream();
  expect(level).toBe('ok');
  expect(sources.rtmp?.metrics['ingestListed']).toBe(true);
  expect(sources.rtmp?.metrics['ingestKbps']).toBeGreaterThan(50);
  expect(sources.obs?.metrics['droppedPct']).toBe(0);
  expect(sources.hls?.metrics['status']).toBe(200);
  expect(sources.network?.metrics['ingestHandshakeMs']).toBeGreaterThan(0);
});

it('the stream and the recording are facts, and the recording has its file when it stops', async () => {
  const { outputPath } = await show.rig.hand.call('StopRecord', undefined, 5000);
  const stopped = await until('the stop as a fact', async () =>
    (await show.facts()).find(({ kind }) => kind === 'recording.stopped'),
  );
  expect(stopped.body).toMatchObject({ path: outputPath });
  const facts = await show.facts();
  const started = facts.find((fact) => fact.kind === 'recording.started');
  expect(started?.body).toMatchObject({
    run: `rec${started?.seq}`,
    fps: { num: 10, den: 1 },
    width: 320,
    height: 180,
    encoder: 'shared',
    obsVersion: '29.0.2',
    folder: show.rig.recordFolder,
  });
  expect(facts.filter(({ kind }) => kind === 'stream.started')).toHaveLength(1);
  await show.rig.hand.call('StartRecord', undefined, 5000);
});

it('an ingest that freezes is critical on the desk within four seconds, and recovers when it thaws', async () => {
  // Control: the same wait without the fault finds nothing.
  await expect(show.timeUntil('transport', 'critical', 4000)).rejects.toThrow('transport is not critical');
  const workers = show.rig.ingestWorkers();
  expect(workers.length).toBeGreaterThan(0);
  for (const pid of workers) signal(pid, 'SIGSTOP');
  const took = await show.timeUntil('transport', 'critical', 6000);
  measured.push(`ingest frozen → critical in ${took} ms`);
  expect(took).toBeLessThanOrEqual(4000);
  expect((await show.stream()).layers.transport?.cause).toBe('ingest-wedged');
  for (const pid of workers) signal(pid, 'SIGCONT');
  const calm = await show.timeUntil('transport', 'ok', 30_000);
  measured.push(`ingest thawed → ok in ${calm} ms (10 s of calm asked)`);
  const recovered = await until('the recovery as a fact', async () =>
    (await show.facts()).find((fact) => fact.kind === 'stream.recovered' && fact.body.layer === 'transport'),
  );
  expect(recovered.body).toMatchObject({ worst: 'critical', causes: ['ingest-wedged'] });
});

it('an OBS that is killed is critical on the desk within two seconds, and its recording is lost, not stopped', async () => {
  await expect(show.timeUntil('obs', 'critical', 2000)).rejects.toThrow('obs is not critical');
  signal(show.rig.obsPid, 'SIGKILL');
  const took = await show.timeUntil('obs', 'critical', 6000);
  measured.push(`OBS killed → critical in ${took} ms`);
  expect(took).toBeLessThanOrEqual(2000);
  const { cause, message } = await show.stream();
  expect({ cause, message }).toEqual({ cause: 'obs-gone', message: 'OBS is closed or crashed.' });
  const opened = await until('the incident as a fact', async () =>
    (await show.facts()).find((fact) => fact.kind === 'stream.degraded' && fact.body.layer === 'obs'),
  );
  expect(opened.body).toMatchObject({ level: 'critical', incident: `i${opened.seq}` });
});

it('measurements are there for the chart, and the stream key is nowhere in what the hub wrote', async () => {
  const { columns, rows } = await show.hub.get<{ columns: string[]; rows: unknown[] }>(
    '/api/samples?source=obs&points=5000',
  );
  expect(columns).toContain('bitrateKbps');
  expect(rows.length).toBeGreaterThan(60);
  expect(show.hub.stderr.join('\n')).not.toContain(show.rig.streamKey);
  const plan = (kind: string): boolean => kind === 'plan.adopted';
  const news = (await show.facts()).filter(({ kind }) => !plan(kind));
  expect(JSON.stringify(news)).not.toContain(show.rig.streamKey);
});
