import { describe, expect, it } from 'vitest';
import { type Verdict, judge, observe, sourceVerdicts } from './health.ts';
import { type IncidentBook, keepIncidents } from './health/incidents.ts';
import type { HealthSample, ProbeError } from './health/sample.ts';
import { type Health, type HealthConfig, initialHealth } from './health/state.ts';

const CONFIG: HealthConfig = {
  sources: null,
  fps: 30,
  keyframeSeconds: 2,
  targetDurationSeconds: 2,
  recordingExpected: false,
};

/** A healthy world that a test breaks piece by piece: 6000 kbps, 30 fps, polls as the hub makes them. */
class World {
  readonly health: Health;
  ms = 0;
  /** what OBS says of its stream; a test changes it */
  stream = { outputActive: true, outputReconnecting: false, outputCongestion: 0 };
  record = { outputActive: false, outputPaused: false };
  /** what the picture weighs */
  encoderKbps = 6000;
  /** what OBS can hand to its network; null: all of it */
  flowKbps: number | null = null;
  /** what the ingest gets; null: all of it, and nothing is late */
  arriveKbps: number | null = null;
  droppedShare = 0;
  renderLostShare = 0;
  freeDiskMb = 200_000;
  obsError: ProbeError | null = null;
  rtmpError: ProbeError | null = null;
  listed = true;
  playlistStatus = 200;
  packaging = true;
  #bytes = 1e6;
  #arrived = 1e6;
  #frames = 1000;
  #lost = 0;
  #renderLost = 0;
  #recorded = 0;
  #segment = 10;
  #mediaMs = 60_000;
  #arrivedMediaMs = 60_000;
  verdict: Verdict;

  constructor(config: Partial<HealthConfig> = {}) {
    this.health = initialHealth({ ...CONFIG, ...config });
    this.verdict = judge(this.health, 0);
  }

  resetCounters(): void {
    this.#bytes = 0;
    this.#frames = 0;
    this.#lost = 0;
    this.#mediaMs = 0;
  }

  event(state: string): void {
    const eventData = { outputState: `OBS_WEBSOCKET_OUTPUT_${state}` };
    this.#say({ source: 'obs-event', ms: this.ms, data: { eventType: 'StreamStateChanged', eventData } });
  }

  /** Lets time pass in steps of 250 ms, as the hub lives it. @returns verdicts of each step */
  pass(seconds: number): Verdict[] {
    const verdicts: Verdict[] = [];
    for (let i = 0; i < seconds * 4; i += 1) verdicts.push(this.#step());
    return verdicts;
  }

  /** ms until `is` holds; fails after a minute */
  until(is: (verdict: Verdict) => boolean): number {
    const from = this.ms;
    while (this.ms - from < 60_000) if (is(this.#step())) return this.ms - from;
    throw new Error(`never: ${JSON.stringify(this.verdict)}`);
  }

  #step(): Verdict {
    this.ms += 250;
    this.#flow(0.25);
    if (this.ms % 500 === 0) {
      this.#say(
        this.obsError === null
          ? { source: 'obs', ms: this.ms, tookMs: 2, data: this.#obs() }
          : { source: 'obs', ms: this.ms, error: this.obsError },
      );
      this.#say(
        this.rtmpError === null
          ? { source: 'rtmp', ms: this.ms, data: this.#stat() }
          : { source: 'rtmp', ms: this.ms, error: this.rtmpError },
      );
    }
    if (this.ms % 1000 === 0) this.#say({ source: 'hls', ms: this.ms, data: this.#playlist() });
    this.verdict = judge(this.health, this.ms);
    return this.verdict;
  }

  #say(sample: HealthSample): void {
    observe(this.health, sample);
  }

  #flow(seconds: number): void {
    const frames = 30 * seconds;
    const sending = this.stream.outputActive && !this.stream.outputReconnecting;
    this.#renderLost += frames * this.renderLostShare;
    if (!this.listed) this.#arrived = 0;
    if (sending) {
      this.#bytes += (this.flowKbps ?? this.encoderKbps) * 125 * seconds;
      this.#frames += frames;
      this.#lost += frames * this.droppedShare;
      this.#mediaMs += 1000 * seconds;
      const arriving = this.arriveKbps ?? this.flowKbps ?? this.encoderKbps;
      this.#arrived += arriving * 125 * seconds;
      // Late media is late until nothing holds it back any more.
      if (arriving >= this.encoderKbps) this.#arrivedMediaMs = this.#mediaMs;
      else this.#arrivedMediaMs += (1000 * seconds * arriving) / this.encoderKbps;
    }
    if (this.record.outputActive) this.#recorded += 750_000 * seconds;
    if (this.packaging && this.ms % 2000 === 0) this.#segment += 1;
  }

  #obs(): object {
    const frames = Math.round(this.#frames);
    return {
      GetStreamStatus: {
        ...this.stream,
        outputBytes: Math.round(this.#bytes),
        outputDuration: this.#mediaMs,
        outputSkippedFrames: Math.round(this.#lost),
        outputTotalFrames: frames,
      },
      GetStats: {
        activeFps: 30,
        availableDiskSpace: this.freeDiskMb,
        averageFrameRenderTime: 5,
        cpuUsage: 10,
        outputSkippedFrames: 0,
        outputTotalFrames: frames,
        renderSkippedFrames: Math.round(this.#renderLost),
        renderTotalFrames: Math.round(this.ms * 0.03),
      },
      GetRecordStatus: { ...this.record, outputBytes: Math.round(this.#recorded), outputDuration: 1000 },
    };
  }

  #stat(): object {
    const stream = { bytes_in: Math.round(this.#arrived), client: { timestamp: Math.round(this.#arrivedMediaMs) } };
    return { bytes_in: 1, pid: 7, stream: this.listed ? stream : null };
  }

  #playlist(): object {
    if (this.playlistStatus !== 200) return { status: this.playlistStatus };
    return { status: 200, 'EXT-X-TARGETDURATION': 2, 'EXT-X-MEDIA-SEQUENCE': this.#segment, EXTINF: 6 };
  }
}

function calm(config: Partial<HealthConfig> = {}): World {
  const world = new World(config);
  const before = world.pass(40);
  expect(before.slice(8).map(({ level }) => level)).not.toContain('warn');
  expect(world.verdict.level).toBe('ok');
  return world;
}

const layerIs =
  (layer: keyof Verdict['layers'], level: string) =>
  (verdict: Verdict): boolean =>
    verdict.layers[layer].level === level;

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
