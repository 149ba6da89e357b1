import { type Instant, MINUTE } from './units.ts';
import type { ViewersState } from './viewers.ts';

/** A count that a person has told describes the moment for so long; after it the number is not known any more. */
const NOTED_FOR = 15 * MINUTE;

export interface ViewersNow {
  count: number;
  source: 'ingest' | 'edge' | 'noted';
  at: Instant;
}

/** What a source counts by itself. @param at when it said so */
export interface CountedViewers {
  count: number;
  at: Instant;
}

/**
 * How many watch. A server that counts knows best, the edge before the ingest; without one, what was told last.
 *
 * @param ingest readers at the ingest. Who watches playlists does not read there, so a nought beside playlists counts nobody
 * @returns null when it is not known
 */
export function viewersNow(
  counted: { edge: CountedViewers | null; ingest: CountedViewers | null; hasPlaylists: boolean },
  { notes }: ViewersState,
  now: Instant,
): ViewersNow | null {
  const { edge, ingest, hasPlaylists } = counted;
  if (edge !== null) return { ...edge, source: 'edge' };
  if (ingest !== null && (ingest.count > 0 || !hasPlaylists)) return { ...ingest, source: 'ingest' };
  const newest = notes.findLast(({ at }) => at <= now);
  if (newest === undefined || now - newest.at > NOTED_FOR) return null;
  return { count: newest.count, source: 'noted', at: newest.at };
}
