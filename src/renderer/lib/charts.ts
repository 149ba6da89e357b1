import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
} from 'chart.js';
import { type Band, bandPlugin, endPointPlugin, type Ink, type Mark, marksPlugin } from './chart-plugins.ts';

export type { Mark } from './chart-plugins.ts';

/**
 * The one file that knows Chart.js, and of it only what is drawn here: a line over a band, and stacked bars with marks.
 * Greys, dashes and patterns; a hue only for the exception. Nothing is animated and nothing answers to the pointer:
 * the table beside each chart says the same in text.
 */
Chart.register(BarController, BarElement, CategoryScale, LinearScale, LineController, LineElement, PointElement);

export interface LineData {
  points: { x: number; y: number | null }[];
  from: number;
  to: number;
  max: number;
  band: Band | null;
  marks: Mark[];
  tickText: (x: number) => string;
}

export interface BarsData {
  labels: string[];
  /** from the bottom up; drawn light, middle, outlined */
  stacks: [number[], number[], number[]];
  marks: Mark[];
  valueText: (value: number) => string;
}

/** For the drawings that lie in files of their own: they know Chart.js by its types only. */
export function openChart<T extends 'line' | 'bar'>(
  canvas: HTMLCanvasElement,
  config: ChartConfiguration<T>,
): Chart<T> {
  return new Chart(canvas, config);
}

export interface Drawing<Data> {
  update(data: Data): void;
  destroy(): void;
}

export function drawLine(canvas: HTMLCanvasElement, first: LineData): Drawing<LineData> {
  let now = first;
  let ink = readInk(canvas);
  const chart = new Chart(canvas, {
    type: 'line',
    data: {
      datasets: [
        {
          data: [] as { x: number; y: number }[],
          borderColor: () => ink.text,
          borderWidth: 1.5,
          pointRadius: 0,
          spanGaps: false,
          parsing: false,
          normalized: true,
          segment: {
            borderColor: ({ p1 }) => (p1.parsed.x !== null && p1.parsed.x >= criticalFrom(now) ? ink.p1 : undefined),
            borderWidth: ({ p1 }) => (p1.parsed.x !== null && p1.parsed.x >= criticalFrom(now) ? 3 : undefined),
          },
        },
      ],
    },
    options: {
      ...QUIET,
      scales: {
        x: {
          type: 'linear',
          // Five evenly spaced labels; the axis would choose round milliseconds, which are no round times.
          afterBuildTicks: (axis) =>
            (axis.ticks = [0, 1, 2, 3, 4].map((at) => ({ value: now.from + (at * (now.to - now.from)) / 4 }))),
          grid: { display: false },
          border: { display: false },
          ticks: { ...tickStyle(() => ink), maxRotation: 0, callback: (value) => now.tickText(Number(value)) },
        },
        y: {
          min: 0,
          border: { display: false },
          grid: { color: () => ink.rule },
          ticks: { ...tickStyle(() => ink), maxTicksLimit: 5 },
        },
      },
    },
    plugins: [
      bandPlugin(
        () => now.band,
        () => ink,
      ),
      marksPlugin(
        () => now.marks,
        () => ink,
        (mark, { scales }) => scales['x']?.getPixelForValue(mark.at),
      ),
      endPointPlugin(() => ink),
    ],
  } satisfies ChartConfiguration<'line'>);
  const drawing: Drawing<LineData> = {
    update(data) {
      now = data;
      ink = readInk(canvas);
      const line = chart.data.datasets[0];
      if (line) line.data = data.points as { x: number; y: number }[];
      const { x, y } = chart.options.scales ?? {};
      if (x) [x.min, x.max] = [data.from, data.to];
      if (y) y.max = data.max;
      chart.update('none');
    },
    destroy: () => chart.destroy(),
  };
  drawing.update(first);
  return drawing;
}

/** Where the line turns into the exception: a hue only for what is wrong. */
function criticalFrom({ marks }: LineData): number {
  return Math.min(...marks.filter((mark) => mark.critical).map((mark) => mark.at), Number.POSITIVE_INFINITY);
}

export function drawBars(canvas: HTMLCanvasElement, first: BarsData): Drawing<BarsData> {
  let now = first;
  let ink = readInk(canvas);
  const chart = new Chart(canvas, {
    type: 'bar',
    data: {
      labels: first.labels,
      datasets: [0, 1, 2].map((at) => ({
        data: [] as number[],
        backgroundColor: () => [ink.muted, ink.mass1, 'transparent'][at] ?? ink.muted,
        borderColor: () => ink.muted,
        borderWidth: at === 2 ? 1 : 0,
        barPercentage: 0.92,
        categoryPercentage: 0.96,
      })),
    },
    options: {
      ...QUIET,
      scales: {
        x: {
          stacked: true,
          grid: { display: false },
          border: { display: false },
          // The first, the middle and the newest minute, whatever the axis would leave out.
          afterBuildTicks: (axis) => {
            const last = now.labels.length - 1;
            axis.ticks = [0, Math.floor(last / 2), last].map((value) => ({ value }));
          },
          ticks: { ...tickStyle(() => ink), autoSkip: false, maxRotation: 0, align: 'inner' },
        },
        y: {
          stacked: true,
          beginAtZero: true,
          border: { display: false },
          grid: { color: () => ink.rule },
          ticks: { ...tickStyle(() => ink), maxTicksLimit: 4, callback: (value) => now.valueText(Number(value)) },
        },
      },
    },
    plugins: [
      marksPlugin(
        () => now.marks,
        () => ink,
        (mark, { scales }) => scales['x']?.getPixelForValue(mark.at),
      ),
    ],
  } satisfies ChartConfiguration<'bar'>);
  const drawing: Drawing<BarsData> = {
    update(data) {
      now = data;
      ink = readInk(canvas);
      chart.data.labels = data.labels;
      chart.data.datasets.forEach((set, at) => (set.data = data.stacks[at] ?? []));
      chart.update('none');
    },
    destroy: () => chart.destroy(),
  };
  drawing.update(first);
  return drawing;
}

export const QUIET = {
  animation: false,
  responsive: true,
  maintainAspectRatio: false,
  events: [] as 'click'[],
  layout: { padding: { top: 16, right: 4, bottom: 0, left: 0 } },
} as const;

/** Read again at each drawing: the theme may have changed meanwhile. */
export function readInk(canvas: HTMLCanvasElement): Ink {
  const style = getComputedStyle(canvas);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: token('--text'),
    muted: token('--muted'),
    rule: token('--rule'),
    band: token('--rule'),
    mass1: token('--mass-1'),
    p1: token('--p1'),
    p3: token('--p3'),
    font: style.fontFamily,
  };
}

/** Colours are functions: Chart.js keeps a plain value for ever once it has shared it between elements. */
export function tickStyle(ink: () => Ink) {
  return { color: () => ink().muted, font: () => ({ family: ink().font, size: 12 }) };
}
