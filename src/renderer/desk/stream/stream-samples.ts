import { asNumber, asRecord, asText } from '../../../domain/health/sample.ts';
import type { StreamSource } from '../../../domain/words.ts';
import type { SeriesPoint } from '../../lib/series-chart.ts';

/** One source's measurements over a stretch of time, column by column. */
export interface SampleTable {
  stepMs: number;
  times: number[];
  /** name → one value a row, null where it was not known */
  columns: Map<string, (number | null)[]>;
}

/** Reads the body of `GET /api/samples`; null when it is none. */
export function readSamples(answer: unknown): SampleTable | null {
  const body = asRecord(answer);
  const [names, rows] = [body?.['columns'], body?.['rows']];
  if (!Array.isArray(names) || !Array.isArray(rows)) return null;
  const table: SampleTable = { stepMs: asNumber(body?.['stepMs']) ?? 1000, times: [], columns: new Map() };
  const columns = names.slice(1).map((name: unknown) => {
    const values: (number | null)[] = [];
    table.columns.set(asText(name) ?? '', values);
    return values;
  });
  for (const row of rows as unknown[]) {
    if (!Array.isArray(row)) continue;
    const at = Date.parse(asText(row[0]) ?? '');
    if (Number.isNaN(at)) continue;
    table.times.push(at);
    columns.forEach((values, place) => values.push(asNumber(row[place + 1])));
  }
  return table;
}

/**
 * Longer than this without a measurement is a gap and never a line: the slowest rhythm in which a source is asked, off
 * air included, and half of it again (STR-1 to STR-5).
 */
const GAP_MS: Record<StreamSource, number> = { obs: 5000, rtmp: 9000, hls: 16_000, edge: 16_000, network: 46_000 };

/** @param names of one figure, the newest first; the first that the table has is taken */
export function seriesOf(
  table: SampleTable | undefined,
  names: readonly string[],
  { source, scale }: { source: StreamSource; scale: number },
): SeriesPoint[] {
  const name = names.find((one) => table?.columns.has(one));
  if (table === undefined || name === undefined) return [];
  const column = (suffix: string) => table.columns.get(name + suffix);
  const [means, lows, highs] = [column('') ?? [], column('.min'), column('.max')];
  const gapMs = Math.max(GAP_MS[source], 2.5 * table.stepMs);
  const scaled = (value: number | null | undefined): number | null =>
    typeof value === 'number' ? value * scale : null;
  const points: SeriesPoint[] = [];
  table.times.forEach((x, at) => {
    const before = points.at(-1);
    if (before && x - before.x > gapMs) points.push({ x: (before.x + x) / 2, y: null, low: null, high: null });
    points.push({ x, y: scaled(means[at]), low: scaled(lows?.[at]), high: scaled(highs?.[at]) });
  });
  return points;
}

export interface Summary {
  middle: number;
  least: number;
  most: number;
  last: number;
}

/** Median, extremes and newest of what was measured; null when nothing was. */
export function summaryOf(points: readonly SeriesPoint[]): Summary | null {
  const values = points.flatMap(({ y }) => (y === null ? [] : [y]));
  const last = values.at(-1);
  if (last === undefined) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const reach = (pick: (point: SeriesPoint) => number | null) =>
    points.flatMap((point) => (point.y === null ? [] : [pick(point) ?? point.y]));
  return {
    middle: sorted[Math.floor(sorted.length / 2)] ?? last,
    least: reach(({ low }) => low).reduce((a, b) => Math.min(a, b)),
    most: reach(({ high }) => high).reduce((a, b) => Math.max(a, b)),
    last,
  };
}

/** What a line says at a moment: the newest measurement before it, if that is near enough to be true then. */
export function valueAt(points: readonly SeriesPoint[], at: number, reachMs: number): number | null {
  let place = points.length - 1;
  while (place > 0 && (points[place]?.x ?? 0) > at + reachMs / 2) place -= 1;
  const point = points[place];
  return point === undefined || Math.abs(at - point.x) > reachMs ? null : point.y;
}

export interface TableRow {
  at: number;
  /** one a line */
  values: ({ mean: number; least: number; most: number } | null)[];
}

const ROWS = 60;

/** The same points as text: at most 60 rows, newest first; a row without any measurement is left in as unknown. */
export function tableRows(lines: readonly (readonly SeriesPoint[])[], from: number, to: number): TableRow[] {
  const step = Math.max(1000, Math.ceil((to - from) / ROWS / 1000) * 1000);
  const rows: TableRow[] = [];
  for (let at = from; at < to; at += step) {
    const values = lines.map((line) => bucketOf(line.filter(({ x }) => x >= at && x < at + step)));
    rows.push({ at, values });
  }
  return rows.reverse();
}

function bucketOf(points: readonly SeriesPoint[]): TableRow['values'][number] {
  const summary = summaryOf(points);
  if (summary === null) return null;
  const values = points.flatMap(({ y }) => (y === null ? [] : [y]));
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    least: summary.least,
    most: summary.most,
  };
}
