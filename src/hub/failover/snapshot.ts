import type { Snapshot } from '../../domain/facts/stream-facts.ts';
import { metricsOf } from '../../domain/health/metrics.ts';
import { type Health, isConfigured } from '../../domain/health/state.ts';
import type { Duration } from '../../domain/units.ts';

const SOURCES = ['obs', 'rtmp', 'network'] as const;

/** The figures of the moment in which something was proposed, by source: well below 2 kB. */
export function snapshotOf(health: Health, ms: Duration): Snapshot {
  return Object.fromEntries(
    SOURCES.filter((source) => isConfigured(health, source)).flatMap((source) =>
      Object.entries(metricsOf(health, source, ms)).map(([name, value]) => [`${source}.${name}`, value]),
    ),
  );
}
