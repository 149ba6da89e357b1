import { describe, expect, it } from 'vitest';
import { act, cue, liveCues } from '../cue-testing.ts';
import { NO_STREAM } from '../plan-upgrade.ts';
import type { StreamPlan } from '../plan.ts';
import { given, offer, type TestShow } from '../testing.ts';
import { toIso } from '../units.ts';
import type { Level, StreamLayer, StreamSource } from '../words.ts';

const OPENED = Date.parse('2026-11-28T17:50:00Z');
const GO = { kind: 'start-cue' } as const;
const WATCHED: Partial<StreamPlan> = {
  obs: { url: 'ws://127.0.0.1:4455' },
  hls: { url: 'http://127.0.0.1/live.m3u8' },
};

function show(stream: Partial<StreamPlan> = WATCHED, kind: 'drop' | 'talk' = 'drop'): TestShow {
  const cues = [cue('c1', { kind, offer: kind === 'drop' ? 'drop-1' : null }), cue('c2')];
  return liveCues(cues, OPENED, { offers: [offer('drop-1', 'MUG', { cap: 5 })], stream: { ...NO_STREAM, ...stream } });
}

function trouble(on: TestShow, layer: StreamLayer, level: Level): void {
  const words = { cause: 'obs-gone', message: 'OBS is closed or crashed.', snapshot: {} };
  const body = { incident: `i-${layer}`, layer, level, startedAt: toIso(OPENED + 48_000), ...words };
  given(on, { kind: 'stream.degraded', body });
}

function silent(on: TestShow, ...sources: StreamSource[]): void {
  for (const source of sources) given(on, { kind: 'stream.unseen', body: { source, since: toIso(OPENED + 40_000) } });
}

const go = (on: TestShow, more = {}) => act(on, OPENED + 60_000, { ...GO, ...more });
const HELD = { ok: false, code: 'held-by-stream' };

describe('a drop', () => {
  it.each(['obs', 'transport', 'delivery'] as const)(
    'waits while %s is down, and says what it is and since when',
    (layer) => {
      const on = show();
      trouble(on, layer, 'critical');
      expect(go(on)).toMatchObject({
        ...HELD,
        message: expect.stringMatching(
          /^OBS is closed or crashed\. This has lasted 00:12\. Selling to viewers now would fail/,
        ),
      });
    },
  );

  it('goes with a reason, which is in the ledger and in the reply', () => {
    const on = show();
    trouble(on, 'obs', 'critical');
    expect(go(on, { overrideReason: 'Room only' })).toMatchObject({ ok: true, cue: 'c1', held: 'Room only' });
    const started = on.entries.find(({ kind }) => kind === 'cue.started');
    expect(started?.body).toMatchObject({ override: 'Room only' });
  });

  it('does not wait for what viewers can watch all the same, nor once it is well again', () => {
    const on = show();
    trouble(on, 'transport', 'warn');
    trouble(on, 'source', 'critical');
    trouble(on, 'recording', 'critical');
    trouble(on, 'obs', 'critical');
    const ended = {
      incident: 'i-obs',
      layer: 'obs' as const,
      endedAt: toIso(OPENED + 55_000),
      worst: 'critical' as const,
    };
    given(on, { kind: 'stream.recovered', body: { ...ended, causes: [], darkMs: 0, starvedMs: 0 } });
    const reply = go(on, { overrideReason: 'Not needed' });
    expect(reply).toMatchObject({ ok: true });
    expect(reply).not.toHaveProperty('held');
  });

  it('waits when every source that could tell has been silent for ten seconds, not when one of them is', () => {
    const one = show();
    silent(one, 'obs');
    expect(go(one)).toMatchObject({ ok: true });
    const all = show();
    silent(all, 'obs', 'hls');
    expect(go(all)).toMatchObject({ ...HELD, message: expect.stringContaining('This has lasted 00:20.') });
  });

  it('is never held where no stream is planned', () => {
    const on = show(NO_STREAM);
    trouble(on, 'obs', 'critical');
    expect(go(on)).toMatchObject({ ok: true });
  });
});

it('a talk goes on while the stream is down', () => {
  const on = show(WATCHED, 'talk');
  trouble(on, 'transport', 'critical');
  expect(go(on)).toMatchObject({ ok: true });
});
