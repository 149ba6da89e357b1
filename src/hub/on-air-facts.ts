import type { StreamFact } from '../domain/facts/stream-facts.ts';
import { isIngest } from '../domain/failover/machine-state.ts';
import type { Health } from '../domain/health/state.ts';
import type { ShowState } from '../domain/show.ts';
import { type Instant, type Now, toIso } from '../domain/units.ts';
import type { IngestLabel } from '../domain/words.ts';

/** A stop that nobody asked for is believed after this long. */
const GAVE_UP_MS = 1000;
/** OBS may stop a moment before the figures of both clocks agree that we had begun. */
const BEFORE_MS = 1000;

/**
 * On air or not, compared with what the ledger says, or null when both agree.
 *
 * @param ingest where the stream goes as far as anybody has read it; null: not read yet, and then it is what OBS was set to
 */
export function onAirFact(health: Health, show: ShowState, ingest: IngestLabel | null, now: Now): StreamFact | null {
  const { obs } = health;
  const { onAir } = show.stream;
  const wall = (mono: number): Instant => Math.round(now.at - (now.mono - mono));
  if (obs.active === true && onAir === null) {
    const at = toIso(wall(obs.startedMs ?? now.mono));
    return { kind: 'stream.started', body: { ingest: ingest ?? 'primary', at } };
  }
  if (obs.active !== false || onAir === null) return null;
  if (obs.gaveUpMs !== null && now.mono - obs.gaveUpMs < GAVE_UP_MS) return null;
  const at = wall(obs.gaveUpMs ?? obs.stoppingMs ?? now.mono);
  const by = isOurs(show, at) ? 'dropdesk' : obs.gaveUpMs === null ? 'operator' : 'gave-up';
  return { kind: 'stream.stopped', body: { ingest: onAir.ingest, by, at: toIso(at) } };
}

/** Within an action of ours that stops OBS; with a relay none does (STR-84). */
function isOurs({ failover, plan }: ShowState, at: Instant): boolean {
  if (plan?.stream.relay) return false;
  return failover.actions.some(
    ({ what, startedAt, endedAt }) =>
      isIngest({ what }) && startedAt !== null && at >= startedAt - BEFORE_MS && at <= (endedAt ?? Infinity),
  );
}
