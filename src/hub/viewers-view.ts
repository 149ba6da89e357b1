import type { StreamView } from '../contract/stream-state.ts';
import type { ShowState } from '../domain/show.ts';
import { type Instant, toIso } from '../domain/units.ts';
import { type CountedViewers, viewersNow } from '../domain/viewers-now.ts';
import { initialViewers } from '../domain/viewers.ts';

/** How many watch, as the desk shows it; null: nobody counts, and nobody has told lately. */
export function viewersView(
  sources: StreamView['sources'],
  show: ShowState | null,
  at: Instant,
): StreamView['viewers'] {
  const stream = show?.plan?.stream ?? null;
  const hasPlaylists = stream !== null && (stream.hls ?? stream.edge) !== null;
  const [edge, ingest] = [countedBy(sources.edge, at), countedBy(sources.rtmp, at)];
  const now = viewersNow({ edge, ingest, hasPlaylists }, show?.viewers ?? initialViewers(), at);
  return now && { ...now, at: toIso(now.at) };
}

/** Figures of a source that is silent are old, and nobody knows who watches now. */
function countedBy(source: StreamView['sources'][keyof StreamView['sources']], at: Instant): CountedViewers | null {
  const count = source?.metrics['viewers'];
  if (source === undefined || source.level === 'unknown' || source.level === 'off' || typeof count !== 'number')
    return null;
  return { count, at: at - (source.ageMs ?? 0) };
}
