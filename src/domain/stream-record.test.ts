import { describe, expect, it } from 'vitest';
import type { StreamFact } from './facts/stream-facts.ts';
import type { Entry } from './ledger.ts';
import { type StreamRecord, evolveStream, initialStream } from './stream-record.ts';

const AT = Date.parse('2026-11-28T19:00:00.000Z');
const iso = (s: number): string => new Date(AT + s * 1000).toISOString();

function given(...facts: StreamFact[]): StreamRecord {
  const state = initialStream();
  for (const [i, fact] of facts.entries()) {
    const meta = {
      seq: i + 1,
      at: AT + i * 1000,
      mono: i * 1000,
      boot: 'b',
      origin: 'stream',
      originId: `b:${i}`,
      prevHash: '',
      hash: '',
    };
    evolveStream(state, { ...meta, ...fact } as Entry, { t: AT + i * 1000, plan: null });
  }
  return state;
}

const words = { message: 'The way to the streaming server is broken.', snapshot: {} };
const degraded: StreamFact = {
  kind: 'stream.degraded',
  body: { incident: 'i1', layer: 'transport', level: 'warn', cause: 'unclear', startedAt: iso(0), ...words },
};

describe('incidents', () => {
  it('remember the worst that was and every cause that was named', () => {
    const record = given(
      degraded,
      {
        kind: 'stream.worsened',
        body: { incident: 'i1', layer: 'transport', level: 'critical', cause: 'path-to-ingest', ...words },
      },
      {
        kind: 'stream.eased',
        body: { incident: 'i1', layer: 'transport', level: 'warn', cause: 'path-to-ingest', ...words },
      },
    );
    expect(record.open.get('transport')).toMatchObject({
      level: 'warn',
      worst: 'critical',
      causes: ['unclear', 'path-to-ingest'],
    });
  });

  it('end once, with their dark time, and a stray fact about another one changes nothing', () => {
    const recovered = {
      layer: 'transport',
      worst: 'critical',
      causes: ['unclear'],
      darkMs: 9600,
      starvedMs: 0,
    } as const;
    const record = given(
      degraded,
      { kind: 'stream.recovered', body: { ...recovered, causes: [], incident: 'i9', endedAt: iso(5) } },
      { kind: 'stream.recovered', body: { ...recovered, causes: [], incident: 'i1', endedAt: iso(9) } },
    );
    expect(record.open.size).toBe(0);
    expect(record.incidents).toMatchObject([{ id: 'i1', endedAt: AT + 9000, darkMs: 9600 }]);
  });
});

describe('a recording', () => {
  const started: StreamFact = {
    kind: 'recording.started',
    body: {
      run: 'rec1',
      requestedAt: null,
      noticedAt: iso(0),
      path: null,
      fps: { num: 30, den: 1 },
      width: 1280,
      height: 720,
      encoder: 'shared',
      obsVersion: '29.0.2',
      folder: '/rec',
    },
  };

  it('has a file per split, and learns the name of the first only when it stops', () => {
    const record = given(
      started,
      { kind: 'recording.split', body: { run: 'rec1', index: 1, path: '/rec/b.mkv', noticedAt: iso(60) } },
      { kind: 'recording.stopped', body: { run: 'rec1', requestedAt: null, noticedAt: iso(90), path: '/rec/a.mkv' } },
    );
    expect(record.runs[0]?.files.map(({ path }) => path)).toEqual(['/rec/a.mkv', '/rec/b.mkv']);
    expect(record.recording).toBeNull();
  });

  it('that is lost while paused ends, pause and all, at its last sample', () => {
    const record = given(
      started,
      { kind: 'recording.paused', body: { run: 'rec1', requestedAt: null, noticedAt: iso(10) } },
      { kind: 'recording.lost', body: { run: 'rec1', lastSampleAt: iso(20) } },
    );
    expect(record.runs[0]).toMatchObject({ lostAt: AT + 20_000, pauses: [{ from: AT + 10_000, to: AT + 20_000 }] });
    expect(record.recording).toBeNull();
  });
});

it('knows since when the stream is on air, and for how long it was before', () => {
  const record = given(
    { kind: 'stream.started', body: { ingest: 'primary', at: iso(0) } },
    { kind: 'stream.stopped', body: { ingest: 'primary', by: 'operator', at: iso(30) } },
    { kind: 'stream.started', body: { ingest: 'primary', at: iso(40) } },
  );
  expect(record.aired).toEqual([{ from: AT, to: AT + 30_000 }]);
  expect(record.onAir).toEqual({ since: AT + 40_000, ingest: 'primary' });
});
