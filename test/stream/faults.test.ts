import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../kit/hub.ts';
import { type Detection, RIG_FAULTS, detect, detectionTable } from './faults.ts';
import { type StreamShow, startShow } from './show.ts';

/** One real show through a healthy stretch and every fault of the rig. The steps build on one another. */

const SETTLE_MS = 20_000;
const HEALTHY_MS = 30_000;
/** Ten seconds of calm are asked, and OBS or the playlist need a while to find back. */
const RECOVERY_MS = 45_000;

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

it.each(RIG_FAULTS)('$name is on the desk in time, with its cause, and is over when it is healed', async (fault) => {
  await until('calm', async () => (await show.stream()).level === 'ok', RECOVERY_MS);
  const detection = await detect(show, fault, false);
  found.push(detection);
  for (const { ms, withinMs } of detection.tookMs) expect(ms).toBeLessThanOrEqual(withinMs);
  expect(fault.causes).toContain(detection.cause);
});
