import { describe, expect, it } from 'vitest';
import { CONFIG, calm, layerIs } from './health-testing.ts';
import { judge, observe, sourceVerdicts } from './health.ts';
import { type IncidentBook, keepIncidents } from './health/incidents.ts';
import { initialHealth } from './health/state.ts';

describe('OBS', () => {
  it('killed is critical at once, and hides what only follows from it', () => {
    const world = calm();
    world.obsError = 'closed';
    world.listed = false;
    expect(world.until(layerIs('obs', 'critical'))).toBeLessThanOrEqual(500);
    world.pass(3);
    expect(world.verdict).toMatchObject({
      level: 'critical',
      cause: 'obs-gone',
      layers: { transport: { level: 'unknown' } },
    });
  });

  it('frozen is a warning at the first question it leaves open, critical after three seconds', () => {
    const world = calm();
    world.obsError = 'timeout';
    expect(world.until(layerIs('obs', 'warn'))).toBeLessThanOrEqual(500);
    expect(world.until(layerIs('obs', 'critical'))).toBeLessThanOrEqual(3000);
    expect(world.verdict.cause).toBe('obs-frozen');
  });

  it('that stops when asked to is off; that stops by itself gave up, after a second of doubt', () => {
    const asked = calm();
    asked.event('STOPPING');
    asked.stream.outputActive = false;
    asked.pass(5);
    expect(asked.verdict).toMatchObject({ level: 'off', cause: null });

    const alone = calm();
    alone.stream.outputActive = false;
    const took = alone.until(layerIs('transport', 'critical'));
    expect(took).toBeGreaterThan(1000);
    expect(took).toBeLessThanOrEqual(2000);
    expect(alone.verdict.cause).toBe('obs-gave-up');
  });

  it('that was never heard of is unknown, not off and not bad', () => {
    const health = initialHealth({ ...CONFIG, sources: new Set(['obs', 'rtmp']) });
    observe(health, { source: 'obs', ms: 100, error: 'refused' });
    expect(judge(health, 5000)).toMatchObject({ level: 'unknown', cause: null });
  });
});

describe('the way to the ingest', () => {
  it("that swallows everything is critical within four seconds, by the ingest's own count", () => {
    const world = calm();
    world.arriveKbps = 0;
    expect(world.until(layerIs('transport', 'critical'))).toBeLessThanOrEqual(4000);
    expect(world.verdict.cause).toBe('path-to-ingest');
  });

  it('that is throttled is warned of within four seconds and blamed on the upload', () => {
    const world = calm();
    world.arriveKbps = 2400;
    world.flowKbps = 2600;
    expect(world.until((v) => v.layers.transport.level !== 'ok')).toBeLessThanOrEqual(4000);
    expect(world.verdict.cause).toBe('uplink-too-slow');
    expect(world.verdict.advice).toMatch(/^Lower the bitrate to \d+ kbps\.$/);
  });

  it('with a calm picture and a low rate is fine: no lag, no drops, no alarm', () => {
    const world = calm();
    world.encoderKbps = 1500;
    expect(world.pass(60).filter(({ level }) => level !== 'ok')).toEqual([]);
  });

  it('whose server hangs is wedged: its page is silent and its handshake fails', () => {
    const world = calm();
    observe(world.health, {
      source: 'network',
      ms: world.ms,
      data: { target: 'ingest', connectMs: 1, handshakeMs: 2 },
    });
    world.rtmpError = 'timeout';
    world.pass(1.5);
    observe(world.health, {
      source: 'network',
      ms: world.ms,
      data: { target: 'ingest', connectMs: 1, handshakeError: 'timeout' },
    });
    expect(world.until(layerIs('transport', 'critical')) + 1500).toBeLessThanOrEqual(4000);
    expect(world.verdict.cause).toBe('ingest-wedged');
  });

  it('is not healed by RECONNECTED, only by bytes and frames, and its dark time is counted', () => {
    const world = calm();
    const book: IncidentBook = new Map();
    const ended = [];
    world.event('RECONNECTING');
    world.stream.outputReconnecting = true;
    world.listed = false;
    world.pass(5);
    expect(world.verdict.layers.transport).toMatchObject({ level: 'critical', cause: 'ingest-dropped' });
    keepIncidents(book, world.health);
    world.event('RECONNECTED');
    world.resetCounters();
    world.stream.outputReconnecting = false;
    world.flowKbps = 0;
    world.pass(5);
    expect(world.verdict.layers.transport.level).toBe('critical');
    world.flowKbps = null;
    world.listed = true;
    for (const _ of world.pass(20)) ended.push(...keepIncidents(book, world.health));
    expect(world.verdict.layers.transport.level).toBe('ok');
    expect(ended).toHaveLength(1);
    expect(Math.abs((ended[0]?.darkMs ?? 0) - 10_000)).toBeLessThanOrEqual(1000);
  });
});

describe('figures', () => {
  it('never become negative or huge when counters fall', () => {
    const world = calm();
    world.resetCounters();
    for (const _ of world.pass(8)) {
      const rate = sourceVerdicts(world.health).obs?.metrics['bitrateKbps'] ?? null;
      expect(rate === null || (typeof rate === 'number' && rate >= 0 && rate <= 6100)).toBe(true);
    }
  });

  it('are null, not 0 and not NaN, where nothing can be known', () => {
    const health = initialHealth(CONFIG);
    const stream = {
      outputActive: true,
      outputBytes: 0,
      outputTotalFrames: 0,
      outputSkippedFrames: 0,
      outputCongestion: null,
    };
    observe(health, { source: 'obs', ms: 0, data: { GetStreamStatus: stream, GetStats: null, GetRecordStatus: {} } });
    judge(health, 0);
    const metrics = sourceVerdicts(health).obs?.metrics ?? {};
    expect(metrics).toMatchObject({
      bitrateKbps: null,
      droppedPct: null,
      encoderLagPct: null,
      fps: null,
      diskMinutes: null,
    });
    expect(Object.values(metrics)).not.toContain(NaN);
  });

  it.each([null, 7, 'x', [], { GetStreamStatus: 'x' }, { stream: 5 }, { status: '200' }])(
    'survive the answer %j from any source',
    (data) => {
      const health = initialHealth(CONFIG);
      for (const source of ['obs', 'obs-event', 'rtmp', 'hls', 'edge', 'network', 'else'])
        observe(health, { source, ms: 1, data });
      expect(judge(health, 2).level).toMatch(/unknown|off|ok/);
    },
  );

  it('of a source that fell silent stand, with their age, and the source is unknown after three seconds', () => {
    const world = calm();
    world.rtmpError = 'timeout';
    world.pass(4);
    expect(sourceVerdicts(world.health).rtmp).toMatchObject({
      level: 'unknown',
      ageMs: 4000,
      message: 'No answer for 4 s.',
    });
    expect(world.verdict.layers.obs.level).toBe('ok');
  });
});

describe('this computer', () => {
  it('that loses frames is a fault of the source, and a dead network beside it keeps its own name', () => {
    const world = calm();
    world.renderLostShare = 0.4;
    world.until(layerIs('source', 'critical'));
    expect(world.verdict.cause).toBe('encoder-overloaded');
    world.arriveKbps = 0;
    world.flowKbps = 0;
    world.until(layerIs('transport', 'critical'));
    expect(world.verdict).toMatchObject({
      cause: 'path-to-ingest',
      layers: { source: { cause: 'encoder-overloaded' } },
    });
  });

  it('whose recording ends is told within two seconds, but the stream stays ok: viewers are fine', () => {
    const world = calm({ recordingExpected: true });
    world.record.outputActive = true;
    world.pass(15);
    world.record.outputActive = false;
    expect(world.until(layerIs('recording', 'critical'))).toBeLessThanOrEqual(2500);
    expect(world.verdict).toMatchObject({ level: 'ok', layers: { recording: { cause: 'recording-stopped' } } });
  });

  it('while paused is not a recording that stopped', () => {
    const world = calm({ recordingExpected: true });
    world.record.outputActive = true;
    world.pass(15);
    world.record = { outputActive: false, outputPaused: true };
    world.pass(20);
    expect(world.verdict.layers.recording.level).toBe('ok');
  });

  it('with an almost full disk says so while it records', () => {
    const world = calm();
    world.record.outputActive = true;
    world.freeDiskMb = 4000;
    world.until(layerIs('recording', 'warn'));
    expect(world.verdict.layers.recording.cause).toBe('disk-low');
  });
});

describe('delivery', () => {
  it('that publishes nothing new is told within 1.5 target durations and two polls', () => {
    const world = calm();
    world.packaging = false;
    expect(world.until(layerIs('delivery', 'warn'))).toBeLessThanOrEqual(1.5 * 2000 + 2 * 1000 + 1000);
    expect(world.verdict.cause).toBe('packager-stalled');
  });

  it('is not judged while the way to the ingest is bad, nor right after', () => {
    const world = calm();
    world.arriveKbps = 0;
    world.until(layerIs('transport', 'critical'));
    world.playlistStatus = 404;
    world.pass(5);
    expect(world.verdict.layers.delivery.level).toBe('unknown');
    world.arriveKbps = null;
    world.until(layerIs('transport', 'ok'));
    world.pass(5);
    expect(world.verdict.layers.delivery.level).toBe('ok');
  });

  it('that answers errors for a second is critical, and clears ten seconds after it serves again', () => {
    const world = calm();
    world.playlistStatus = 503;
    expect(world.until(layerIs('delivery', 'critical'))).toBeLessThanOrEqual(2000);
    world.playlistStatus = 200;
    const took = world.until(layerIs('delivery', 'ok'));
    expect(took).toBeGreaterThanOrEqual(10_000);
    expect(took).toBeLessThanOrEqual(13_000);
  });
});
