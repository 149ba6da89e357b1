import { expect, it } from 'vitest';
import type { IncidentView } from '../../../contract/stream-state.ts';
import { cueBars, deedBars, incidentLanes, troubleSpans } from './lanes.ts';

const AT = Date.parse('2026-11-28T20:00:00.000Z');
const iso = (second: number): string => new Date(AT + second * 1000).toISOString();
const WINDOW = { from: AT, to: AT + 100_000, follows: false };
const NOW = AT + 200_000;
const NOTHING = { count: 0, units: 0, netMinor: 0 };

function incident(id: string, from: number, to: number | null, more: Partial<IncidentView> = {}): IncidentView {
  return {
    id,
    layer: 'transport',
    level: 'critical',
    cause: 'path-to-ingest',
    causes: ['path-to-ingest'],
    message: 'The way is broken.',
    startedAt: iso(from),
    endedAt: to === null ? null : iso(to),
    darkMs: null,
    starvedMs: null,
    blindMs: 0,
    cue: null,
    sales: { stream: NOTHING, all: NOTHING, netAtRiskMinor: null },
    actions: [],
    ...more,
  };
}

it('gives each layer in trouble a lane, in the order of the path, and leaves out what is elsewhere', () => {
  const lanes = incidentLanes(
    [
      incident('i1', 20, 40, { layer: 'delivery', level: 'warn' }),
      incident('i2', 10, 30),
      incident('i3', -50, -10),
      incident('i4', 90, null),
    ],
    WINDOW,
    NOW,
  );
  const rounded = (value: number): number => Number(value.toFixed(3));
  const said = lanes.flatMap(({ layer, bars }) =>
    bars.map(({ id, left, width, tone, shape }) => [layer, id, rounded(left), rounded(width), tone, shape]),
  );
  expect(said).toEqual([
    ['transport', 'i2', 0.1, 0.2, 'p1', '■'],
    ['transport', 'i4', 0.9, 0.1, 'p1', '■'],
    ['delivery', 'i1', 0.2, 0.2, 'p3', '◆'],
  ]);
});

it('shades overlapping trouble once, and ends what goes on at now', () => {
  const spans = troubleSpans([incident('a', 10, 30), incident('b', 20, 40), incident('c', 60, null)], WINDOW, NOW);
  expect(spans).toEqual([
    { from: AT + 10_000, to: AT + 40_000, level: 'critical' },
    { from: AT + 60_000, to: NOW, level: 'critical' },
  ]);
});

it('lets the words of a mark reach up to the next one', () => {
  const bars = deedBars(
    [
      { id: 'late', at: AT + 50_000, text: 'Slate' },
      { id: 'before', at: AT - 1, text: 'earlier' },
      { id: 'first', at: AT + 10_000, text: 'Live' },
    ],
    WINDOW,
  );
  expect(bars.map(({ id, left, width }) => [id, left, width])).toEqual([
    ['first', expect.closeTo(0.1), expect.closeTo(0.4)],
    ['late', expect.closeTo(0.5), expect.closeTo(0.5)],
  ]);
});

it('draws a running cue up to now and no cue that has not begun', () => {
  const cue = (id: string, startedAt: string | null, endedAt: string | null) =>
    ({ id, title: id, startedAt, endedAt }) as Parameters<typeof cueBars>[0][number];
  const bars = cueBars([cue('a', iso(-20), iso(20)), cue('b', iso(20), null), cue('c', null, null)], WINDOW, NOW);
  expect(bars.map(({ id, left, width }) => [id, left, width])).toEqual([
    ['a', 0, expect.closeTo(0.2)],
    ['b', expect.closeTo(0.2), expect.closeTo(0.8)],
  ]);
});
