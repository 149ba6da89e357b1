import { expect, it } from 'vitest';
import { measuredViewers } from './measured-viewers.ts';

const seconds = (...values: number[]) => values.map((value, i) => ({ at: 1000 * i, value }));
const of = (series: Record<string, { at: number; value: number }[]>) =>
  measuredViewers((source) => series[source] ?? [], 0, 1e9);

it('says the same whether single seconds are still kept or only their tens', () => {
  const whole = of({ rtmp: seconds(...Array<number>(10).fill(4), ...Array<number>(10).fill(7)) });
  expect(whole).toEqual([
    { at: 0, count: 4 },
    { at: 10_000, count: 7 },
  ]);
  expect(
    of({
      rtmp: [
        { at: 0, value: 4 },
        { at: 10_000, value: 7 },
      ],
    }),
  ).toEqual(whole);
});

it('believes the edge before the ingest, and never takes a count of nobody throughout for nobody', () => {
  expect(of({ rtmp: seconds(1, 1), edge: seconds(900, 904) })).toEqual([{ at: 0, count: 902 }]);
  expect(of({ rtmp: seconds(0, 0, 0) })).toEqual([]);
  expect(of({ rtmp: seconds(0, 0, 3) })).toEqual([{ at: 0, count: 1 }]);
});
