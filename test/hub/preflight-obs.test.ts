import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type Socket, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { AUDIT_CHECKS } from '../../src/domain/audit/catalogue.ts';
import type { StreamPlan } from '../../src/domain/plan.ts';
import { initialShow } from '../../src/domain/show.ts';
import type { ObsFigures } from '../../src/hub/demo/fake-obs-figures.ts';
import { OBS_CHECKS } from '../../src/hub/preflight/obs-checks.ts';
import { BEFORE_TEST, restoreService } from '../../src/hub/preflight/test-stream-service.ts';
import { until } from '../kit/hub.ts';
import { type Stand, startStand } from './preflight-obs-kit.ts';

/** The audit's half that asks OBS: what it says, what it does to OBS, and what it leaves behind. */

const KEY = 'show-key-7b31';
const leave: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of leave.splice(0).toReversed()) await step();
});

/** A server that takes whatever is sent to it. */
async function ingest(): Promise<{ server: string; port: number; taken: () => number }> {
  let bytes = 0;
  const sockets = new Set<Socket>();
  const door = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (part: Buffer) => (bytes += part.length)).on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(door, 'listening');
  leave.push(() => {
    for (const socket of sockets) socket.destroy();
    door.close();
  });
  const { port } = door.address() as { port: number };
  return { server: `rtmp://127.0.0.1:${port}/live`, port, taken: () => bytes };
}

async function stand(plan: Partial<StreamPlan> = {}, figures: Partial<ObsFigures> = {}): Promise<Stand> {
  const made = await startStand(plan, figures);
  leave.push(() => made.close());
  return made;
}

async function standAt(plan: Partial<StreamPlan> = {}, figures: Partial<ObsFigures> = {}): Promise<Stand> {
  const { server } = await ingest();
  return await stand(plan, {
    service: { type: 'rtmp_custom', settings: { server, key: KEY, use_auth: false } },
    ...figures,
  });
}

const serviceOf = (one: Stand): unknown => one.obs.figures().service;

describe('while live', () => {
  it('no check changes anything, not even those that could', { timeout: 30_000 }, async () => {
    const one = await standAt({ backupIngest: 'rtmp://127.0.0.1:1/live' }, { streaming: true });
    one.changes();
    const found = await one.run(Object.keys(OBS_CHECKS), { isLive: true });
    expect(one.changes()).toEqual([]);
    const tests = AUDIT_CHECKS.filter(({ id, test }) => test && id in OBS_CHECKS).map(({ id }) => id);
    for (const id of tests) expect(found[id]?.result, id).toBe('skipped');
  });

  it('OBS is asked itself whether it streams: nobody else may have noticed yet', { timeout: 30_000 }, async () => {
    const one = await standAt({ backupIngest: 'rtmp://127.0.0.1:1/live' }, { streaming: true });
    one.changes();
    await one.run(Object.keys(OBS_CHECKS), { isLive: false });
    expect(one.changes()).toEqual([]);
  });

  it('the same on an OBS that is off air does change it: the proof can fail', { timeout: 40_000 }, async () => {
    const one = await standAt();
    one.changes();
    await one.run(['enc-4', 'scn-2']);
    const changes = one.changes();
    expect(changes).toContain('StartStream');
    expect(changes).toContain('SetCurrentProgramScene');
  });

  it('an open show is left alone, too', async () => {
    const one = await standAt();
    const show = initialShow('s');
    show.phase = 'live';
    one.changes();
    const found = await one.run(['enc-2', 'enc-4', 'fail-4', 'scn-2'], { show });
    expect(Object.values(found).map(({ result }) => result)).toEqual(Array(4).fill('skipped'));
    expect(one.changes()).toEqual([]);
  });
});

describe('the test stream', () => {
  it('measures, rehearses the switch, and leaves OBS as it was', { timeout: 40_000 }, async () => {
    const backup = await ingest();
    const one = await standAt({ backupIngest: backup.server });
    const before = serviceOf(one);
    const began = performance.now();
    const found = await one.run(['enc-4', 'fail-4', 'fail-5', 'scn-2']);
    expect(performance.now() - began).toBeLessThan(20_000);
    for (const [id, { result, evidence }] of Object.entries(found))
      expect(`${id} ${result} ${evidence}`).toContain('pass');
    expect(found['fail-4']?.evidence).toContain('harbour-night.mkv');
    expect(serviceOf(one)).toEqual(before);
    expect(one.obs.figures()).toMatchObject({ streaming: false, recording: false, scene: 'Live' });
    expect(one.secrets.get(BEFORE_TEST)).toBe('');
    const sent = one.obs.requests().filter(({ requestType }) => requestType === 'SetStreamServiceSettings');
    const keys = sent.map(({ requestData }) => (requestData['streamServiceSettings'] as { key: string }).key);
    expect(keys).toHaveLength(3);
    expect(keys.slice(0, 2).every((key) => /^dropdesk-test-[0-9a-f]{16}$/.test(key))).toBe(true);
    expect(JSON.stringify(found)).not.toContain(KEY);
  });

  it('reads the keyframes on the line to the ingest', { timeout: 30_000 }, async () => {
    const one = await standAt();
    const found = one.run(['enc-2']);
    const server = await until('the tap', () => {
      const { streaming, service } = one.obs.figures();
      return streaming && String(service.settings['server']);
    });
    const publisher = connect(Number(new URL(server.replace('rtmp', 'http')).port), '127.0.0.1');
    leave.push(() => publisher.destroy());
    publisher.write(Buffer.alloc(1 + 1536 + 1536));
    // Ten pictures a second, each three seconds one that stands by itself: in media time, all at once.
    for (let i = 0; i <= 90; i += 1) publisher.write(videoChunk(i % 30 === 0, i * 100));
    expect((await found)['enc-2']).toMatchObject({
      result: 'warn',
      evidence: 'Keyframes every 3.0 s, measured.',
      fix: 'Set keyframe interval to 2 s.',
    });
  });

  it('goes nowhere outside unless the setting allows it', { timeout: 30_000 }, async () => {
    const one = await stand(
      {},
      { service: { type: 'rtmp_custom', settings: { server: 'rtmp://192.0.2.7/live', key: KEY } } },
    );
    one.changes();
    const found = await one.run(['enc-2', 'fail-4']);
    expect(found['enc-2']?.result).toBe('skipped');
    expect(found['enc-2']?.evidence).toContain('preflight.testStream');
    expect(found['fail-4']?.result).toBe('skipped');
    expect(one.changes()).toEqual([]);
  });

  it('that cannot start says at which step, and OBS has back what it had', { timeout: 30_000 }, async () => {
    const one = await standAt({ backupIngest: 'rtmp://127.0.0.1:1/live' }, { deadServers: ['rtmp://127.0.0.1:1/'] });
    const before = serviceOf(one);
    const found = await one.run(['fail-5']);
    expect(found['fail-5']).toMatchObject({
      result: 'fail',
      fix: 'See step that failed: Start the stream at the backup.',
    });
    expect(serviceOf(one)).toEqual(before);
    expect(one.obs.figures().streaming).toBe(false);
  });

  it('sees a recording that ends with the stream', { timeout: 30_000 }, async () => {
    const one = await standAt({}, { recordEndsWithStream: true });
    expect((await one.run(['fail-4']))['fail-4']).toMatchObject({ result: 'fail' });
  });

  it('sees an encoder that cannot keep up', { timeout: 30_000 }, async () => {
    const one = await standAt({}, { encoderLagPct: 7 });
    expect((await one.run(['enc-4']))['enc-4']).toMatchObject({ result: 'fail' });
  });
});

/** One whole video message in a chunk with a full header. */
function videoChunk(isKeyframe: boolean, ms: number): Buffer {
  const payload = Buffer.from([isKeyframe ? 0x17 : 0x27, 1, 0, 0, 0, 0xaa]);
  const head = Buffer.alloc(12);
  head.writeUInt8(6);
  head.writeUIntBE(ms, 1, 3);
  head.writeUIntBE(payload.length, 4, 3);
  head.writeUInt8(9, 7);
  return Buffer.concat([head, payload]);
}

describe('a hub that was killed in the middle of a test', () => {
  /** What the killed hub left: the secret, and OBS sending to the test's name. */
  async function killed(figures: Partial<ObsFigures> = {}): Promise<Stand> {
    const one = await stand(
      {},
      {
        service: {
          type: 'rtmp_custom',
          settings: { server: 'rtmp://127.0.0.1:1/live', key: 'dropdesk-test-1', use_auth: false },
        },
        ...figures,
      },
    );
    const before = { type: 'rtmp_custom', settings: { server: 'rtmp://ingest/live', key: KEY, use_auth: false } };
    one.secrets.set(
      BEFORE_TEST,
      JSON.stringify({ before, tests: [{ server: 'rtmp://127.0.0.1:1/live', key: 'dropdesk-test-1' }] }),
    );
    return one;
  }
  const restore = (one: Stand): Promise<string> =>
    restoreService(
      one.door,
      (name) => one.secrets.get(name) ?? null,
      (name, value) => void one.secrets.set(name, value),
    );

  it.each([true, false])('OBS is put back at the next connection (still sending: %s)', async (streaming) => {
    const one = await killed({ streaming });
    expect(await restore(one)).toBe('restored');
    expect(serviceOf(one)).toEqual({
      type: 'rtmp_custom',
      settings: { server: 'rtmp://ingest/live', key: KEY, use_auth: false },
    });
    expect(one.obs.figures().streaming).toBe(false);
    expect(one.secrets.get(BEFORE_TEST)).toBe('');
    expect(await restore(one)).toBe('nothing');
  });

  it('what somebody has set by hand since stays, and a stream to it goes on', async () => {
    const own = { type: 'rtmp_custom', settings: { server: 'rtmp://elsewhere/live', key: 'theirs' } };
    const one = await killed({ streaming: true, service: own });
    one.changes();
    expect(await restore(one)).toBe('not-ours');
    expect(serviceOf(one)).toEqual(own);
    expect(one.changes()).toEqual([]);
    expect(one.secrets.get(BEFORE_TEST)).toBe('');
  });

  it('OBS that does not answer keeps the secret for the next time', { timeout: 10_000 }, async () => {
    const one = await killed();
    one.obs.freeze();
    await expect(restore(one)).rejects.toThrow('no answer');
    expect(one.secrets.get(BEFORE_TEST)).toContain(KEY);
  });
});

describe('the slate', () => {
  it.each<[string, Partial<ObsFigures>, string]>([
    ['black', { pictures: { Slate: 'black' } }, 'fail'],
    ['slow', { transition: { name: 'Fade', kind: 'fade_transition', durationMs: 1500 } }, 'warn'],
    ['too slow', { transition: { name: 'Fade', kind: 'fade_transition', durationMs: 2300 } }, 'fail'],
  ])('that is %s is found, and the scene before is back', { timeout: 15_000 }, async (_, figures, result) => {
    const one = await standAt({}, figures);
    expect((await one.run(['scn-2']))['scn-2']?.result).toBe(result);
    expect(one.obs.figures().scene).toBe('Live');
  });

  it('is not tried into a recording', async () => {
    const one = await standAt({}, { recording: true });
    one.changes();
    expect((await one.run(['scn-2']))['scn-2']?.result).toBe('skipped');
    expect(one.changes()).toEqual([]);
  });
});

describe('sound', () => {
  it.each<[string, { peakDb?: number; muted?: boolean; name?: string }, string]>([
    ['heard', {}, 'pass'],
    ['quiet', { peakDb: -38 }, 'warn'],
    ['too hot', { peakDb: -0.4 }, 'warn'],
    ['silent', { peakDb: -70 }, 'fail'],
    ['muted', { muted: true }, 'fail'],
    ['missing', { name: 'Other' }, 'fail'],
  ])('of a chosen input that is %s', { timeout: 15_000 }, async (_, change, result) => {
    const mic = { name: 'Mic', kind: 'pulse_input_capture', peakDb: -14, muted: false, media: null, ...change };
    const one = await stand({ audioInputs: ['Mic'] }, { inputs: [mic] });
    const found = (await one.run(['aud-1']))['aud-1'];
    expect(found?.result).toBe(result);
    expect(found?.evidence).toContain('Mic');
  });
});

describe('media of the live scene', () => {
  it.each([
    ['OBS_MEDIA_STATE_PLAYING', 'pass'],
    ['OBS_MEDIA_STATE_PAUSED', 'warn'],
    ['OBS_MEDIA_STATE_ERROR', 'fail'],
  ])('%s is %s', async (media, result) => {
    const clip = { name: 'Clip', kind: 'ffmpeg_source', peakDb: -20, muted: false, media };
    const one = await stand({}, { inputs: [clip], sceneInputs: { Live: ['Clip'] } });
    expect((await one.run(['scn-3']))['scn-3']?.result).toBe(result);
  });
});

describe('the disk of the recording', () => {
  it('is tried with a file that is gone afterwards', { timeout: 15_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dropdesk-disk-'));
    leave.push(() => rmSync(folder, { recursive: true, force: true }));
    const one = await stand({}, { recordDirectory: folder });
    const found = (await one.run(['rec-3']))['rec-3'];
    expect(found?.result).toMatch(/pass|warn|fail/);
    expect(found?.evidence).toMatch(/^\d+ MB\/s/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that is not reachable is not tried, and a folder that is not there cannot be recorded to', async () => {
    const one = await stand({}, { recordDirectory: '/nowhere/at/all' });
    const found = await one.run(['rec-1', 'rec-3']);
    expect(found['rec-3']?.result).toBe('skipped');
    expect(found['rec-1']?.result).toBe('fail');
  });
});
