import type { CueView } from '../../../contract/cue-state.ts';
import type { IncidentView } from '../../../contract/stream-state.ts';
import type { StreamLayer } from '../../../domain/words.ts';
import type { Span } from '../../lib/series-chart.ts';
import { SHAPES } from '../alarms.ts';
import type { TimeWindow } from './time-window.ts';

/** What lies over the charts: one bar a stretch, placed in shares of the window. Pure. */
export interface LaneBar {
  id: string;
  /** 0..1 of the window's width */
  left: number;
  width: number;
  text: string;
  shape: string;
  tone: 'normal' | 'mark' | 'p1' | 'p3';
  at: number;
}

function placed(window: TimeWindow, from: number, to: number): { left: number; width: number } | null {
  if (to < window.from || from > window.to) return null;
  const span = window.to - window.from;
  const left = Math.max(0, (from - window.from) / span);
  return { left, width: Math.min(1, (to - window.from) / span) - left };
}

export function cueBars(cues: readonly CueView[], window: TimeWindow, now: number): LaneBar[] {
  return cues.flatMap(({ id, title, startedAt, endedAt }) => {
    if (startedAt === null) return [];
    const at = Date.parse(startedAt);
    const place = placed(window, at, endedAt === null ? now : Date.parse(endedAt));
    return place === null ? [] : [{ id, ...place, shape: '', text: title, tone: 'normal' as const, at }];
  });
}

/** What was done, one word-bearing mark each; its words reach as far as the next mark. */
export function deedBars(deeds: readonly { id: string; at: number; text: string }[], window: TimeWindow): LaneBar[] {
  const sorted = [...deeds].sort((a, b) => a.at - b.at);
  return sorted.flatMap(({ id, at, text }, place) => {
    const next = sorted[place + 1]?.at ?? window.to;
    const bar = at < window.from ? null : placed(window, at, Math.min(next, window.to));
    return bar === null ? [] : [{ id, ...bar, shape: '', text, tone: 'mark' as const, at }];
  });
}

/** Stretches of trouble in the window, those that overlap made one, the critical over the weak. */
export function troubleSpans(incidents: readonly IncidentView[], window: TimeWindow, now: number): Span[] {
  return (['warn', 'critical'] as const).flatMap((level) => {
    const merged: Span[] = [];
    const own = incidents
      .filter((one) => (one.level === 'critical') === (level === 'critical'))
      .map(({ startedAt, endedAt }) => ({
        from: Date.parse(startedAt),
        to: endedAt === null ? now : Date.parse(endedAt),
      }))
      .filter(({ from, to }) => to >= window.from && from <= window.to)
      .sort((a, b) => a.from - b.from);
    for (const { from, to } of own) {
      const last = merged.at(-1);
      if (last && from <= last.to) last.to = Math.max(last.to, to);
      else merged.push({ from, to, level });
    }
    return merged;
  });
}

export interface IncidentLane {
  layer: StreamLayer;
  bars: LaneBar[];
}

/** One lane a layer that was in trouble within the window, in the order of the path. */
export function incidentLanes(incidents: readonly IncidentView[], window: TimeWindow, now: number): IncidentLane[] {
  const LAYERS: StreamLayer[] = ['obs', 'transport', 'source', 'recording', 'delivery'];
  return LAYERS.flatMap((layer) => {
    const bars = incidents
      .filter((one) => one.layer === layer)
      .flatMap((one): LaneBar[] => {
        const at = Date.parse(one.startedAt);
        const place = placed(window, at, one.endedAt === null ? now : Date.parse(one.endedAt));
        const isCritical = one.level === 'critical';
        return place === null
          ? []
          : [
              {
                id: one.id,
                ...place,
                shape: SHAPES[isCritical ? 1 : 3],
                text: one.message,
                tone: isCritical ? 'p1' : 'p3',
                at,
              },
            ];
      });
    return bars.length === 0 ? [] : [{ layer, bars }];
  });
}
