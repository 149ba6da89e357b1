import { expect, it } from 'vitest';
import type { DeskState } from '../../../contract/desk-state.ts';
import type { Metrics, StreamView } from '../../../contract/stream-state.ts';
import { NO_STREAM } from '../../../domain/plan-upgrade.ts';
import type { Level } from '../../../domain/words.ts';
import { pathRows, viewersOf } from './path-rows.ts';

const NOW = Date.parse('2026-11-28T20:00:10.000Z');

function source(level: Level, ageMs: number | null, metrics: Metrics = {}) {
  return { level, since: '2026-11-28T20:00:05.000Z', metrics, message: '', ageMs };
}

function stateWith(sources: StreamView['sources'], more: Partial<StreamView> = {}): DeskState {
  const stream = { level: 'ok', layers: {}, sources, incidents: [], follows: [], viewers: null, ...more };
  const recording = { active: true, paused: false, path: null, sinceMs: null, diskMinutes: 190 };
  return { now: new Date(NOW).toISOString(), stream, recording, plan: { stream: NO_STREAM } } as unknown as DeskState;
}
const rowsOf = (...args: Parameters<typeof stateWith>) => pathRows(stateWith(...args), NOW);

it('goes from the computer to the viewers, and the recording stands last', () => {
  const rows = rowsOf({
    rtmp: source('ok', 100, { ingestKbps: 5980 }),
    obs: source('ok', 100, { fps: 60 }),
    network: source('ok', 100, { rttMs: 14 }),
  });
  expect(rows.map(({ id, value }) => [id, value])).toEqual([
    ['obs', '60.0 fps'],
    ['network', '14 ms'],
    ['rtmp', '5,980 kb/s'],
    ['viewers', '–'],
    ['recording', '3 h 10 m left'],
  ]);
});

it('says how long a source has been silent, keeps its last figures grey and breaks the line', () => {
  const [row] = rowsOf({ rtmp: source('unknown', 12_000, { ingestKbps: 5980 }) }, { level: 'unknown' });
  expect(row).toMatchObject({
    state: 'No answer for 12 s',
    value: '5,980 kb/s',
    faded: true,
    stale: true,
    cut: true,
    shape: '○',
  });
});

it('hatches figures that are older than six seconds while the stream is on air only', () => {
  expect(rowsOf({ obs: source('ok', 6500) })[0]?.stale).toBe(true);
  expect(rowsOf({ obs: source('ok', 5900) })[0]?.stale).toBe(false);
  expect(rowsOf({ network: source('ok', 7000) })[0]?.stale).toBe(false);
  expect(rowsOf({ obs: source('off', 9000) }, { level: 'off' })[0]?.stale).toBe(false);
});

it('does not call down what only follows from a break before it', () => {
  const layers = {
    transport: { level: 'critical', cause: null, place: null, since: null },
    delivery: { level: 'unknown', cause: null, place: null, since: null },
  } as const;
  const [ingest, edge] = rowsOf(
    { rtmp: source('critical', 100), edge: source('critical', 100, { playlistAgeMs: 9000 }) },
    { level: 'critical', layers },
  );
  expect(ingest).toMatchObject({ state: 'Down', value: '00:05', tone: 'p1', shape: '■' });
  expect(edge).toMatchObject({ state: 'Follows', value: '9.0 s old', tone: 'normal', faded: true });
});

it('calls a frozen picture by its name: something still leaves the computer', () => {
  const layers = { source: { level: 'critical', cause: 'picture-frozen', place: null, since: null } } as const;
  const [obs] = rowsOf({ obs: source('critical', 100, { fps: 60 }) }, { level: 'critical', layers });
  expect(obs).toMatchObject({ state: 'Frozen picture', tone: 'p1', shape: '■', cut: false });
});

it('never takes unknown viewers for none, and says of a count that somebody noted how old it is', () => {
  const known = { rtmp: source('ok', 100) };
  const shown = (viewers: StreamView['viewers']) => {
    const row = rowsOf(known, { viewers }).find(({ id }) => id === 'viewers');
    return [row?.state, row?.value, viewersOf(stateWith(known, { viewers }).stream)];
  };
  expect(shown(null)).toEqual(['Not counted', '–', null]);
  expect(shown({ count: 0, source: 'ingest', at: '2026-11-28T20:00:09.000Z' })).toEqual(['Watching', '0', 0]);
  expect(shown({ count: 312, source: 'noted', at: '2026-11-28T19:56:05.000Z' })).toEqual([
    'Noted 04:05 ago',
    '312',
    null,
  ]);
});

it('is empty when nothing is planned and nothing records', () => {
  const state = stateWith({});
  expect(pathRows({ ...state, recording: { ...state.recording, active: false } }, NOW)).toEqual([]);
});
