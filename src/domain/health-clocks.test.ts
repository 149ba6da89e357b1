import { describe, expect, it } from 'vitest';
import { type World, calm, layerIs } from './health-testing.ts';

describe('a lag that stands still while all that is sent arrives', () => {
  it('is a clock that stepped: told once, and forgotten', () => {
    const world = calm();
    world.clockStepMs = 2500;
    world.until(layerIs('transport', 'warn'));
    expect(world.verdict.symptoms).toEqual(['ingestLagMs']);
    world.until(layerIs('transport', 'ok'));
    expect(world.pass(30).every(layerIs('transport', 'ok'))).toBe(true);
  });

  it('control: one that grows stays', () => {
    const world = calm();
    world.arriveKbps = 4800;
    world.until(layerIs('transport', 'warn'));
    expect(world.pass(60).some(layerIs('transport', 'ok'))).toBe(false);
  });
});

it('OBS that comes out of a freeze with another media clock is well', () => {
  const world = calm();
  world.obsError = 'timeout';
  world.until(layerIs('obs', 'critical'));
  world.pass(2);
  world.obsError = null;
  world.clockStepMs = 2000;
  expect(world.pass(40).some(layerIs('transport', 'warn'))).toBe(false);
  expect(world.verdict.level).toBe('ok');
});

it('a stall is dated by the media clocks where the page still counts bytes for a second', () => {
  const world = calm();
  const from = world.ms;
  // Headers and acknowledgements, and no media in them.
  world.arriveKbps = 1;
  world.pass(1);
  world.arriveKbps = 0;
  world.until(layerIs('transport', 'critical'));
  expect(world.ms - from).toBeLessThanOrEqual(3500);
});

describe('a publisher that is not listed any more', () => {
  const dropped = (world: World, silentS: number): string | null => {
    world.arriveKbps = silentS > 0 ? 0 : null;
    world.pass(silentS);
    world.listed = false;
    world.pass(6);
    return world.verdict.layers.transport.cause;
  };

  it('after it had been silent was given up by the server: the way is what broke', () => {
    expect(dropped(calm(), 4)).toBe('path-to-ingest');
  });

  it('control: in full flow it was hung up on', () => {
    expect(dropped(calm(), 0)).toBe('ingest-dropped');
  });
});

it('a router that falls silent while the ingest beyond it answers has been passed through', () => {
  const world = calm();
  const ask = (gatewayAnswers: boolean): void => {
    const network = { source: 'network', ms: world.ms };
    world.say(
      gatewayAnswers
        ? { ...network, data: { target: 'gateway', connectMs: 2 } }
        : { ...network, error: 'timeout', target: 'gateway' },
    );
    world.pass(0.25);
    world.say({ ...network, ms: world.ms, data: { target: 'ingest', connectMs: 20, handshakeMs: 40 } });
    world.pass(0.75);
  };
  for (let i = 0; i < 5; i += 1) ask(true);
  for (let i = 0; i < 20; i += 1) ask(false);
  expect(world.verdict.layers.transport.level).toBe('ok');
});
