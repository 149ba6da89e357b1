import type { HealthConfig } from '../domain/health/state.ts';
import type { StreamPlan } from '../domain/plan.ts';
import type { StreamSource } from '../domain/words.ts';

/** The sources that the plan names. */
export function sourcesOf({ obs, rtmpStat, mediamtx, hls, edge }: StreamPlan): Set<StreamSource> {
  const sources = new Set<StreamSource>();
  if (obs !== null) sources.add('obs');
  if (rtmpStat !== null || mediamtx !== null) sources.add('rtmp');
  if (hls !== null) sources.add('hls');
  if (edge !== null) sources.add('edge');
  return sources;
}

/** What is known before OBS and the playlists have told. */
export function configOf(plan: StreamPlan, sources: ReadonlySet<StreamSource>): HealthConfig {
  return {
    sources,
    fps: null,
    keyframeSeconds: null,
    targetDurationSeconds: null,
    recordingExpected: false,
    retryDelaySeconds: null,
    stillScenes: [plan.slateScene, ...plan.stillScenes].filter((name) => name !== null),
    wallAheadMs: null,
  };
}
