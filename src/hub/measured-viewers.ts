import { type Instant, SECOND } from '../domain/units.ts';

/** Single seconds are kept for eight hours and tens of them for good: only the tens say the same at every closing. */
const WINDOW = 10 * SECOND;

type Series = (source: string, metric: string, from: Instant, to: Instant) => { at: Instant; value: number }[];

/**
 * How many watched by the count of the servers themselves, the edge's where it has one, else the ingest's readers.
 *
 * @returns one value for each ten seconds, in order; none when a server counted nobody throughout: those who watch
 * playlists do not read at the ingest, and "0 viewers" for "not counted" would be a lie
 */
export function measuredViewers(series: Series, from: Instant, to: Instant): { at: Instant; count: number }[] {
  const edge = counts(series('edge', 'viewers', from, to));
  return edge.length > 0 ? edge : counts(series('rtmp', 'viewers', from, to));
}

function counts(values: readonly { at: Instant; value: number }[]): { at: Instant; count: number }[] {
  if (!values.some(({ value }) => value > 0)) return [];
  const windows = Map.groupBy(values, ({ at }) => Math.floor(at / WINDOW) * WINDOW);
  return [...windows].map(([at, few]) => ({
    at,
    count: Math.round(few.reduce((sum, { value }) => sum + value, 0) / few.length),
  }));
}
