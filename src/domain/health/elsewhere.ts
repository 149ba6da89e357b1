import { initialIngest } from './ingest-side.ts';
import { initialPlaylist } from './playlist-side.ts';
import type { Health } from './state.ts';

/**
 * OBS was set to another server than the one that the plan's page and playlists belong to: that nothing comes there is no
 * trouble of the stream's. Back at the primary all of it begins anew.
 */
export function noteElsewhere(health: Health, elsewhere: boolean): void {
  if (health.elsewhere === elsewhere) return;
  health.elsewhere = elsewhere;
  health.ingest = { ...initialIngest(), everListed: health.ingest.everListed };
  health.hls = initialPlaylist();
  health.edge = initialPlaylist();
}
