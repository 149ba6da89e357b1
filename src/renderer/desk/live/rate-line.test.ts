import { describe, expect, it } from 'vitest';
import { rateBand, rateRows, segmentsOf } from './rate-line.ts';
import { lastHalfHour } from './sales-minutes.ts';
import { pointsFromSamples } from './stream-history.svelte.ts';

describe('the bitrate line', () => {
  it('breaks where nobody measured, and where seconds are missing', () => {
    const points = [
      { at: 0, kbps: 1 },
      { at: 1000, kbps: 2 },
      { at: 2000, kbps: null },
      { at: 3000, kbps: 3 },
      { at: 9000, kbps: 4 },
    ];
    expect(segmentsOf(points).map((line) => line.map(({ kbps }) => kbps))).toEqual([[1, 2], [3], [4]]);
  });
  it('has a normal band around the median, unmoved by an outage', () => {
    const steady = Array.from({ length: 20 }, (_, at) => ({ at: at * 1000, kbps: 6000 }));
    const outage = Array.from({ length: 15 }, (_, at) => ({ at: 20_000 + at * 1000, kbps: 0 }));
    expect(rateBand([...steady, ...outage])).toEqual({ low: 4800, high: 6600.000000000001, median: 6000 });
    expect(rateBand(steady.slice(0, 9))).toBeNull();
  });
  it('has a table with at most sixty rows, newest first', () => {
    const rows = rateRows(Array.from({ length: 700 }, (_, at) => ({ at: at * 1000, kbps: 5000 + (at % 2) * 10 })));
    expect([rows.length, rows[0], rows.at(-1)?.at]).toEqual([60, { at: 690_000, kbps: 5005 }, 100_000]);
  });
});

describe('samples of the hub', () => {
  it('are read whether the time column is named or not', () => {
    const [unnamed, named] = [
      { columns: ['fps', 'bitrateKbps'], rows: [[1000, 30, 5980]] },
      { columns: ['at', 'bitrateKbps'], rows: [['1970-01-01T00:00:01.000Z', null]] },
    ];
    expect([pointsFromSamples(unnamed, 'bitrateKbps'), pointsFromSamples(named, 'bitrateKbps')]).toEqual([
      [{ at: 1000, kbps: 5980 }],
      [{ at: 1000, kbps: null }],
    ]);
  });
  it('are nothing when the answer is something else', () => {
    expect([pointsFromSamples(null, 'x'), pointsFromSamples({ columns: ['y'], rows: [[1, 2]] }, 'x')]).toEqual([
      [],
      [],
    ]);
  });
});

describe('the sales of half an hour', () => {
  it('always have thirty bars', () => {
    const minute = { at: '2026-11-28T20:00:00.000Z', inPersonMinor: 1, streamMinor: 2, otherMinor: 3 };
    const bars = lastHalfHour([minute]);
    expect([bars.length, bars[0]?.at, bars.at(-1)]).toEqual([30, '2026-11-28T19:31:00.000Z', minute]);
    expect(lastHalfHour([])).toEqual([]);
  });
});
