import type { Chart, Plugin } from 'chart.js';

/** What is drawn beside lines and bars. Types only come from Chart.js here; charts.ts is the one file that loads it. */

export interface Mark {
  at: number;
  label: string;
  /** drawn in the colour and weight of a critical alarm */
  critical?: boolean;
}

export interface Band {
  low: number;
  high: number;
  label: string;
}

/** Colours and font, read from the tokens. */
export interface Ink {
  text: string;
  muted: string;
  rule: string;
  band: string;
  mass1: string;
  p1: string;
  p3: string;
  font: string;
}

export function bandPlugin(band: () => Band | null, ink: () => Ink): Plugin<'line'> {
  return {
    id: 'band',
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      const [range, y] = [band(), scales['y']];
      if (!range || !y) return;
      const [top, bottom] = [y.getPixelForValue(range.high), y.getPixelForValue(range.low)];
      ctx.save();
      ctx.fillStyle = ink().band;
      ctx.globalAlpha = 0.7;
      ctx.fillRect(chartArea.left, top, chartArea.width, Math.max(1, bottom - top));
      ctx.globalAlpha = 1;
      ctx.fillStyle = ink().muted;
      ctx.font = `12px ${ink().font}`;
      ctx.textAlign = 'center';
      if (chartArea.bottom - bottom > 22)
        ctx.fillText(range.label, (chartArea.left + chartArea.right) / 2, bottom + 16);
      ctx.restore();
    },
  };
}

/** A stretch of time in which something was wrong. */
export interface Span {
  from: number;
  to: number;
  level: 'warn' | 'critical';
}

/** Stretches behind the lines: an edge on top that tells how bad by weight and dash, and a faint wash below it. */
export function spansPlugin(spans: () => readonly Span[], ink: () => Ink): Plugin<'line'> {
  return {
    id: 'spans',
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      const x = scales['x'];
      if (!x) return;
      ctx.save();
      for (const { from, to, level } of spans()) {
        const left = Math.max(chartArea.left, x.getPixelForValue(from));
        const right = Math.min(chartArea.right, Math.max(x.getPixelForValue(to), left + 2));
        if (right <= chartArea.left || left >= chartArea.right) continue;
        ctx.fillStyle = ctx.strokeStyle = level === 'critical' ? ink().p1 : ink().p3;
        ctx.globalAlpha = level === 'critical' ? 0.16 : 0.08;
        ctx.fillRect(left, chartArea.top, right - left, chartArea.height);
        ctx.globalAlpha = 1;
        ctx.lineWidth = level === 'critical' ? 3 : 2;
        ctx.setLineDash(level === 'critical' ? [] : [4, 3]);
        ctx.beginPath();
        ctx.moveTo(left, chartArea.top);
        ctx.lineTo(right, chartArea.top);
        ctx.stroke();
      }
      ctx.restore();
    },
  };
}

export interface SeriesPoint {
  /** epoch ms */
  x: number;
  /** null: not known, drawn as a gap */
  y: number | null;
  /** least and most of a point that stands for more than one measurement */
  low: number | null;
  high: number | null;
}

/** Behind a line of means: how far the measurements it stands for reached. */
export function envelopePlugin(lines: () => readonly (readonly SeriesPoint[])[], ink: () => Ink): Plugin<'line'> {
  return {
    id: 'envelope',
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      const { x, y } = scales;
      if (!x || !y) return;
      ctx.save();
      ctx.beginPath();
      ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
      ctx.clip();
      ctx.fillStyle = ink().muted;
      ctx.globalAlpha = 0.35;
      for (const line of lines()) {
        for (const run of runsOf(line)) {
          ctx.beginPath();
          for (const point of run) ctx.lineTo(x.getPixelForValue(point.x), y.getPixelForValue(point.high));
          for (const point of [...run].reverse())
            ctx.lineTo(x.getPixelForValue(point.x), y.getPixelForValue(point.low));
          ctx.fill();
        }
      }
      ctx.restore();
    },
  };
}

function runsOf(line: readonly SeriesPoint[]): { x: number; low: number; high: number }[][] {
  const runs: { x: number; low: number; high: number }[][] = [[]];
  for (const { x, low, high } of line) {
    if (low === null || high === null) runs.push([]);
    else runs.at(-1)?.push({ x, low, high });
  }
  return runs.filter((run) => run.length > 1);
}

/** The moment that a person points at, and the stretch that is being chosen. */
export function cursorPlugin(
  read: () => { at: number | null; chosen: readonly [number, number] | null },
  ink: () => Ink,
): Plugin<'line'> {
  return {
    id: 'cursor',
    afterDatasetsDraw({ ctx, chartArea, scales }) {
      const x = scales['x'];
      const { at, chosen } = read();
      if (!x) return;
      ctx.save();
      if (chosen !== null) {
        const [left, right] = [x.getPixelForValue(chosen[0]), x.getPixelForValue(chosen[1])];
        ctx.fillStyle = ink().text;
        ctx.globalAlpha = 0.15;
        ctx.fillRect(left, chartArea.top, right - left, chartArea.height);
        ctx.globalAlpha = 1;
      }
      if (at !== null) {
        const place = x.getPixelForValue(at);
        if (place >= chartArea.left && place <= chartArea.right) {
          ctx.fillStyle = ink().muted;
          ctx.fillRect(Math.round(place), chartArea.top, 1, chartArea.height);
        }
      }
      ctx.restore();
    },
  };
}

/** A dashed vertical for everything that somebody or something did; its words stand in the lanes above. */
export function deedsPlugin(marks: () => readonly number[], ink: () => Ink): Plugin<'line'> {
  return {
    id: 'deeds',
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      const x = scales['x'];
      if (!x) return;
      ctx.save();
      ctx.strokeStyle = ink().muted;
      ctx.setLineDash([2, 3]);
      for (const at of marks()) {
        const place = Math.round(x.getPixelForValue(at)) + 0.5;
        if (place < chartArea.left || place > chartArea.right) continue;
        ctx.beginPath();
        ctx.moveTo(place, chartArea.top);
        ctx.lineTo(place, chartArea.bottom);
        ctx.stroke();
      }
      ctx.restore();
    },
  };
}

/** Dashed verticals with their words on top; of two that would overlap the newer one keeps its words. */
export function marksPlugin<T extends 'line' | 'bar'>(
  marks: () => Mark[],
  ink: () => Ink,
  place: (mark: Mark, chart: Chart<T>) => number | undefined,
): Plugin<T> {
  return {
    id: 'marks',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea } = chart as unknown as Chart<T>;
      ctx.save();
      ctx.font = `12px ${ink().font}`;
      let free = chartArea.right;
      for (const mark of [...marks()].sort((a, b) => b.at - a.at)) {
        const x = place(mark, chart as unknown as Chart<T>);
        if (x === undefined || x < chartArea.left || x > chartArea.right) continue;
        ctx.strokeStyle = mark.critical ? ink().p1 : ink().muted;
        ctx.fillStyle = mark.critical ? ink().p1 : ink().muted;
        ctx.lineWidth = mark.critical ? 2 : 1;
        ctx.setLineDash(mark.critical ? [] : [3, 3]);
        ctx.beginPath();
        ctx.moveTo(x, chartArea.top);
        ctx.lineTo(x, chartArea.bottom);
        ctx.stroke();
        const text = mark.critical ? `■ ${mark.label}` : mark.label;
        const width = ctx.measureText(text).width;
        const left = Math.max(chartArea.left, Math.min(x + 4, free - width));
        if (left + width > free || left > x + 5) continue;
        ctx.fillText(text, left, chartArea.top - 5);
        free = left - 8;
      }
      ctx.restore();
    },
  };
}

/** A dot on the newest value, so that the eye finds "now". */
export function endPointPlugin(ink: () => Ink): Plugin<'line'> {
  return {
    id: 'end',
    afterDatasetsDraw(chart) {
      const last = chart.getDatasetMeta(0).data.at(-1);
      if (!last || Number.isNaN(last.y)) return;
      chart.ctx.save();
      chart.ctx.fillStyle = ink().text;
      chart.ctx.beginPath();
      chart.ctx.arc(last.x, last.y, 3, 0, Math.PI * 2);
      chart.ctx.fill();
      chart.ctx.restore();
    },
  };
}
