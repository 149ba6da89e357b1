import { expect, it } from 'vitest';
import { readSamples, seriesOf, summaryOf, tableRows, valueAt } from './stream-samples.ts';

const AT = Date.parse('2026-11-28T20:00:00.000Z');
const iso = (second: number): string => new Date(AT + second * 1000).toISOString();
const OBS = { source: 'obs', scale: 0.001 } as const;

it('reads what the hub answers, mean with least and most', () => {
  const table = readSamples({
    stepMs: 10_000,
    columns: ['at', 'bitrateKbps', 'bitrateKbps.min', 'bitrateKbps.max'],
    rows: [
      [iso(0), 6000, 5000, 6500],
      [iso(10), null, null, null],
    ],
  });
  expect(seriesOf(table ?? undefined, ['bitrateKbps'], OBS)).toEqual([
    { x: AT, y: 6, low: 5, high: 6.5 },
    { x: AT + 10_000, y: null, low: null, high: null },
  ]);
});

it('draws no line over a stretch that nobody measured', () => {
  const rows = [0, 1, 2, 20, 21].map((second) => [iso(second), 6000]);
  const table = readSamples({ stepMs: 1000, columns: ['at', 'bitrateKbps'], rows }) ?? undefined;
  expect(seriesOf(table, ['bitrateKbps'], OBS).map(({ y }) => y)).toEqual([6, 6, 6, null, 6, 6]);
  // A playlist off air is asked every ten seconds: that is its rhythm and no gap.
  const slow = readSamples({
    stepMs: 1000,
    columns: ['at', 'playlistAgeMs'],
    rows: [
      [iso(0), 1],
      [iso(10), 2],
    ],
  });
  expect(seriesOf(slow ?? undefined, ['playlistAgeMs'], { source: 'hls', scale: 1 }).map(({ y }) => y)).toEqual([1, 2]);
});

it('takes the newest name of a figure that the hub has', () => {
  const table = readSamples({ stepMs: 1000, columns: ['at', 'old'], rows: [[iso(0), 3]] }) ?? undefined;
  expect(seriesOf(table, ['new', 'old'], { source: 'hls', scale: 1 }).map(({ y }) => y)).toEqual([3]);
  expect(seriesOf(table, ['other'], { source: 'hls', scale: 1 })).toEqual([]);
});

it('is not misled by an answer that is none', () => {
  expect(readSamples({ error: 'malformed' })).toBeNull();
  expect(readSamples({ columns: ['at', 'x'], rows: [['never', 1], 7, [iso(0), 'much']] })?.columns.get('x')).toEqual([
    null,
  ]);
});

it('says at most sixty rows, and which of them are not known', () => {
  const points = Array.from({ length: 300 }, (_, at) => ({ x: AT + at * 1000, y: at, low: null, high: null }));
  const rows = tableRows([points], AT, AT + 600_000);
  expect(rows).toHaveLength(60);
  expect(rows.at(-1)).toEqual({ at: AT, values: [{ mean: 4.5, least: 0, most: 9 }] });
  expect(rows[0]?.values).toEqual([null]);
});

it('knows extremes from what a point stands for, not from its mean', () => {
  const points = [
    { x: AT, y: 5, low: 0, high: 9 },
    { x: AT + 1, y: null, low: null, high: null },
    { x: AT + 2, y: 6, low: null, high: null },
  ];
  expect(summaryOf(points)).toEqual({ middle: 6, least: 0, most: 9, last: 6 });
  expect(summaryOf([])).toBeNull();
  expect(valueAt(points, AT + 1000, 5000)).toBe(6);
  expect(valueAt(points, AT + 60_000, 5000)).toBeNull();
});
