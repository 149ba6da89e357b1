import { describe, expect, it } from 'vitest';
import { initialHealth } from '../domain/health/state.ts';
import { NO_STREAM } from '../domain/plan-upgrade.ts';
import { initialShow, type ShowState } from '../domain/show.ts';
import { toIso } from '../domain/units.ts';
import { onAirFact } from './on-air-facts.ts';

const AT = Date.parse('2026-11-28T19:00:00.000Z');
const now = { at: AT, mono: 60_000, boot: 'b', t: AT };

function given(obs: { active: boolean; gaveUpMs?: number; stoppingMs?: number }, isOnAir: boolean) {
  const health = initialHealth({
    sources: null,
    fps: 30,
    keyframeSeconds: 2,
    targetDurationSeconds: null,
    recordingExpected: false,
    retryDelaySeconds: null,
    stillScenes: [],
    wallAheadMs: null,
  });
  Object.assign(health.obs, obs);
  const show = initialShow('s');
  if (isOnAir) show.stream.onAir = { since: AT - 50_000, ingest: 'backup' };
  return { health, show };
}

/** An action of ours from `from` to `to`, ms before now; null: still under way. */
function ours(show: ShowState, what: 'switch-ingest' | 'show-slate', from: number, to: number | null): void {
  show.failover.actions.push({
    ...{ action: 'f1', what, from: 'primary', to: 'backup', why: '', by: 'dropdesk', tookMs: null },
    ...{ at: AT - from, startedAt: AT - from, endedAt: to === null ? null : AT - to, state: 'started' },
  });
}

describe('a stream that is on', () => {
  it('names the ingest that was read, and takes what OBS is set to for the primary until it was', () => {
    const { health, show } = given({ active: true }, false);
    expect(onAirFact(health, show, 'backup', now)?.body).toMatchObject({ ingest: 'backup' });
    expect(onAirFact(health, show, null, now)?.body).toMatchObject({ ingest: 'primary' });
    const on = given({ active: true }, true);
    expect(onAirFact(on.health, on.show, 'primary', now)).toBeNull();
  });
});

describe('a stream that has stopped', () => {
  const stopped = { active: false, stoppingMs: 59_000 };

  it('was stopped by a person, and where it went to stays as it was', () => {
    const { health, show } = given(stopped, true);
    const body = { ingest: 'backup', by: 'operator', at: toIso(AT - 1000) };
    expect(onAirFact(health, show, 'primary', now)).toEqual({ kind: 'stream.stopped', body });
  });

  it('was stopped by Dropdesk within an action of its own that stops OBS', () => {
    for (const [what, from, to, by] of [
      ['switch-ingest', 1500, null, 'dropdesk'],
      ['switch-ingest', 1500, 500, 'dropdesk'],
      ['switch-ingest', 9000, 5000, 'operator'],
      ['show-slate', 1500, null, 'operator'],
    ] as const) {
      const { health, show } = given(stopped, true);
      ours(show, what, from, to);
      expect(onAirFact(health, show, null, now)?.body).toMatchObject({ by });
    }
  });

  it('was stopped by a person where a relay of ours moves and OBS never stops', () => {
    const { health, show } = given(stopped, true);
    ours(show, 'switch-ingest', 1500, null);
    const stream = { ...NO_STREAM, relay: { url: 'rtmp://127.0.0.1/live' } };
    Object.assign(show, { plan: { stream } });
    expect(onAirFact(health, show, null, now)?.body).toMatchObject({ by: 'operator' });
  });

  it('gave up when nobody stopped it, which is believed after a second', () => {
    const just = given({ active: false, gaveUpMs: 59_500 }, true);
    expect(onAirFact(just.health, just.show, null, now)).toBeNull();
    const { health, show } = given({ active: false, gaveUpMs: 58_000 }, true);
    expect(onAirFact(health, show, null, now)?.body).toMatchObject({ by: 'gave-up', at: toIso(AT - 2000) });
  });
});
