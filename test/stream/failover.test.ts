import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from './processes.ts';
import {
  bytesGrow,
  calm,
  failoverWord,
  goOnAir,
  programOf,
  proposal,
  recordedBytes,
  saidAt,
  saidSince,
  serverOf,
  settle,
  toScene,
  untilProgram,
} from './failover-rig.ts';
import { LIVE_SCENE, SLATE_SCENE } from './real-obs.ts';
import { readRecording } from './recordings.ts';
import { type StreamShow, startShow } from './show.ts';

/** Failover with a real OBS, a real ingest and a real backup: one show, whose steps build on one another. */

const PICTURE = { width: 320, height: 180, fps: 10, kbps: 400 };
const FRAME_MS = 100;

let show: StreamShow;
beforeAll(async () => {
  show = await startShow({ picture: PICTURE });
  await goOnAir(show);
  await calm(show);
});
afterAll(async () => {
  await show.stop();
});

describe('the slate', () => {
  it('is on the air within a second, and goes to the scene that was there before', async () => {
    const began = performance.now();
    const [reply, tookMs] = await Promise.all([show.hub.do('show-slate'), untilProgram(show, SLATE_SCENE, 3000)]);
    console.log(
      `slate: on after ${Math.round(tookMs)} ms, said to be done after ${Math.round(performance.now() - began)} ms`,
    );
    expect(reply['action']).toBeTruthy();
    expect(tookMs).toBeLessThanOrEqual(1000);
    expect((await show.hub.state()).failover.slateOn).toBe(true);
    await show.hub.do('clear-slate');
    expect(await programOf(show)).toBe(LIVE_SCENE);
    const slates = (await show.facts()).filter(({ kind }) => kind.startsWith('slate.')).map(({ kind }) => kind);
    expect(slates).toEqual(['slate.shown', 'slate.cleared']);
  });

  it('is not restored over what the operator has chosen meanwhile', async () => {
    await show.rig.hand.call('CreateScene', { sceneName: 'Guests' }, 5000);
    await show.hub.do('show-slate');
    await show.pause(500);
    await toScene(show, 'Guests');
    await waitFor(async () => ((await show.hub.state()).failover.slateOn ? null : true), 3000, 'the desk to notice');
    expect((await show.hub.ask('clear-slate')).ok).toBe(false);
    expect(await programOf(show)).toBe('Guests');
    await toScene(show, LIVE_SCENE);
  });
});

describe('the ingest', () => {
  it('is not switched while the streaming server still gets the stream', async () => {
    const from = show.rig.said.length;
    expect(await show.hub.ask('switch-ingest', { to: 'backup' })).toMatchObject({
      ok: false,
      refusal: { code: 'stream-is-fine' },
    });
    expect(saidSince(show, from)).toEqual([]);
  });

  it('is switched from reconnecting: a proposal after the guard, and bytes at the backup 3 s after the stop', async () => {
    await show.hub.do('arm-failover', { mode: 'confirm' });
    const from = show.rig.said.length;
    const recorded = await recordedBytes(show);
    const began = performance.now();
    show.rig.uplink.set({ kind: 'reset' });
    const { action, what, actsAt } = await proposal(show, 30_000);
    const proposedMs = performance.now() - began;
    expect({ what, actsAt }).toEqual({ what: 'switch-ingest', actsAt: null });
    // Silence never acts.
    await show.pause(1500);
    expect(saidSince(show, from)).not.toContain('STOPPING');
    const confirmed = performance.now();
    const [reply, flowsAt] = await Promise.all([
      show.hub.ask('confirm-action', { action }),
      bytesGrow(show.rig.backup.statUrl, 20_000, 'bytes at the backup'),
    ]);
    expect(reply).toMatchObject({ ok: true });
    const stopped = saidAt(show, from, 'STOPPED') ?? NaN;
    console.log(
      `switch from reconnecting: proposed after ${Math.round(proposedMs)} ms; confirmed to stopped ` +
        `${Math.round(stopped - confirmed)} ms, stopped to bytes ${Math.round(flowsAt - stopped)} ms; OBS said ${saidSince(show, from).join(' ')}`,
    );
    expect(proposedMs).toBeGreaterThanOrEqual(8000);
    expect(flowsAt - stopped).toBeLessThanOrEqual(3000);
    expect(await serverOf(show)).toBe(show.rig.backup.ingestUrl);
    expect(await recordedBytes(show)).toBeGreaterThan(recorded);
    expect((await show.hub.state()).failover).toMatchObject({ ingest: 'backup', mode: 'confirm' });
    await waitFor(
      async () => ((await failoverWord(show)) === 'live' ? true : null),
      40_000,
      'the backup to prove itself',
    );
  });

  it('goes back to the primary when a person says so, and not before', async () => {
    show.rig.uplink.set({ kind: 'none' });
    await show.pause(3000);
    expect((await show.hub.state()).failover).toMatchObject({ pending: null, ingest: 'backup' });
    await settle(show, LIVE_SCENE);
    expect(await serverOf(show)).toBe(show.rig.ingestUrl);
    expect((await show.hub.state()).failover.ingest).toBe('primary');
  });

  it('is retried by hand when the network is back and OBS still waits', async () => {
    const from = show.rig.said.length;
    show.rig.uplink.set({ kind: 'reset' });
    await waitFor(() => saidAt(show, from, 'RECONNECTING'), 10_000, 'OBS to reconnect');
    // Its back-off grows: 1, 1.5, 2.25 … s.
    await show.pause(9000);
    show.rig.uplink.set({ kind: 'none' });
    const began = performance.now();
    const [reply, flowsAt] = await Promise.all([
      show.hub.ask('retry-ingest'),
      bytesGrow(show.rig.statUrl, 20_000, 'bytes at the primary'),
    ]);
    console.log(
      `retry: ${JSON.stringify(reply)}, bytes after ${Math.round(flowsAt - began)} ms; OBS said ${saidSince(show, from).join(' ')}`,
    );
    expect(flowsAt - began).toBeLessThanOrEqual(5000);
    await calm(show);
  });
});

it('the recording has gone on through all of it without a gap, and nobody was locked out', async () => {
  const { outputPath } = await show.rig.hand.call('StopRecord', undefined, 5000);
  await show.pause(500);
  const { longestGapMs, lengthMs } = await readRecording(String(outputPath));
  console.log(`recording: ${(lengthMs / 1000).toFixed(1)} s, longest gap ${longestGapMs} ms`);
  expect(longestGapMs).toBeLessThanOrEqual(5 * FRAME_MS);
  const { failover } = await show.hub.state();
  expect(failover).toMatchObject({ mode: 'confirm', lockedWhy: null });
  expect(failover.history.map(({ state }) => state)).not.toContain('failed');
  expect(JSON.stringify(await show.facts())).not.toContain(show.rig.streamKey);
});
