import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../kit/hub.ts';
import { type Detection, OBS_FAULTS, type RigFault, WAY_FAULTS, detect, detectionTable } from './faults.ts';
import { readRecording } from './recordings.ts';
import { type StreamShow, startShow } from './show.ts';

/** One real show through a healthy stretch and every fault of the rig. The steps build on one another. */

const SETTLE_MS = 20_000;
const HEALTHY_MS = 30_000;
/** Ten seconds of calm are asked, and OBS or the playlist need a while to find back. */
const RECOVERY_MS = 45_000;
const FRAME_MS = 100;
/** A busy machine without a graphics card skips some. */
const FRAMES_LOST = 5;

let show: StreamShow;
const found: Detection[] = [];

beforeAll(async () => {
  show = await startShow();
});
afterAll(async () => {
  console.log(detectionTable(found));
  await show.stop();
});

it('a healthy stretch raises nothing: the control of every fault below', async () => {
  await until('the hub to reach OBS', async () => (await show.stream()).sources.obs?.level === 'off');
  await show.rig.startStream();
  await show.rig.hand.call('StartRecord', undefined, 5000);
  await show.rig.flowing();
  await show.pause(SETTLE_MS);
  expect(await show.complaints(HEALTHY_MS)).toEqual([]);
  const { level, sources } = await show.stream();
  expect(level).toBe('ok');
  expect(sources.rtmp?.metrics['ingestListed']).toBe(true);
  expect(sources.rtmp?.metrics['ingestKbps']).toBeGreaterThan(50);
  expect(sources.obs?.metrics['droppedPct']).toBe(0);
  expect(sources.hls?.metrics['status']).toBe(200);
  expect(sources.edge?.metrics['edgeLagSegments']).toBeLessThanOrEqual(1);
  expect(sources.network?.metrics['ingestHandshakeMs']).toBeGreaterThan(0);
});

it.each(WAY_FAULTS)('$name is on the desk in time, with its cause', (fault) => prove(fault));

it('the recording has gone on through all of that without a gap', async () => {
  const { outputDuration } = await show.rig.hand.call('GetRecordStatus', undefined, 5000);
  const { outputPath } = await show.rig.hand.call('StopRecord', undefined, 5000);
  const stopped = await until('the stop as a fact', async () =>
    (await show.facts()).find(({ kind }) => kind === 'recording.stopped'),
  );
  expect(stopped.body).toMatchObject({ path: outputPath });
  const recorded = await readRecording(String(outputPath));
  expect(recorded.longestGapMs).toBeLessThanOrEqual(FRAMES_LOST * FRAME_MS);
  expect(Math.abs(recorded.lengthMs - Number(outputDuration))).toBeLessThan(1000);
  await show.rig.hand.call('StartRecord', undefined, 5000);
});

it('every one of them is an incident in the ledger that has ended', async () => {
  const ended = async (): Promise<number> =>
    (await show.facts()).filter(({ kind }) => kind === 'stream.recovered').length;
  await until('their ends', async () => (await ended()) >= WAY_FAULTS.length, RECOVERY_MS);
});

it.each(OBS_FAULTS)('$name is on the desk in time, with its cause', (fault) => prove(fault));

it('OBS that froze and died is an incident too', async () => {
  const facts = await show.facts();
  const began = facts.filter(({ kind }) => kind === 'stream.degraded');
  expect(began.length).toBeGreaterThan(WAY_FAULTS.length);
  expect(began.some(({ body }) => (body as { layer: string }).layer === 'obs')).toBe(true);
  expect(facts.filter(({ kind }) => kind === 'recording.started')).toHaveLength(2);
});

it('measurements are there for the chart, and the stream key is nowhere in what the hub wrote', async () => {
  const { columns, rows } = await show.hub.get<{ columns: string[]; rows: unknown[] }>(
    '/api/samples?source=obs&points=5000',
  );
  expect(columns).toContain('bitrateKbps');
  expect(rows.length).toBeGreaterThan(60);
  expect(show.hub.stderr.join('\n')).not.toContain(show.rig.streamKey);
  expect(JSON.stringify(await show.facts())).not.toContain(show.rig.streamKey);
  expect(JSON.stringify(await show.hub.state())).not.toContain(show.rig.streamKey);
});

async function prove(fault: RigFault): Promise<void> {
  await until(
    `${fault.layer} to be well`,
    async () => (await show.stream()).layers[fault.layer]?.level === 'ok',
    RECOVERY_MS,
  );
  const detection = await detect(show, fault, false);
  found.push(detection);
  for (const { ms, withinMs } of detection.tookMs) expect(ms).toBeLessThanOrEqual(withinMs);
  expect(fault.causes).toContain(detection.cause);
}
