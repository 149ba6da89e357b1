import type { ChartConfiguration } from 'chart.js';
import {
  type Band,
  bandPlugin,
  cursorPlugin,
  deedsPlugin,
  envelopePlugin,
  type Ink,
  type SeriesPoint,
  type Span,
  spansPlugin,
} from './chart-plugins.ts';
import { type Drawing, openChart, QUIET, readInk, tickStyle } from './charts.ts';

export type { SeriesPoint, Span } from './chart-plugins.ts';

/** Pixels that every chart leaves at its left for the axis: charts one below the other share their time axis. */
export const AXIS_WIDTH = 46;
export const RIGHT_PAD = 8;

export interface SeriesData {
  lines: readonly { points: readonly SeriesPoint[]; dash: readonly number[]; dots: boolean }[];
  from: number;
  to: number;
  /** top of the value axis */
  max: number;
  /** where the time axis is ruled, epoch ms */
  ticks: readonly number[];
  band: Band | null;
  spans: readonly Span[];
  /** verticals of what was done */
  marks: readonly number[];
  valueText: (value: number) => string;
}

/** What a person points at, and the stretch that is being chosen. */
export interface Pointed {
  at: number | null;
  chosen: readonly [number, number] | null;
}

export interface SeriesDrawing extends Drawing<SeriesData> {
  /** Follows the pointer: draws again what is there, reads nothing. */
  point(pointed: Pointed): void;
}

const LINES = 3;

/** Up to three lines over one stretch of time, in greys that differ by dash; what was wrong lies behind them. */
export function drawSeries(canvas: HTMLCanvasElement, first: SeriesData): SeriesDrawing {
  let now = first;
  let pointed: Pointed = { at: null, chosen: null };
  let ink = readInk(canvas);
  const chart = openChart(
    canvas,
    seriesConfig(
      () => now,
      () => pointed,
      () => ink,
    ),
  );
  const drawing: SeriesDrawing = {
    update(data) {
      now = data;
      ink = readInk(canvas);
      chart.data.datasets.forEach((set, at) => {
        const line = data.lines[at];
        // A null is a gap to Chart.js; its types do not know that.
        set.data = [...(line?.points ?? [])] as { x: number; y: number }[];
        set.pointRadius = line?.dots === true ? 3 : 0;
        set.borderDash = [...(line?.dash ?? [])];
      });
      const { x, y } = chart.options.scales ?? {};
      if (x) [x.min, x.max] = [data.from, data.to];
      if (y) y.max = data.max;
      chart.update('none');
    },
    point(next) {
      if (next.at === pointed.at && next.chosen === pointed.chosen) return;
      pointed = next;
      chart.draw();
    },
    destroy: () => chart.destroy(),
  };
  drawing.update(first);
  return drawing;
}

function seriesConfig(read: () => SeriesData, pointed: () => Pointed, ink: () => Ink): ChartConfiguration<'line'> {
  return {
    type: 'line',
    data: {
      datasets: Array.from({ length: LINES }, (_, at) => ({
        data: [] as { x: number; y: number }[],
        borderColor: () => (at === 0 ? ink().text : ink().muted),
        borderWidth: 1.5,
        pointRadius: 0,
        pointBackgroundColor: () => ink().muted,
        pointBorderWidth: 0,
        spanGaps: false,
        parsing: false,
        normalized: true,
      })),
    },
    options: {
      ...QUIET,
      layout: { padding: { top: 6, right: RIGHT_PAD, bottom: 2, left: 0 } },
      scales: {
        x: {
          type: 'linear',
          afterBuildTicks: (axis) => (axis.ticks = read().ticks.map((value) => ({ value }))),
          grid: { color: () => ink().rule, tickLength: 0 },
          border: { display: false },
          ticks: { display: false },
        },
        y: {
          min: 0,
          afterBuildTicks: (axis) => (axis.ticks = [0, axis.max / 2, axis.max].map((value) => ({ value }))),
          afterFit: (axis) => (axis.width = AXIS_WIDTH),
          border: { display: false },
          grid: { color: () => ink().rule, tickLength: 4 },
          ticks: {
            ...tickStyle(ink),
            maxRotation: 0,
            callback: (value) => read().valueText(Number(value)),
          },
        },
      },
    },
    plugins: [
      bandPlugin(() => read().band, ink),
      spansPlugin(() => read().spans, ink),
      envelopePlugin(() => read().lines.map(({ points }) => points), ink),
      deedsPlugin(() => read().marks, ink),
      cursorPlugin(pointed, ink),
    ],
  };
}
