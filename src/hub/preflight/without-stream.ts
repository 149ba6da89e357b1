import type { StreamPlan } from '../../domain/plan.ts';
import { type Check, skips } from './check.ts';

/** What is asked about the way of a stream and its backup. A show in the room has neither, and lacks nothing. */
const ABOUT_THE_STREAM = new Set(['net-3', 'net-4', 'net-5', 'net-7', 'fail-1', 'fail-2', 'fail-7']);

/** @returns in the place of such a check, when the plan names nothing of a stream; null: look as always */
export function checkWithoutStream(id: string, stream: StreamPlan): Check | null {
  const { obs, rtmpStat, mediamtx, hls, edge, primaryIngest, backupIngest, relay } = stream;
  const isPlanned = [obs, rtmpStat, mediamtx, hls, edge, primaryIngest, backupIngest, relay].some(
    (one) => one !== null,
  );
  return isPlanned || !ABOUT_THE_STREAM.has(id) ? null : () => Promise.resolve(skips('No stream is planned.'));
}
