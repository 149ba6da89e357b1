import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { HealthSample } from '../../src/domain/health/sample.ts';
import { NO_STREAM } from '../../src/domain/plan-upgrade.ts';
import { Relay } from '../../src/hub/relay/relay.ts';
import { tempFolder } from '../kit/hub.ts';
import { FaultProxy } from './fault-proxy.ts';
import { childrenOf, end, freePorts, pidOf, signal, waitFor } from './processes.ts';
import { startNginx } from './real-nginx.ts';
import { makeFilm } from './real-obs.ts';

/** Three real servers: our relay, and two ingests behind it; a film is published in OBS's place. */

const KEY = 'relay-key-77';
const folder = tempFolder('relay');
const running: ChildProcess[] = [];
const relays: Relay[] = [];
let uplink: FaultProxy;
let ports: number[];

beforeAll(async () => {
  ports = await freePorts(6);
  const [relay = 0, relayHttp = 0, first = 0, firstHttp = 0, second = 0, secondHttp = 0] = ports;
  for (const [name, rtmp, http] of [
    ['relay', relay, relayHttp],
    ['first', first, firstHttp],
    ['second', second, secondHttp],
  ] as const) {
    mkdirSync(join(folder.path, name));
    running.push(startNginx(join(folder.path, name), { rtmp, http }));
  }
  uplink = await FaultProxy.start(first);
  const film = join(folder.path, 'film.mp4');
  await makeFilm(film, { width: 320, height: 180, fps: 25, kbps: 400 });
  await waitFor(async () => ((await bytesAt(relayHttp)) === null ? null : true), 5000, 'the relay');
  const publisher = ['-v', 'error', '-re', '-stream_loop', '-1', '-i', film, '-c:v', 'libx264', '-preset', 'ultrafast'];
  // Filled up to a constant rate, so that a dead way out is full soon.
  const rate = ['-b:v', '12M', '-maxrate', '12M', '-bufsize', '2M', '-x264-params', 'nal-hrd=cbr:filler=1'];
  const output = [...rate, '-g', '50', '-c:a', 'copy', '-f', 'flv', `rtmp://127.0.0.1:${relay}/live/show`];
  running.push(spawn('/usr/bin/ffmpeg', [...publisher, ...output], { stdio: 'ignore' }));
  await waitFor(async () => ((await bytesAt(relayHttp)) ?? 0) || null, 10_000, 'the film to arrive');
});
afterEach(async () => {
  for (const relay of relays.splice(0)) await relay.stop();
  uplink.set({ kind: 'none' });
});
afterAll(async () => {
  for (const child of running.toReversed()) await end(child);
  await uplink.stop();
  folder.remove();
});

/** @returns bytes that the server has received of a stream whose picture it knows; null while it does not answer */
async function bytesAt(http: number): Promise<number | null> {
  try {
    const page = await (await fetch(`http://127.0.0.1:${http}/stat`)).text();
    const [bytes] = /<video><width>[1-9]/.test(page) ? [/<stream>[\s\S]*?<bytes_in>(\d+)/.exec(page)?.[1]] : [];
    return Number(bytes ?? 0);
  } catch {
    // Not up yet.
    return null;
  }
}

function plan(): typeof NO_STREAM {
  return {
    ...NO_STREAM,
    relay: { url: `rtmp://127.0.0.1:${ports[0]}/live/show` },
    primaryIngest: `rtmp://127.0.0.1:${uplink.port}/live`,
    backupIngest: `rtmp://127.0.0.1:${ports[4]}/live`,
  };
}

function relay(heard: HealthSample[] = [], logged: object[] = []): Relay {
  const made = new Relay({
    readNow: () => ({ at: 0, mono: performance.now(), t: performance.now(), boot: 'b' }),
    readSecret: (name) => (name === 'stream.primary.key' ? KEY : null),
    setting: () => null,
    measure: (sample) => heard.push(sample),
    ownPorts: () => [],
    log: (line) => logged.push(line),
  });
  relays.push(made);
  expect(made.plan(plan())).toBe(true);
  return made;
}

const legs = (): number[] => childrenOf(process.pid).filter((pid) => !running.some((child) => child.pid === pid));

it('carries the stream on while OBS is on air, and leaves nothing behind when it is not', async () => {
  const made = relay();
  await sleep(300);
  expect(legs()).toHaveLength(0);
  const began = performance.now();
  made.follow(true);
  await waitFor(async () => ((await bytesAt(ports[3] ?? 0)) ?? 0) > 10_000 || null, 10_000, 'bytes at the primary');
  console.log(`relay: first bytes at the ingest ${Math.round(performance.now() - began)} ms after the start`);
  expect(made.isFlowing()).toBe(true);
  made.follow(false);
  await waitFor(() => legs().length === 0 || null, 3000, 'the leg to go');
});

it('switches to the backup within three seconds, and the source is never touched', async () => {
  const heard: HealthSample[] = [];
  const made = relay(heard);
  made.follow(true);
  await waitFor(() => made.isFlowing() || null, 10_000, 'the leg to flow');
  const before = (await bytesAt(ports[5] ?? 0)) ?? 0;
  const began = performance.now();
  made.point('backup');
  await waitFor(async () => ((await bytesAt(ports[5] ?? 0)) ?? 0) > before || null, 6000, 'bytes at the backup');
  const took = performance.now() - began;
  console.log(`relay: bytes at the backup ${Math.round(took)} ms after the switch (≤ 3 s asked)`);
  expect(took).toBeLessThan(3500);
  await waitFor(() => made.isFlowing() || null, 3000, 'its own account of it');
  expect(made.target()).toBe('backup');
  expect(legs()).toHaveLength(1);
  expect(heard.at(-1)).toMatchObject({ source: 'leg', data: { target: 'backup' } });
});

it('starts a leg anew whose upload hangs, and says why without a key', async () => {
  const logged: object[] = [];
  const made = relay([], logged);
  made.follow(true);
  await waitFor(() => made.isFlowing() || null, 10_000, 'the leg to flow');
  const [first] = legs();
  uplink.set({ kind: 'swallow' });
  await waitFor(() => (made.isFlowing() ? null : true), 8000, 'the stall');
  await waitFor(() => logged.length > 0 || null, 12_000, 'the leg to be given up');
  uplink.set({ kind: 'none' });
  await waitFor(() => made.isFlowing() || null, 10_000, 'the stream to flow again');
  expect(legs()).not.toContain(first);
  expect(JSON.stringify(logged)).not.toContain(KEY);
});

it('a hub that is killed takes its leg with it', async () => {
  const script = `
    import { Relay } from ${JSON.stringify(join(import.meta.dirname, '../../src/hub/relay/relay.ts'))};
    const relay = new Relay({ readNow: () => ({ at: 0, mono: performance.now(), t: performance.now(), boot: 'b' }), readSecret: () => ${JSON.stringify(KEY)},
      setting: () => null, measure: () => console.log(relay.isFlowing()), ownPorts: () => [], log: () => undefined });
    relay.plan(${JSON.stringify(plan())});
    relay.follow(true);
  `;
  const hub = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const flows = new Promise((done) => hub.stdout.on('data', (text: Buffer) => text.includes('true') && done(true)));
  await flows;
  const [leg = 0] = childrenOf(pidOf(hub));
  expect(leg).toBeGreaterThan(0);
  const gone = once(hub, 'exit');
  signal(pidOf(hub), 'SIGKILL');
  await gone;
  await waitFor(() => isGone(leg) || null, 8000, 'the leg to run dry');
});

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    // No such process.
    return true;
  }
}
