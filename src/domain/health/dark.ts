import type { StreamLayer } from '../words.ts';
import { DARK_FROM_MS, type Span } from './flow.ts';
import type { Health } from './state.ts';

/** @returns ms within which viewers of this layer's incident had nothing new */
export function incidentDarkMs(health: Health, layer: StreamLayer, fromMs: number, toMs: number): number {
  if (layer === 'obs' || layer === 'transport') return darkMsWithin(health, fromMs, toMs);
  if (layer !== 'delivery') return 0;
  return Math.max(staleMsWithin(health, 'hls', fromMs, toMs), staleMsWithin(health, 'edge', fromMs, toMs));
}

/** @returns ms without any media, of the gaps that touch the incident; a gap counts whole, from its last byte to its next */
function darkMsWithin(health: Health, fromMs: number, toMs: number): number {
  return sumTouching(openedDark(health, toMs), fromMs, toMs);
}

/** @returns ms with less than half of the usual media but not none */
export function starvedMsWithin(health: Health, fromMs: number, toMs: number): number {
  const dark = openedDark(health, toMs);
  let sum = 0;
  for (const span of health.flow.starved) {
    const [from, to] = [Math.max(span.fromMs, fromMs), Math.min(span.toMs, toMs)];
    if (to <= from) continue;
    sum += to - from - dark.reduce((lost, d) => lost + Math.max(0, Math.min(d.toMs, to) - Math.max(d.fromMs, from)), 0);
  }
  return Math.max(0, Math.round(sum));
}

/** Delivery incidents: a piece was due one target duration after the last; what came later than that was missing. */
function staleMsWithin(health: Health, side: 'hls' | 'edge', fromMs: number, toMs: number): number {
  const playlist = health[side];
  const target = playlist.targetDurationMs ?? 0;
  const open = playlist.changedMs === null ? [] : [{ fromMs: playlist.changedMs, toMs }];
  return [...playlist.gaps, ...open]
    .filter((gap) => gap.toMs - gap.fromMs > 1.5 * target && gap.toMs >= fromMs && gap.fromMs <= toMs)
    .reduce((sum, gap) => sum + (gap.toMs - gap.fromMs - target), 0);
}

function openedDark(health: Health, toMs: number): Span[] {
  const { lastGrowthMs, dark } = health.flow;
  if (lastGrowthMs === null || toMs - lastGrowthMs < DARK_FROM_MS) return dark;
  return [...dark, { fromMs: lastGrowthMs, toMs }];
}

function sumTouching(spans: Span[], fromMs: number, toMs: number): number {
  return spans
    .filter((span) => span.toMs >= fromMs && span.fromMs <= toMs)
    .reduce((sum, span) => sum + span.toMs - span.fromMs, 0);
}
