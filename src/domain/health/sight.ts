import type { Duration } from '../units.ts';
import { isUnknown } from './contact.ts';
import type { SymptomId } from './findings.ts';
import type { Grade } from './hold.ts';
import type { ProbeTarget } from './network-side.ts';
import { type Health, isConfigured } from './state.ts';
import { legStillMs } from './leg-side.ts';
import { ingestStillMs, sendStillMs } from './transport-findings.ts';

/** What the failover's rules look at (F1 to F10), as of the newest judgement and the newest samples. */
export interface FailoverSight {
  /** grade of the way to the ingest, and its cause */
  transport: Grade;
  cause: string | null;
  /** witnesses that speak of trouble on the way, each for itself; see WITNESSES */
  signals: number;
  /** grade of the picture and the sound */
  source: Grade;
  obsCritical: boolean;
  /** OBS is sending, as far as it has told; null: it has not */
  streaming: boolean | null;
  /** bytes and frames have both grown within the last 3 s */
  flowing: boolean;
  /** for how long both have grown without a break longer than a second; 0 when they do not flow */
  growingMs: Duration;
  /** media time between OBS and ingest (STR-26); null when it cannot be measured now */
  lagMs: Duration | null;
  /** 0 when OBS is not reconnecting */
  reconnectingMs: Duration;
  /** the longer of the two: OBS's bytes stand still, the ingest's bytes stand still; 0 while OBS does not stream */
  stallMs: Duration;
  /** probes in a row that went well; `primary` is the ingest that OBS is set to */
  primaryProbeOkRunning: number;
  backupProbeOkRunning: number;
  /** the ingest's own byte counter has grown within the last 2 s */
  ingestGrows: boolean;
  /** program scene, byte for byte; null: not told */
  scene: string | null;
}

/**
 * Who can say that the way is bad, independent of one another: OBS's sender, the ingest's page, and a connection of our
 * own, and the leg behind a relay. The two media clocks are one more, but while the ingest's page says that nothing comes they say no more than it.
 */
const WITNESSES: readonly (readonly SymptomId[])[] = [
  ['gaveUp', 'reconnecting', 'sendStallMs', 'congestion', 'droppedPct'],
  ['ingestStallMs', 'ingestListed', 'ingestSilentMs'],
  ['probe'],
  ['legStallMs'],
];

const FLOW_FRESH_MS = 3000;
const LAG_FRESH_MS = 3000;
const GROWS_MS = 2000;

export function failoverSight(health: Health, now: number): FailoverSight {
  const { obs, layers, lag } = health;
  const { fromMs, lastMs } = obs.flow;
  const legFlows = (legStillMs(health.leg, now) ?? 0) < GROWS_MS && (health.leg?.everFlowed ?? true);
  const flowing =
    legFlows && obs.active === true && !obs.reconnecting && lastMs !== null && now - lastMs <= FLOW_FRESH_MS;
  return {
    transport: layers.transport.grade,
    cause: layers.transport.cause,
    signals: signalsOf(health),
    source: layers.source.grade,
    obsCritical: layers.obs.grade === 2,
    streaming: obs.active,
    flowing,
    growingMs: flowing && fromMs !== null ? lastMs - fromMs : 0,
    lagMs: lag.value !== null && now - lag.valueMs <= LAG_FRESH_MS ? lag.value : null,
    reconnectingMs: obs.reconnectingSinceMs === null ? 0 : Math.max(0, now - obs.reconnectingSinceMs),
    stallMs:
      obs.active === false
        ? 0
        : Math.max(sendStillMs(health) ?? 0, ingestStillMs(health) ?? 0, legStillMs(health.leg, now) ?? 0),
    primaryProbeOkRunning: okRunning(health, 'ingest', now),
    backupProbeOkRunning: okRunning(health, 'backup', now),
    ingestGrows: ingestGrows(health, now),
    scene: obs.scene,
  };
}

function signalsOf(health: Health): number {
  const { grades } = health;
  const speaks = WITNESSES.map((symptoms) => symptoms.some((id) => grades[id] > 0));
  const clocks = grades.ingestLagMs > 0 && speaks[1] !== true;
  return speaks.filter(Boolean).length + (clocks ? 1 : 0);
}

/** Probes that ended some time ago say nothing of now. */
function okRunning(health: Health, target: ProbeTarget, now: number): number {
  const probe = health.network.get(target);
  return probe === undefined || isUnknown(probe.contact, now) ? 0 : probe.okRunning;
}

function ingestGrows(health: Health, now: number): boolean {
  const { lastGrowthMs } = health.ingest.bytes;
  return isConfigured(health, 'rtmp') && lastGrowthMs !== null && now - lastGrowthMs <= GROWS_MS;
}
