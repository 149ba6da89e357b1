import type { CloseRecord } from './close-record.ts';
import { endOf } from './report-incident-table.ts';
import { groupBy } from './report-postings.ts';
import { type Duration, fromIso, type Instant } from './units.ts';
import type { Level } from './words.ts';

/** The stream as facts tell it: when it ran, and while it ran, when it was bad. */
export interface StreamSpan {
  from: Instant;
  to: Instant;
  level: Level;
}

const RANK: Record<Level, number> = { off: 0, ok: 1, unknown: 2, warn: 3, critical: 4 };

export function streamSpans({ entries, at }: CloseRecord): StreamSpan[] {
  const spans: StreamSpan[] = [];
  const stops = entries.of('stream.stopped').map(({ body }) => fromIso(body.at));
  for (const { body } of entries.of('stream.started')) {
    const from = fromIso(body.at);
    spans.push({ from, to: stops.find((stop) => stop >= from) ?? at, level: 'ok' });
  }
  const recovered = new Map(entries.of('stream.recovered').map(({ body }) => [body.incident, body]));
  for (const { body } of entries.of('stream.degraded')) {
    const end = recovered.get(body.incident);
    spans.push({ from: fromIso(body.startedAt), to: end ? fromIso(end.endedAt) : at, level: end?.worst ?? body.level });
  }
  return spans;
}

export function worstIn(spans: readonly StreamSpan[], from: Instant, to: Instant): Level {
  let worst: Level = 'off';
  for (const span of spans) if (span.from < to && span.to > from && RANK[span.level] > RANK[worst]) worst = span.level;
  return worst;
}

/** Share of the streaming time that was not critical; null when nothing was streamed. */
export function uptimeOf(spans: readonly StreamSpan[]): number | null {
  const on = spans.filter(({ level }) => level === 'ok');
  const total = on.reduce((sum, { from, to }) => sum + to - from, 0);
  if (total <= 0) return null;
  let dark = 0;
  let until = -Infinity;
  for (const bad of spans.filter(({ level }) => level === 'critical').sort((a, b) => a.from - b.from)) {
    const from = Math.max(bad.from, until);
    for (const span of on) dark += Math.max(0, Math.min(bad.to, span.to) - Math.max(from, span.from));
    until = Math.max(until, bad.to);
  }
  return Math.round((1 - Math.min(dark, total) / total) * 1e6) / 1e6;
}

/**
 * How long viewers had nothing, over the whole show. Layers that fail together are one darkness, and the longest of them
 * is it: the same standing counter is in each.
 *
 * @returns null when no stream was watched
 */
export function darkMsOf(record: CloseRecord, spans: readonly StreamSpan[]): Duration | null {
  if (!spans.some(({ level }) => level === 'ok')) return null;
  let [dark, longest, until] = [0, 0, -Infinity];
  const incidents = record.show.stream.incidents.filter(({ darkMs }) => (darkMs ?? 0) > 0);
  for (const incident of incidents.toSorted((a, b) => a.startedAt - b.startedAt)) {
    if (incident.startedAt > until) {
      dark += longest;
      longest = 0;
    }
    longest = Math.max(longest, incident.darkMs ?? 0);
    until = Math.max(until, endOf(incident, record));
  }
  return dark + longest;
}

/** A count of viewers as it was told or measured; of several sources each counts its own. */
export interface ViewerCount {
  at: Instant;
  count: number;
  source?: string;
}

/** Viewers of every source together, each by the mean of what was told of it; null: nobody told anything. */
export function meanViewers(counts: readonly ViewerCount[], from: Instant, to: Instant): number | null {
  const bySource = groupBy(
    counts.filter(({ at }) => at >= from && at < to),
    ({ source }) => source ?? '',
  );
  if (bySource.size === 0) return null;
  let sum = 0;
  for (const told of bySource.values()) sum += told.reduce((total, { count }) => total + count, 0) / told.length;
  return Math.round(sum);
}
