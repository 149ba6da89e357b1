import type { StreamSource } from '../words.ts';
import { initialIngest } from './ingest-side.ts';
import { initialPlaylist } from './playlist-side.ts';
import type { Health } from './state.ts';

/** What the plan names of the primary ingest: its page, what it publishes, the edge before that. */
export function isOfPrimary(source: StreamSource): boolean {
  return source === 'rtmp' || source === 'hls' || source === 'edge';
}

/**
 * OBS was set to another server than the one that the plan's page and playlists belong to: that nothing comes there is no
 * trouble of the stream's. Back at the primary all of it begins anew.
 */
export function noteElsewhere(health: Health, elsewhere: boolean): void {
  if (health.elsewhere === elsewhere) return;
  health.elsewhere = elsewhere;
  health.ingest = initialIngest();
  health.hls = initialPlaylist();
  health.edge = initialPlaylist();
}
