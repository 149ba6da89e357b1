import type { StreamView } from '../../../contract/stream-state.ts';

export interface RatePoint {
  /** epoch ms by the hub's clock */
  at: number;
  /** null: nobody measured, drawn as a gap */
  kbps: number | null;
}

const KEEP_MS = 10 * 60_000;

/** The last ten minutes of the stream's bitrate, one point a second, gathered from what the hub pushes. */
export class StreamHistory {
  points = $state.raw<RatePoint[]>([]);

  take(stream: StreamView, now: number): void {
    const last = this.points.at(-1);
    if (last && now - last.at < 900) return;
    this.points = [...this.points.filter((point) => point.at > now - KEEP_MS), { at: now, kbps: bitrateOf(stream) }];
  }

  /** Puts what the hub had stored before this page was opened in front. */
  fill(earlier: RatePoint[]): void {
    const first = this.points[0]?.at ?? Number.POSITIVE_INFINITY;
    this.points = [...earlier.filter((point) => point.at < first), ...this.points];
  }

  clear(): void {
    this.points = [];
  }
}

/** What leaves the computer, by OBS's own count; without OBS, what arrives. */
export function bitrateOf(stream: StreamView): number | null {
  const kbps = stream.sources.obs?.metrics['bitrateKbps'] ?? stream.sources.rtmp?.metrics['ingestKbps'];
  return typeof kbps === 'number' ? kbps : null;
}

/** Reads the answer of `GET /api/samples` (columns, rows with time first) into points. */
export function pointsFromSamples(answer: unknown, column: string): RatePoint[] {
  const { columns, rows } = (answer ?? {}) as { columns?: unknown; rows?: unknown };
  if (!Array.isArray(columns) || !Array.isArray(rows)) return [];
  // Some answers name the time column, some begin the names at the first metric.
  const at = columns.indexOf(column) + (columns[0] === column || !/^(at|t|time|ms)$/.test(String(columns[0])) ? 1 : 0);
  if (!columns.includes(column)) return [];
  return rows.flatMap((row: unknown) => {
    if (!Array.isArray(row)) return [];
    const time = typeof row[0] === 'number' ? row[0] : Date.parse(String(row[0]));
    return Number.isFinite(time) ? [{ at: time, kbps: typeof row[at] === 'number' ? row[at] : null }] : [];
  });
}
