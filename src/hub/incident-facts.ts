import type { StreamFact, Snapshot } from '../domain/facts/stream-facts.ts';
import { sourceVerdicts } from '../domain/health.ts';
import { messageFor } from '../domain/health/causes.ts';
import { incidentDarkMs, starvedMsWithin } from '../domain/health/dark.ts';
import { levelOf } from '../domain/health/layers.ts';
import { type Health, LAYERS, isConfigured } from '../domain/health/state.ts';
import type { StreamIncident, StreamRecord } from '../domain/stream-record.ts';
import { type Duration, type Instant, type Now, toIso } from '../domain/units.ts';
import type { Level, StreamLayer } from '../domain/words.ts';

/** STR-63: at most one fact of a layer in so long. */
const PACE_MS = 5000;
/** A warning that turns critical at once is one fact, not two that the pace would then hold apart. */
const WARN_RIPENS_MS = 1500;
/** An incident that another run of the hub opened ends when its sources have answered calmly for this long. */
const INHERITED_CALM_MS = 10_000;

export interface IncidentAsk {
  health: Health;
  record: StreamRecord;
  /** seq that the next fact will get; incidents are named by it */
  seq: number;
  now: Now;
  /** what an earlier run of the hub measured of an incident that is still open */
  inherited: (incident: StreamIncident) => Inherited;
}

/** Nothing of an incident that began in this run. */
export interface Inherited {
  darkMs: Duration;
  /** the hub was away */
  blindMs: Duration;
}

/**
 * What must be written so that the ledger's incidents say what the judge says; one fact at most, the most urgent layer
 * first. It compares the fold with the present, so an incident that was open before a restart goes on (STR-66), and
 * nothing is written twice.
 */
export function nextIncidentFact(ask: IncidentAsk): StreamFact | null {
  for (const layer of LAYERS) {
    const open = ask.record.open.get(layer);
    const { grade } = ask.health.layers[layer];
    if (open !== undefined && ask.now.at - open.changedAt < PACE_MS) continue;
    const fact = grade === 0 ? (open === undefined ? null : recovered(ask, open)) : degradedOrChanged(ask, layer, open);
    if (fact !== null) return fact;
  }
  return null;
}

function degradedOrChanged(ask: IncidentAsk, layer: StreamLayer, open: StreamIncident | undefined): StreamFact | null {
  const { health, now } = ask;
  const { grade, cause: named, firstSymptomMs } = health.layers[layer];
  const level = levelOf(grade);
  const cause = named ?? 'unclear';
  if (open?.level === level && open.cause === cause) return null;
  const said = { layer, level, cause, message: messageFor(health, cause) };
  if (open === undefined) {
    if (level === 'warn' && now.mono - (firstSymptomMs ?? now.mono) < WARN_RIPENS_MS) return null;
    const startedAt = toIso(wallOf(now, firstSymptomMs ?? now.mono));
    return {
      kind: 'stream.degraded',
      body: { incident: `i${ask.seq}`, startedAt, ...said, snapshot: snapshotOf(health) },
    };
  }
  const kind =
    open.level === level ? 'stream.explained' : rank(level) > rank(open.level) ? 'stream.worsened' : 'stream.eased';
  return { kind, body: { incident: open.id, ...said, snapshot: snapshotOf(health) } };
}

function recovered({ health, now, inherited }: IncidentAsk, open: StreamIncident): StreamFact | null {
  const calmFrom = health.layers[open.layer].calmFromMs ?? inheritedCalm(health, now);
  if (calmFrom === null) return null;
  const endedAt = Math.max(open.startedAt, wallOf(now, calmFrom));
  const { darkMs, starvedMs } = lostWithin(health, open, endedAt, now);
  const before = inherited(open);
  const blindMs = Math.min(before.blindMs, endedAt - open.startedAt);
  return {
    kind: 'stream.recovered',
    body: {
      incident: open.id,
      layer: open.layer,
      endedAt: toIso(endedAt),
      worst: open.worst,
      causes: open.causes,
      darkMs: darkMs + before.darkMs,
      starvedMs,
      ...(blindMs > 0 ? { blindMs } : {}),
    },
  };
}

/** Dark and starved time of an incident up to an instant, as far as this run of the hub has measured it. */
export function lostWithin(
  health: Health,
  { layer, startedAt }: Pick<StreamIncident, 'layer' | 'startedAt'>,
  until: Instant,
  now: Now,
): { darkMs: Duration; starvedMs: Duration } {
  const monoOf = (at: Instant): Duration => at - (now.at - now.mono);
  const isViewed = layer === 'obs' || layer === 'transport';
  return {
    darkMs: Math.round(incidentDarkMs(health, layer, monoOf(startedAt), monoOf(until))),
    starvedMs: isViewed ? starvedMsWithin(health, monoOf(startedAt), monoOf(until)) : 0,
  };
}

/** @returns when the sources began to answer, once they have done so for long enough without the layer being bad */
function inheritedCalm(health: Health, now: Now): Duration | null {
  const contact = isConfigured(health, 'obs') ? health.obs.contact : health.ingest.contact;
  const since = contact.answersSinceMs;
  return since !== null && now.mono - since >= INHERITED_CALM_MS ? since : null;
}

const SNAPSHOT_BYTES = 2000;

/** Newest value of every metric that is known, and the age of each source; at most 2 kB. */
export function snapshotOf(health: Health): Snapshot {
  const all = Object.entries(sourceVerdicts(health)).flatMap(([source, { metrics, ageMs }]) => [
    [`${source}.ageMs`, ageMs] as const,
    ...Object.entries(metrics).map(([name, value]) => [`${source}.${name}`, value] as const),
  ]);
  const snapshot: Snapshot = {};
  let bytes = 2;
  for (const [name, value] of all) {
    if (value === null) continue;
    bytes += name.length + JSON.stringify(value).length + 4;
    if (bytes > SNAPSHOT_BYTES) break;
    snapshot[name] = value;
  }
  return snapshot;
}

function wallOf(now: Now, mono: Duration): Instant {
  return now.at - (now.mono - mono);
}

function rank(level: Level): number {
  return level === 'critical' ? 2 : level === 'warn' ? 1 : 0;
}
