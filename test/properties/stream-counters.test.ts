import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { judge, observe, sourceVerdicts } from '../../src/domain/health.ts';
import { type IncidentBook, keepIncidents } from '../../src/domain/health/incidents.ts';
import { type Health, initialHealth } from '../../src/domain/health/state.ts';
import { configFrom } from '../../src/hub/replay-health.ts';
import { sidecarOf } from './stream-rig.ts';

// Playing hours is work; a busy machine may take its time over it.
vi.setConfig({ testTimeout: 60_000 });

/**
 * Counters that fall, in any order and at any time (specs/stream.md §13, row 10): OBS's bytes when an attempt starts,
 * its frames when it succeeds, the server's with its process, and 0 of 0 frames in between.
 */

const KBPS = 4000;
const FPS = 30;
/** Growth of a quarter second may be counted in the next one. */
const MOST_KBPS = 2.5 * KBPS;

const happening = fc.oneof(
  { weight: 6, arbitrary: fc.constant('flow' as const) },
  fc.constantFrom(
    'stall',
    'reconnecting',
    'reconnected',
    'bytes fall',
    'frames fall',
    'server restarts',
    'not listed',
    'another source',
    'no frames at all',
    'fields missing',
    'record restarts',
  ),
);
type Happening = Exclude<typeof happening extends fc.Arbitrary<infer T> ? T : never, never>;

/** Two seconds of a stream in each step; what happens, happens at its beginning. */
class Counters {
  readonly health: Health = initialHealth(
    configFrom(sidecarOf({ fps: FPS, keyframeMs: 2000, targetMs: 2000, rateControl: 'CBR', server: 'nginx-rtmp' })),
  );
  readonly book: IncidentBook = new Map();
  ms = 0;
  reconnecting = false;
  flows = true;
  /** since RECONNECTING, and until bytes and frames have grown: nobody may call it well */
  owesTrouble = false;
  listed = true;
  missing = false;
  pid = 7;
  id = 1;
  obs = { bytes: 5e6, frames: 3000, lost: 4, mediaMs: 100_000, totalFrames: true };
  server = { bytes: 5e6, mediaMs: 100_000 };
  record = 1e6;
  recovered = false;

  happen(what: Happening): void {
    this.missing = what === 'fields missing';
    this.obs.totalFrames = what !== 'no frames at all';
    switch (what) {
      case 'flow':
        this.flows = !this.reconnecting;
        this.listed ||= this.flows;
        break;
      case 'stall':
        this.flows = false;
        break;
      case 'reconnecting':
        this.reconnecting = true;
        this.flows = false;
        this.owesTrouble = true;
        this.#event('RECONNECTING', false);
        break;
      case 'reconnected':
        if (!this.reconnecting) break;
        this.reconnecting = false;
        this.obs = { ...this.obs, bytes: 0, frames: 0, lost: 0, mediaMs: 0 };
        this.server = { bytes: 0, mediaMs: 0 };
        this.#event('RECONNECTED', true);
        break;
      case 'bytes fall':
        this.obs.bytes = 0;
        this.obs.lost = 0;
        break;
      case 'frames fall':
        this.obs.frames = 0;
        break;
      case 'server restarts':
        this.pid += 1;
        this.server = { bytes: 0, mediaMs: 0 };
        break;
      case 'not listed':
        this.listed = false;
        break;
      case 'another source':
        this.id += 1;
        this.server.bytes = 0;
        break;
      case 'record restarts':
        this.record = 0;
        break;
    }
  }

  pass(seconds: number, look: (health: Health) => void): void {
    for (let i = 0; i < seconds * 4; i += 1) {
      this.ms += 250;
      this.#grow(0.25);
      if (i % 2 === 0) this.#answer();
      const { layers } = judge(this.health, this.ms);
      const ended = keepIncidents(this.book, this.health);
      // Suppression is not recovery: only an incident that has ended is.
      if (this.owesTrouble && ended.some(({ layer }) => layer === 'transport')) this.recovered = true;
      if (this.owesTrouble && layers.transport.level === 'ok' && layers.obs.level === 'ok') this.recovered = true;
      look(this.health);
    }
  }

  #grow(seconds: number): void {
    this.record += 1e5 * seconds;
    if (!this.flows) return;
    this.owesTrouble = false;
    this.obs.bytes += KBPS * 125 * seconds;
    this.obs.frames += FPS * seconds;
    this.obs.mediaMs += 1000 * seconds;
    this.server.bytes += KBPS * 125 * seconds;
    this.server.mediaMs += 1000 * seconds;
  }

  #event(word: string, outputActive: boolean): void {
    const eventData = { outputActive, outputState: `OBS_WEBSOCKET_OUTPUT_${word}` };
    observe(this.health, {
      source: 'obs-event',
      ms: this.ms,
      data: { eventType: 'StreamStateChanged', eventData },
    });
  }

  #answer(): void {
    const { obs, server, ms, missing } = this;
    const frames = obs.totalFrames ? Math.round(obs.frames) : 0;
    const status = {
      outputActive: true,
      outputReconnecting: this.reconnecting,
      outputBytes: Math.round(obs.bytes),
      outputCongestion: 0,
      outputDuration: obs.mediaMs,
      outputSkippedFrames: obs.totalFrames ? obs.lost : 0,
      outputTotalFrames: frames,
    };
    const stats = {
      activeFps: missing ? null : FPS,
      outputSkippedFrames: 0,
      outputTotalFrames: frames,
      renderSkippedFrames: 0,
      renderTotalFrames: frames,
      availableDiskSpace: 90_000,
    };
    const record = { outputActive: true, outputPaused: false, outputBytes: Math.round(this.record) };
    observe(this.health, {
      source: 'obs',
      ms,
      tookMs: 1,
      data: missing
        ? { GetStreamStatus: { outputActive: true, outputReconnecting: this.reconnecting }, GetStats: stats }
        : { GetStreamStatus: status, GetStats: stats, GetRecordStatus: record },
    });
    const stream = {
      bytes_in: missing ? null : Math.round(server.bytes),
      id: `s${this.id}`,
      client: { timestamp: server.mediaMs },
    };
    observe(this.health, {
      source: 'rtmp',
      ms,
      data: { bytes_in: 1, pid: this.pid, stream: this.listed ? stream : null },
    });
  }
}

/** Every figure that is told must be one: a number that means something, or null. */
function breaches(health: Health): string[] {
  return Object.entries(sourceVerdicts(health)).flatMap(([source, { metrics }]) =>
    Object.entries(metrics).flatMap(([name, value]) => {
      if (typeof value !== 'number') return [];
      if (!Number.isFinite(value) || value < 0) return [`${source}.${name} = ${value}`];
      if (name.endsWith('Kbps') && value > MOST_KBPS) return [`${source}.${name} = ${value}`];
      return name.endsWith('Pct') && value > 100 ? [`${source}.${name} = ${value}`] : [];
    }),
  );
}

describe('counters that fall in any order', () => {
  it('never make a figure negative, huge or no number, and never an early recovery', () => {
    fc.assert(
      fc.property(fc.array(happening, { minLength: 5, maxLength: 40 }), (happenings) => {
        const counters = new Counters();
        const heard = new Set<string>();
        const look = (health: Health): void => breaches(health).forEach((breach) => heard.add(breach));
        counters.pass(4, look);
        for (const what of happenings) {
          counters.happen(what);
          counters.pass(2, look);
        }
        expect([...heard]).toEqual([]);
        expect(counters.recovered).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('RECONNECTED without a byte is not a recovery, however long it lasts', () => {
    const counters = new Counters();
    counters.pass(30, () => undefined);
    counters.happen('reconnecting');
    counters.pass(5, () => undefined);
    counters.happen('reconnected');
    counters.pass(120, () => undefined);
    expect(counters.recovered).toBe(false);
    expect(judge(counters.health, counters.ms).layers.transport.level).toBe('critical');
    counters.happen('flow');
    counters.pass(30, () => undefined);
    expect(judge(counters.health, counters.ms).layers.transport.level).toBe('ok');
  });
});
