import { describe, expect, it } from 'vitest';
import { type World, calm, layerIs } from './health-testing.ts';
import { sourceVerdicts } from './health.ts';

function probe(world: World, target: string, data: object | null): void {
  world.say({
    source: 'network',
    ms: world.ms,
    ...(data === null ? { error: 'timeout', target } : { data: { target, ...data } }),
  });
}

/** Lets time pass with a probe of the ingest every second. */
function passWithProbes(world: World, seconds: number, data: (i: number) => object | null): void {
  for (let i = 0; i < seconds; i += 1) {
    world.pass(1);
    probe(world, 'ingest', data(i));
  }
}

const GOOD = { connectMs: 20, handshakeMs: 40 };

describe('the way to the ingest', () => {
  it('with a slow round trip is told after twenty seconds, and shows its jitter', () => {
    const world = calm();
    passWithProbes(world, 20, (i) => ({ connectMs: i % 2 === 0 ? 140 : 160, handshakeMs: 300 }));
    expect(world.verdict.layers.transport.level).toBe('ok');
    passWithProbes(world, 4, () => ({ connectMs: 150, handshakeMs: 300 }));
    expect(world.verdict).toMatchObject({ level: 'warn', cause: 'uplink-too-slow', symptoms: ['rttMs'] });
    const metrics = sourceVerdicts(world.health).network?.metrics;
    expect(metrics).toMatchObject({ rttMs: 150, lossPct: 0, probe: 0 });
    expect(metrics?.['jitterMs']).toBeGreaterThan(8);
  });

  it('that loses two connections running is a warning, never critical by that alone', () => {
    const world = calm();
    passWithProbes(world, 3, () => GOOD);
    passWithProbes(world, 30, () => null);
    expect(world.verdict.layers.transport).toMatchObject({ level: 'warn', symptoms: ['probe'] });
    passWithProbes(world, 15, () => GOOD);
    expect(world.verdict.layers.transport.level).toBe('ok');
  });

  it('that loses one connection in five is a warning', () => {
    const world = calm();
    passWithProbes(world, 20, (i) => (i % 5 === 4 ? null : GOOD));
    expect(world.verdict.layers.transport).toMatchObject({ level: 'warn', symptoms: ['probe'] });
  });

  it('that gets less than OBS sends counts it only beside media that are late', () => {
    const world = calm();
    world.arriveKbps = 4800;
    world.until(layerIs('transport', 'warn'));
    world.pass(6);
    expect(world.verdict.symptoms).toContain('deliveryRatio');
    expect(sourceVerdicts(world.health).rtmp?.metrics['deliveryRatio']).toBeCloseTo(0.8, 1);
  });

  it('over SRT is judged by round trips, losses and drops', () => {
    const world = calm();
    let packets = 0;
    const say = (rtt: number, lost: number, dropped: number): void => {
      packets += 250;
      world.connection = {
        id: 'c1',
        readers: 12,
        srt: {
          msRTT: rtt,
          msReceiveTsbPdDelay: 200,
          packetsReceivedUnique: packets,
          packetsReceivedLoss: packets * lost,
          packetsReceivedDrop: packets * dropped,
        },
      };
      world.pass(0.5);
    };
    for (let i = 0; i < 30; i += 1) say(40, 0.001, 0);
    expect(world.verdict.level).toBe('ok');
    expect(sourceVerdicts(world.health).rtmp?.metrics).toMatchObject({ srtRttMs: 40, srtDropPct: 0, viewers: 12 });
    say(60, 0.001, 0);
    expect(world.verdict).toMatchObject({ level: 'warn', cause: 'uplink-too-slow', symptoms: ['srt'] });
    say(90, 0.001, 0);
    expect(world.verdict.level).toBe('critical');
  });

  it('whose gateway is gone with the stream is the network of the venue', () => {
    const world = calm();
    probe(world, 'gateway', { connectMs: 1 });
    world.flowKbps = 0;
    world.pass(2);
    probe(world, 'gateway', null);
    world.until(layerIs('transport', 'critical'));
    expect(world.verdict).toMatchObject({ cause: 'local-network', place: 'venue' });
  });

  it('with one lost gateway probe while all flows is not a lost network', () => {
    const world = calm();
    world.arriveKbps = 3000;
    probe(world, 'gateway', null);
    world.until(layerIs('transport', 'warn'));
    expect(world.verdict.cause).toBe('uplink-too-slow');
  });
});

describe('a second line', () => {
  it('says when OBS tries again once the network is back, and then what it waits for', () => {
    const world = calm();
    world.reconnecting();
    world.reconnecting();
    world.pass(0.5);
    expect(world.verdict.second).toBeNull();
    probe(world, 'ingest', GOOD);
    world.pass(0.25);
    expect(world.verdict.second).toBe('The network is back; OBS waits 3 s before it tries again.');
    world.reconnected();
    world.flowKbps = 0;
    world.pass(1);
    expect(world.verdict.second).toBe('Connected again, waiting for the first picture.');
    world.flowKbps = null;
    world.pass(2);
    expect(world.verdict.second).toBeNull();
  });
});

describe('counters', () => {
  it.each(['pid', 'id'] as const)('begin a new epoch with another %s, though they have not fallen', (which) => {
    const world = calm();
    world.connection = { id: 'c1' };
    world.pass(2);
    expect(sourceVerdicts(world.health).rtmp?.metrics['ingestKbps']).toBe(6000);
    if (which === 'pid') world.pid = 8;
    else world.connection = { id: 'c2' };
    world.pass(0.5);
    expect(sourceVerdicts(world.health).rtmp?.metrics).toMatchObject({ ingestKbps: null, deliveryRatio: null });
    world.pass(3);
    expect(sourceVerdicts(world.health).rtmp?.metrics['ingestKbps']).toBe(6000);
    expect(world.verdict.level).toBe('ok');
  });
});
