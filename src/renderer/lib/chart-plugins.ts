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
