import { describe, expect, it } from 'vitest';
import { activeAlarms, type Alarm } from '../alarms.ts';
import { liveCues } from '../cue-testing.ts';
import { CAUSES, wordsOf } from '../health/causes.ts';
import { NO_STREAM } from '../plan-upgrade.ts';
import { given, now, run, type TestShow, wait } from '../testing.ts';
import { toIso } from '../units.ts';
import type { Level, StreamLayer } from '../words.ts';
import { dueAlarms } from './alarm-due.ts';
import type { LayerNow, Vitals } from './vitals.ts';

const OPENED = Date.parse('2026-11-28T17:50:00Z');
const OBS = { ...NO_STREAM, obs: { url: 'ws://127.0.0.1:4455' } };

interface Stage {
  show: TestShow;
  vitals: Vitals & { layers: Map<StreamLayer, LayerNow> };
}

function stage(stream = NO_STREAM): Stage {
  const show = liveCues([], OPENED, { stream });
  const vitals = { cannotSave: null, freeBytes: null, online: new Set<string>(), pending: new Map() };
  return { show, vitals: { ...vitals, layers: new Map() } };
}

function tick({ show, vitals }: Stage): string[] {
  const facts = dueAlarms(show.state, vitals, now(show));
  for (const { origin: _o, originId: _i, ...fact } of facts) given(show, fact);
  return facts.map(({ kind, body }) => `${kind.slice('alarm.'.length)} ${'alarm' in body ? body.alarm : ''}`);
}
const after = (s: Stage, ms: number): string[] => (wait(s.show, ms), tick(s));
const active = (s: Stage): Alarm[] => activeAlarms(s.show.state.alarms);

function degraded(s: Stage, layer: StreamLayer, level: Level, cause = 'x'): void {
  const words = { level, cause, message: wordsOf(cause).message, snapshot: {} };
  const body = { incident: `i-${layer}`, layer, startedAt: toIso(s.show.at), ...words };
  given(s.show, { kind: 'stream.degraded', body });
}

describe('the words', () => {
  it('of every cause fit the bar, say what, since when and what to do, and are the cause’s own', () => {
    for (const cause of CAUSES) {
      const s = stage({ ...NO_STREAM, backupIngest: 'rtmp://b.example/live' });
      degraded(s, 'transport', 'critical', cause);
      tick(s);
      const text = active(s)[0]?.message ?? '';
      expect(text.length, text).toBeLessThanOrEqual(90);
      expect(text).toMatch(/, since 17:50:00\. [A-Z].*\.$/);
      const { message, advice } = wordsOf(cause);
      const said = text.slice(text.indexOf('17:50:00. ') + 10, -1);
      if (cause !== 'unclear') expect(text.startsWith(message.slice(0, 20).replace(/\.$/, ''))).toBe(true);
      expect(advice.startsWith(said) || said.startsWith('Check'), text).toBe(true);
    }
  });

  it('do not advise a backup that the plan does not have', () => {
    const s = stage();
    degraded(s, 'transport', 'critical', 'ingest-wedged');
    tick(s);
    expect(active(s)[0]?.message).not.toMatch(/backup/i);
  });
});

describe('with the verdict', () => {
  it('the alarm comes though its fact must wait for its turn', () => {
    const s = stage();
    degraded(s, 'transport', 'warn', 'uplink-too-slow');
    expect(tick(s)).toEqual([]);
    const words = { cause: 'path-to-ingest', message: wordsOf('path-to-ingest').message };
    s.vitals.layers.set('transport', { level: 'critical', ...words });
    expect(after(s, 250)).toEqual(['raised stream-down']);
    expect(active(s)[0]?.message).toMatch(/^The way to the streaming server is broken/);
    // What eases waits for its fact: a flicker of the judge clears nothing.
    s.vitals.layers.clear();
    given(s.show, {
      kind: 'stream.worsened',
      body: { incident: 'i-transport', layer: 'transport', level: 'critical', ...words, snapshot: {} },
    });
    expect(after(s, 250)).toEqual([]);
  });

  it('a layer without an incident of its own raises nothing', () => {
    const s = stage();
    s.vitals.layers.set('obs', { level: 'critical', cause: 'obs-gone', message: 'OBS is closed or crashed.' });
    expect(tick(s)).toEqual([]);
  });
});

describe('one incident', () => {
  it('that worsens sounds again, whether it was acknowledged or put on the shelf', () => {
    for (const quiet of ['acknowledge', 'shelve'] as const) {
      const s = stage();
      degraded(s, 'source', 'warn', 'encoder-overloaded');
      tick(s);
      expect(after(s, 10_000)).toEqual(['raised stream-weak']);
      const alarm = 'stream-weak';
      const silenced =
        quiet === 'acknowledge'
          ? run(s.show, { kind: 'acknowledge-alarm', alarm })
          : run(s.show, { kind: 'shelve-alarm', alarm, untilMs: 300_000 });
      expect(silenced.ok).toBe(true);
      const words = { level: 'critical', cause: 'encoder-overloaded', message: 'x.', snapshot: {} } as const;
      given(s.show, { kind: 'stream.worsened', body: { incident: 'i-source', layer: 'source', ...words } });
      expect(tick(s)).toContain('worsened stream-weak');
      expect(active(s)[0]).toMatchObject({ priority: 2, acknowledgedAt: null, shelved: null });
    }
  });

  it('names what follows from it, and its children have no alarm of their own', () => {
    const s = stage();
    degraded(s, 'delivery', 'warn', 'edge-stale');
    degraded(s, 'source', 'critical', 'encoder-overloaded');
    degraded(s, 'transport', 'critical', 'path-to-ingest');
    expect(tick(s)).toEqual(['raised stream-down']);
    expect(active(s)[0]?.related).toEqual(['i-delivery', 'i-source']);
    expect(after(s, 20_000)).toEqual([]);
  });
});

it('a recording that stops matters while the show is live', () => {
  const s = stage();
  degraded(s, 'recording', 'critical', 'recording-stopped');
  expect(tick(s)).toEqual(['raised recording-stopped']);
  expect(active(s)[0]).toMatchObject({ priority: 1, action: 'Start recording' });
  s.show.state.phase = 'closing';
  expect(tick(s)).toEqual(['cleared recording-stopped']);
});

describe('failover', () => {
  const move = { action: 'f9', what: 'switch-ingest', from: 'primary', to: 'backup' } as const;

  it('that waits for a person is critical until it is answered', () => {
    const s = stage();
    given(s.show, { kind: 'failover.armed', body: { mode: 'confirm', by: 'desk' } });
    const why = 'The way to the streaming server is broken.';
    given(s.show, {
      kind: 'failover.proposed',
      body: { ...move, mode: 'confirm', why, wouldHave: false, snapshot: {} },
    });
    expect(tick(s)).toEqual(['raised failover-waits:switch-ingest']);
    expect(active(s)[0]).toMatchObject({ priority: 1, action: 'Confirm' });
    expect(active(s)[0]?.message).toMatch(/^Switch to the backup\? .*, since 17:50:00\.$/);
    expect((active(s)[0]?.message ?? '').length).toBeLessThanOrEqual(90);
    given(s.show, { kind: 'failover.cancelled', body: { ...move, why: 'no', by: 'desk' } });
    expect(tick(s)).toEqual(['cleared failover-waits:switch-ingest']);
  });

  it('that is locked is critical until it is armed again; what it would have done is no alarm', () => {
    const s = stage();
    given(s.show, {
      kind: 'failover.proposed',
      body: { ...move, mode: 'observe', why: 'x.', wouldHave: true, snapshot: {} },
    });
    expect(tick(s)).toEqual([]);
    given(s.show, { kind: 'failover.locked', body: { why: 'Two switches failed.' } });
    expect(tick(s)).toEqual(['raised failover-waits:locked']);
    expect(active(s)[0]?.message).toBe('Failover is locked. Two switches failed. Arm it again.');
    given(s.show, { kind: 'failover.armed', body: { mode: 'confirm', by: 'desk' } });
    expect(tick(s)).toEqual(['cleared failover-waits:locked']);
  });
});

it('a stop by hand is a question after ten seconds, until it is started again; a stop of our own is none', () => {
  const s = stage();
  given(s.show, { kind: 'stream.started', body: { ingest: 'primary', at: toIso(s.show.at) } });
  given(s.show, { kind: 'stream.stopped', body: { ingest: 'primary', by: 'operator', at: toIso(s.show.at) } });
  expect([tick(s), after(s, 9999), after(s, 1)]).toEqual([[], [], ['raised stream-stopped']]);
  expect(active(s)[0]).toMatchObject({ priority: 3 });
  given(s.show, { kind: 'stream.started', body: { ingest: 'primary', at: toIso(s.show.at) } });
  expect(tick(s)).toEqual(['cleared stream-stopped']);
  given(s.show, { kind: 'stream.stopped', body: { ingest: 'primary', by: 'dropdesk', at: toIso(s.show.at) } });
  expect(after(s, 20_000)).toEqual([]);
});

it('a show with a stream that was never checked says so once; one without a stream does not', () => {
  expect(tick(stage())).toEqual([]);
  const s = stage(OBS);
  expect(tick(s)).toEqual(['raised audit-not-run']);
  expect(active(s)[0]).toMatchObject({ priority: 3, action: 'Run the checks' });
  given(s.show, {
    kind: 'audit.finished',
    body: { auditId: 'a9', partial: false, results: [], tookMs: 1, by: 'desk', version: '1' },
  });
  expect([tick(s), after(s, 60_000)]).toEqual([['cleared audit-not-run'], []]);
});
