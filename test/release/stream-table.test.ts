import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../kit/hub.ts';
import { type Detection, OBS_FAULTS, WAY_FAULTS, detect, detectionTable } from '../stream/faults.ts';
import { readRecording } from '../stream/recordings.ts';
import { type StreamShow, startShow } from '../stream/show.ts';

/**
 * The faults of the stream suite with packets that are really lost (a network namespace, so root), and with the patience
 * to see what OBS notices by itself. One table is printed.
 */
const RECOVERY_MS = 60_000;
const OUTAGE_MS = 30_000;
const BACK_WITHIN_MS = 10_000;

describe.skipIf(process.getuid?.() !== 0)('on a laptop whose link loses every packet', () => {
  let show: StreamShow;
  const found: Detection[] = [];

  beforeAll(async () => {
    show = await startShow({ uplink: 'namespaces' });
    await until('the hub to reach OBS', async () => (await show.stream()).sources.obs?.level === 'off');
    await show.rig.startStream();
    await show.rig.hand.call('StartRecord', undefined, 5000);
    await show.rig.flowing();
    await show.pause(20_000);
  });
  afterAll(async () => {
    console.log(detectionTable(found));
    await show.stop();
  });

  it('a healthy minute raises nothing', async () => {
    expect(await show.complaints(60_000)).toEqual([]);
  });

  it.each(WAY_FAULTS)('$name', async (fault) => {
    await until('calm', async () => (await show.stream()).level === 'ok', RECOVERY_MS);
    await show.pause(fault.layer === 'delivery' ? 0 : 5000);
    const detection = await detect(show, fault, true);
    found.push(detection);
    for (const { ms, withinMs } of detection.tookMs) expect(ms).toBeLessThanOrEqual(withinMs);
    expect(fault.causes).toContain(detection.cause);
  });

  it('after an outage of 30 s bytes arrive again within 10 s, and the recording has no gap', async () => {
    await until('calm', async () => (await show.stream()).level === 'ok', RECOVERY_MS);
    show.rig.uplink.set({ kind: 'swallow' });
    await show.pause(OUTAGE_MS);
    show.rig.uplink.set({ kind: 'none' });
    const back = performance.now();
    await until(
      'bytes at the ingest',
      async () => Number((await show.stream()).sources.rtmp?.metrics['ingestKbps']) > 50,
      30_000,
    );
    const took = performance.now() - back;
    console.log(`after 30 s without network: bytes at the ingest ${Math.round(took)} ms after it was back`);
    expect(took).toBeLessThan(BACK_WITHIN_MS);
    const { outputPath } = await show.rig.hand.call('StopRecord', undefined, 5000);
    expect((await readRecording(String(outputPath))).longestGapMs).toBeLessThanOrEqual(500);
    // OBS is still closing the file.
    await show.pause(2000);
    await show.rig.hand.call('StartRecord', undefined, 5000);
  });

  it.each(OBS_FAULTS)('$name', async (fault) => {
    await until('calm', async () => (await show.stream()).level === 'ok', RECOVERY_MS);
    const detection = await detect(show, fault, true);
    found.push(detection);
    for (const { ms, withinMs } of detection.tookMs) expect(ms).toBeLessThanOrEqual(withinMs);
    expect(fault.causes).toContain(detection.cause);
  });
});
