import { afterEach, describe, expect, it } from 'vitest';
import { DESK } from '../../src/domain/actor.ts';
import { openDeeds } from '../../src/domain/failover/failover-record.ts';
import type { ObsFigures } from '../../src/hub/demo/fake-obs-figures.ts';
import { until } from '../kit/hub.ts';
import { BACKUP_KEY, FailoverStand, KEY, startDoor, startStat } from './failover-kit.ts';

/** Failover with an OBS that does what it is told: commands of people, modes, and what ends up in the ledger. */

let stand: FailoverStand;
const open: { close: () => unknown }[] = [];

async function start(figures: Partial<ObsFigures> = {}, plan: Parameters<typeof FailoverStand.start>[1] = {}) {
  stand = await FailoverStand.start({ streaming: true, ...figures }, plan);
  return stand;
}
async function withBackup(figures: Partial<ObsFigures> = {}) {
  const backup = await startDoor();
  open.push(backup);
  await start(figures, { backupIngest: backup.url });
  return backup;
}

afterEach(async () => {
  await stand.stop();
  for (const one of open.splice(0)) await one.close();
});

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
const refusalOf = (decision: unknown) => (decision as { refusal?: { code: string; message: string } }).refusal;

describe('a slate for people', () => {
  it('is on the air within a second, is read back, and gives the scene back', async () => {
    await start();
    await stand.state('live');
    const from = performance.now();
    const shown = await stand.ask({ what: 'show-slate' });
    expect(shown).toMatchObject({ ok: true, reply: { action: expect.stringMatching(/^f\d+$/) as string } });
    expect(performance.now() - from).toBeLessThan(1000);
    expect(stand.obs.figures().scene).toBe('Slate');
    expect(stand.facts('failover.started').at(-1)?.body).toMatchObject({
      what: 'show-slate',
      from: 'Live',
      to: 'Slate',
      by: 'desk',
    });
    expect(stand.facts('slate.shown').at(-1)?.body).toMatchObject({
      scene: 'Slate',
      by: 'dropdesk',
      remembered: 'Live',
    });
    await until('the slate on the desk', () => stand.view.slateOn);
    expect(refusalOf(await stand.ask({ what: 'show-slate' }))?.code).toBe('no-slate');
    expect(await stand.ask({ what: 'clear-slate' })).toMatchObject({ ok: true });
    expect(stand.obs.figures().scene).toBe('Live');
    expect(stand.facts('slate.cleared')).toHaveLength(1);
    await sleep(600);
    expect(stand.view.state).toBe('live');
    expect(stand.facts('slate.shown')).toHaveLength(1);
  });

  it('goes back to the same scene after a restart of the hub', async () => {
    await start({ scenes: ['Live', 'Slate', 'Wide'], scene: 'Wide' });
    await stand.ask({ what: 'show-slate' });
    await stand.kill();
    await stand.boot();
    await until('the slate on the desk', () => stand.view.slateOn);
    expect(await stand.ask({ what: 'clear-slate' })).toMatchObject({ ok: true });
    expect(stand.obs.figures().scene).toBe('Wide');
  });

  it('is refused with a sentence', async () => {
    await start({ scenes: ['Live', 'slate', 'Slate '] });
    const missing = refusalOf(await stand.ask({ what: 'show-slate' }));
    expect(missing).toMatchObject({ code: 'scene-missing' });
    expect(missing?.message).toContain('“Slate”');
    expect(stand.obs.figures().scene).toBe('Live');
    expect(refusalOf(await stand.ask({ what: 'clear-slate' }))?.code).toBe('no-slate');
    await stand.obs.close();
    await until('OBS to be away', () => stand.view.can['show-slate'].why?.startsWith('OBS is not connected'));
    expect(refusalOf(await stand.ask({ what: 'show-slate' }))?.code).toBe('obs-away');
  });

  it('is told when it is the operator who shows and clears it', async () => {
    await start();
    await stand.state('live');
    for (const scene of ['Slate', 'Live']) {
      stand.obs.set({ scene });
      stand.obs.emit('CurrentProgramSceneChanged', { sceneName: scene });
      await sleep(200);
    }
    expect(stand.facts('slate.shown').map(({ body }) => body)).toEqual([
      { scene: 'Slate', by: 'operator', action: null, remembered: 'Live' },
    ]);
    expect(stand.facts('slate.cleared').map(({ body }) => body)).toEqual([
      { scene: 'Live', by: 'operator', action: null },
    ]);
  });
});

describe('a switch to the backup', () => {
  it('from reconnecting brings bytes within three seconds, and the recording runs on', async () => {
    const backup = await withBackup({ firstByteMs: 1000 });
    await stand.state('live');
    stand.obs.set({ deadServers: [String(stand.obs.figures().service.settings['server'])] });
    stand.obs.hangUp();
    await stand.state('dark');
    const from = performance.now();
    const reply = await stand.ask({ what: 'switch-ingest', to: 'backup' });
    const tookMs = performance.now() - from;
    console.log(`switch from reconnecting: ${Math.round(tookMs)} ms`);
    expect(reply).toMatchObject({ ok: true });
    expect(tookMs).toBeLessThan(3000);
    expect(stand.obs.figures().service).toMatchObject({
      type: 'rtmp_custom',
      settings: { server: backup.url, key: BACKUP_KEY },
    });
    expect(stand.obs.figures()).toMatchObject({ streaming: true, recording: true });
    expect(stand.facts('failover.finished').at(-1)?.body).toMatchObject({
      what: 'switch-ingest',
      from: 'primary',
      to: 'backup',
    });
    await stand.state('proving');
    expect(stand.view.ingest).toBe('backup');
    expect(stand.view.history[0]).toMatchObject({ what: 'switch-ingest', state: 'finished', by: 'desk' });
    expect(refusalOf(await stand.ask({ what: 'switch-ingest', to: 'backup' }))?.code).toBe('already-there');
    // A person may go back, also after a restart of the hub.
    await stand.kill();
    await stand.boot();
    await until('the backup to be known', () => stand.view.ingest === 'backup');
    stand.obs.set({ deadServers: [] });
    expect(await stand.ask({ what: 'switch-ingest', to: 'primary' })).toMatchObject({ ok: true });
    expect(stand.obs.figures().service.settings).toMatchObject({ key: KEY });
  });

  it('from a stall that OBS has not noticed takes as long as OBS needs to stop', async () => {
    await withBackup({ stopMs: 3000 });
    await stand.state('live');
    stand.obs.set({ bitrateKbps: 0, deadServers: [String(stand.obs.figures().service.settings['server'])] });
    await stand.state('dark', 15_000);
    const from = performance.now();
    const asked = stand.ask({ what: 'switch-ingest', to: 'backup' });
    await until('the step', () => stand.view.running?.step === 'Stop the stream in OBS');
    expect(refusalOf(await stand.ask({ what: 'show-slate' }))?.code).toBe('busy');
    stand.obs.set({ bitrateKbps: 6000 });
    expect(await asked).toMatchObject({ ok: true });
    expect(performance.now() - from).toBeGreaterThan(3000);
    expect(performance.now() - from).toBeLessThan(5000);
  });

  it('never stops a stream whose ingest bytes grow', async () => {
    const stat = await startStat();
    const backup = await startDoor();
    open.push(stat, backup);
    await start({}, { backupIngest: backup.url, rtmpStat: { url: stat.url, application: 'live', name: 'show' } });
    await until('the stat page', () => stand.watch.view(stand.now).sources.rtmp?.level === 'ok');
    await sleep(1500);
    expect(refusalOf(await stand.ask({ what: 'switch-ingest', to: 'backup' }))?.code).toBe('stream-is-fine');
    expect(refusalOf(await stand.ask({ what: 'retry-ingest' }))?.code).toBe('stream-is-fine');
    expect(stand.requests('StopStream')).toEqual([]);
  });

  it('is refused without a backup, and without a stream to retry', async () => {
    await start({ streaming: false });
    expect(refusalOf(await stand.ask({ what: 'switch-ingest', to: 'backup' }))?.code).toBe('no-backup');
    expect(refusalOf(await stand.ask({ what: 'retry-ingest' }))?.code).toBe('not-on-air');
    expect(refusalOf(await stand.ask({ what: 'start-recording' }))?.code).toBe('already-recording');
  });

  it('cancelled before anything was sent leaves OBS alone; afterwards it ends the step and says what is', async () => {
    await withBackup({ stopMs: 1500 });
    await stand.state('live');
    stand.obs.set({ bitrateKbps: 0 });
    await stand.state('dark', 15_000);
    const asked = stand.ask({ what: 'switch-ingest', to: 'backup' });
    const { action } = await until('the action', () => stand.view.running);
    await until('the stop', () => stand.requests('StopStream')[0]);
    expect(stand.failover.cancel(action, DESK)).toMatchObject({ ok: true });
    expect(refusalOf(await asked)?.code).toBe('not-done');
    expect(stand.obs.figures().streaming).toBe(false);
    expect(stand.requests('SetStreamServiceSettings')).toEqual([]);
    expect(stand.facts('failover.cancelled').at(-1)?.body).toMatchObject({ action, by: 'desk' });
    await stand.state('dark');
    stand.obs.set({ bitrateKbps: 6000 });
    expect(await stand.ask({ what: 'retry-ingest' })).toMatchObject({ ok: true });
    expect(stand.obs.figures().streaming).toBe(true);
  });

  it('that OBS cannot start fails by its deadline, stays dark, and the key is nowhere', async () => {
    await withBackup();
    await stand.state('live');
    stand.obs.set({ deadServers: [''] });
    stand.obs.hangUp();
    await stand.state('dark');
    const reply = refusalOf(await stand.ask({ what: 'switch-ingest', to: 'backup' }));
    expect(reply?.code).toBe('not-done');
    expect(stand.facts('failover.failed').at(-1)?.body).toMatchObject({
      what: 'switch-ingest',
      step: 'Start the stream in OBS',
    });
    await sleep(600);
    expect(stand.view.state).toBe('dark');
    const told = JSON.stringify([stand.ledger, stand.view, stand.logged, reply]);
    for (const key of [KEY, BACKUP_KEY, 'rtmp://']) expect(told).not.toContain(key);
  }, 40_000);

  it('goes on after a lost connection by reading first, and stops the stream once', async () => {
    await withBackup({ stopMs: 2500 });
    await stand.state('live');
    stand.obs.set({ bitrateKbps: 0 });
    await stand.state('dark', 15_000);
    const asked = stand.ask({ what: 'switch-ingest', to: 'backup' });
    await until('the stop', () => stand.requests('StopStream')[0]);
    stand.obs.freeze();
    await sleep(2000);
    stand.obs.thaw();
    stand.obs.set({ bitrateKbps: 6000 });
    expect(await asked).toMatchObject({ ok: true });
    expect(stand.requests('StopStream')).toHaveLength(1);
    expect(stand.requests('SetStreamServiceSettings')).toHaveLength(1);
    expect(stand.requests('StartStream')).toHaveLength(1);
  });
});

describe('what goes wrong on our side', () => {
  it('a fault of ours ends the action in the ledger too, and the next one goes', async () => {
    await start();
    await stand.state('live');
    stand.faulty = 'SetCurrentProgramScene';
    expect(refusalOf(await stand.ask({ what: 'show-slate' }))?.code).toBe('not-done');
    expect(stand.facts('failover.failed').at(-1)?.body).toMatchObject({ what: 'show-slate' });
    expect(openDeeds(stand.show.failover)).toEqual([]);
    expect(JSON.stringify([stand.ledger, stand.logged])).not.toContain(KEY);
    stand.faulty = null;
    expect(await stand.ask({ what: 'show-slate' })).toMatchObject({ ok: true });
  });

  it('another show on the desk ends what was in flight for the one before, and hears nothing of it', async () => {
    await withBackup({ stopMs: 1500 });
    await stand.state('live');
    stand.obs.set({ bitrateKbps: 0 });
    await stand.state('dark', 15_000);
    const asked = stand.ask({ what: 'switch-ingest', to: 'backup' });
    await until('the stop', () => stand.requests('StopStream')[0]);
    stand.anotherShow();
    expect(refusalOf(await asked)?.message).toContain('Another show');
    expect(stand.requests('SetStreamServiceSettings')).toEqual([]);
    expect(stand.show.failover.actions).toEqual([]);
    expect(stand.view.running).toBeNull();
  });
});

describe('modes', () => {
  it('auto needs an open show, a backup or a slate, and names as OBS writes them', async () => {
    await start({ streaming: false });
    stand.show.phase = 'planned';
    expect(refusalOf(stand.failover.arm('auto', DESK))?.code).toBe('show-not-open');
    expect(stand.failover.arm('confirm', DESK)).toMatchObject({ ok: true });
    stand.show.phase = 'live';
    expect(stand.failover.arm('auto', DESK)).toMatchObject({ ok: true, reply: { mode: 'auto' } });
    expect(stand.facts('failover.armed').map(({ body }) => body.mode)).toEqual(['confirm', 'auto']);
    stand.show.phase = 'closing';
    await until('the end', () => stand.facts('failover.disarmed')[0]);
    expect(stand.facts('failover.disarmed')[0]?.body).toEqual({ why: 'show-ended', by: 'dropdesk' });
    expect(stand.view.mode).toBe('observe');
  });

  it('without backup and slate there is nothing to arm; a scene of another name is not the scene', async () => {
    await start({}, { slateScene: null, liveScene: null });
    expect(refusalOf(stand.failover.arm('confirm', DESK))?.code).toBe('no-backup');
    await stand.stop();
    await start({ scenes: ['Live', 'SLATE'] });
    expect(refusalOf(stand.failover.arm('confirm', DESK))?.code).toBe('scene-missing');
    expect(stand.view.mode).toBe('observe');
  });

  it('auto switches by itself, announced for three seconds, and stays on the backup', async () => {
    await withBackup();
    await stand.state('live');
    stand.failover.arm('auto', DESK);
    await sleep(3000);
    stand.obs.set({ deadServers: [String(stand.obs.figures().service.settings['server'])] });
    stand.obs.hangUp();
    const from = performance.now();
    const pending = await until('the countdown', () => stand.view.pending, 15_000);
    expect(pending).toMatchObject({ what: 'switch-ingest' });
    expect(pending.actsAt).not.toBeNull();
    expect(stand.view.notice).toContain('slate');
    await until('the switch', () => stand.facts('failover.finished')[0], 20_000);
    console.log(`auto from hanging up to bytes on the backup: ${Math.round(performance.now() - from)} ms`);
    expect(stand.facts('failover.proposed')).toHaveLength(1);
    expect(stand.facts('failover.started')[0]?.body).toMatchObject({
      by: 'dropdesk',
      mode: 'auto',
      action: pending.action,
    });
    expect(JSON.stringify(stand.facts('failover.proposed')[0]?.body.snapshot).length).toBeLessThan(2000);
    await stand.state('proving');
    expect(stand.facts('failover.disarmed')).toEqual([]);
    expect(stand.view).toMatchObject({ mode: 'auto', ingest: 'backup' });
  }, 60_000);

  it('a stop in OBS disarms; a start from rest does not', async () => {
    await start({ streaming: false });
    await stand.state('ready');
    stand.failover.arm('confirm', DESK);
    stand.obs.emit('StreamStateChanged', { outputActive: false, outputState: 'OBS_WEBSOCKET_OUTPUT_STARTING' });
    stand.obs.set({ streaming: true });
    await stand.state('live');
    stand.obs.emit('StreamStateChanged', { outputActive: true, outputState: 'OBS_WEBSOCKET_OUTPUT_STARTED' });
    await sleep(300);
    expect(stand.view.mode).toBe('confirm');
    stand.obs.emit('StreamStateChanged', { outputActive: false, outputState: 'OBS_WEBSOCKET_OUTPUT_STOPPING' });
    await until('disarmed', () => stand.view.mode === 'observe');
    expect(stand.facts('failover.disarmed')[0]?.body).toMatchObject({ why: 'operator' });
  });

  it('ensures the recording once in auto, and respects the second stop', async () => {
    await start({ recording: false });
    await stand.state('degraded');
    stand.failover.arm('auto', DESK);
    await until('the recording', () => stand.obs.figures().recording);
    const ensured = await until('the fact', () => stand.facts('recording.ensured')[0]);
    expect(ensured.body).toMatchObject({ by: 'dropdesk', action: null });
    expect(ensured.body.tookMs).toBeLessThan(3000);
    stand.obs.set({ recording: false });
    await sleep(4000);
    expect(stand.obs.figures().recording).toBe(false);
    expect(await stand.ask({ what: 'start-recording' })).toMatchObject({ ok: true });
    expect(stand.facts('recording.ensured').at(-1)?.body).toMatchObject({ by: 'desk' });
  });

  it('after a restart is observe, and what was under way is read back once', async () => {
    await withBackup({ stopMs: 800 });
    await stand.state('live');
    stand.failover.arm('confirm', DESK);
    stand.obs.set({ bitrateKbps: 0 });
    await stand.state('dark', 15_000);
    void stand.ask({ what: 'switch-ingest', to: 'backup' });
    await until('the stop', () => stand.requests('StopStream')[0]);
    await stand.kill();
    await stand.boot();
    expect(stand.view.mode).toBe('observe');
    expect(stand.facts('failover.disarmed').map(({ body }) => body.why)).toEqual(['restart']);
    const failed = await until('the read-back', () => stand.facts('failover.failed')[0]);
    expect(failed.body).toMatchObject({ what: 'switch-ingest', step: 'Read back after the restart' });
    await sleep(1500);
    expect(stand.facts('failover.failed')).toHaveLength(1);
    expect(stand.requests('StopStream')).toHaveLength(1);
    expect(stand.requests('StartStream')).toEqual([]);
  });
});
