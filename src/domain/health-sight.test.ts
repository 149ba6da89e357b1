import { describe, expect, it } from 'vitest';
import { type World, calm } from './health-testing.ts';
import { observe } from './health.ts';
import { retryInMs } from './health/retry.ts';
import { failoverSight } from './health/sight.ts';

const seen = (world: World): ReturnType<typeof failoverSight> => failoverSight(world.health, world.ms);

describe('what the failover sees', () => {
  it('of a good stream: it flows, grows and nobody complains', () => {
    const world = calm();
    world.scene('Live');
    expect(seen(world)).toMatchObject({
      transport: 0,
      signals: 0,
      flowing: true,
      ingestGrows: true,
      stallMs: 0,
      reconnectingMs: 0,
      scene: 'Live',
    });
    expect(seen(world).growingMs).toBeGreaterThan(30_000);
    expect(seen(world).lagMs).toBeLessThan(100);
  });

  it("of a dead way: OBS's sender and the ingest's page are two signals, its clocks are not a third", () => {
    const world = calm();
    world.flowKbps = 0;
    world.pass(4);
    expect(seen(world)).toMatchObject({ transport: 2, signals: 2, flowing: false, growingMs: 0, ingestGrows: false });
    expect(seen(world).stallMs).toBeGreaterThanOrEqual(3500);
  });

  it('of a failed page alone: one signal, however many of its figures are bad', () => {
    const world = calm();
    world.arriveKbps = 0;
    world.pass(4);
    expect(seen(world)).toMatchObject({ transport: 2, signals: 1, flowing: true });
  });

  it('of a connection that is back: growing counts from its first bytes and frames', () => {
    const world = calm();
    world.reconnecting();
    world.pass(5);
    expect(seen(world)).toMatchObject({ flowing: false, growingMs: 0, reconnectingMs: 5000 });
    world.reconnected();
    world.flowKbps = 0;
    world.pass(5);
    expect(seen(world)).toMatchObject({ flowing: false, growingMs: 0, reconnectingMs: 0 });
    world.flowKbps = null;
    world.pass(4);
    expect(seen(world)).toMatchObject({ flowing: true, growingMs: 3500 });
  });

  it('of probes: how many went well in a row, and nothing once they have ended', () => {
    const world = calm();
    const probe = (target: string, data: object): void =>
      observe(world.health, { source: 'network', ms: world.ms, data: { target, ...data } });
    for (let i = 0; i < 3; i += 1) {
      world.pass(1);
      probe('ingest', { connectMs: 20, handshakeMs: 40 });
      probe('backup', { connectMs: 20, handshakeError: 'timeout' });
    }
    expect(seen(world)).toMatchObject({ primaryProbeOkRunning: 3, backupProbeOkRunning: 0 });
    world.pass(30);
    expect(seen(world).primaryProbeOkRunning).toBe(0);
  });
});

describe("OBS's back-off", () => {
  it('is its delay after the first loss, and half as long again after each failed attempt', () => {
    const world = calm();
    expect(retryInMs(world.health, world.ms)).toBeNull();
    world.reconnecting();
    expect(retryInMs(world.health, world.ms)).toBe(2000);
    world.pass(3);
    expect(retryInMs(world.health, world.ms)).toBe(0);
    world.reconnecting();
    expect(retryInMs(world.health, world.ms)).toBe(3000);
    world.reconnecting();
    expect(retryInMs(world.health, world.ms)).toBe(4500);
    world.reconnected();
    expect(retryInMs(world.health, world.ms)).toBeNull();
  });

  it('follows the delay that is set in OBS, up to a quarter of an hour', () => {
    const world = calm({ retryDelaySeconds: 60 });
    for (let i = 0; i < 20; i += 1) world.reconnecting();
    expect(retryInMs(world.health, world.ms)).toBe(15 * 60_000);
  });

  it('is not guessed at when OBS was found reconnecting', () => {
    const world = calm();
    world.stream.outputReconnecting = true;
    world.pass(1);
    expect(retryInMs(world.health, world.ms)).toBeNull();
  });
});
