import type { Verdict } from '../domain/health.ts';
import { type Health, isExpected } from '../domain/health/state.ts';
import type { StreamPlan } from '../domain/plan.ts';
import type { WireDoors } from './connectors/connector.ts';
import { HlsConnector } from './connectors/hls.ts';
import type { IngestWire } from './connectors/ingest-wire.ts';
import { watchMediaMtx } from './connectors/mediamtx.ts';
import { NetworkProbe, type ProbedIngest, THIS_COMPUTER } from './connectors/network-probe.ts';
import { watchNginxRtmp } from './connectors/nginx-rtmp.ts';
import { ObsConnector, type ObsDoors } from './connectors/obs.ts';
import { rtmpHost } from './connectors/obs-setup.ts';
import type { Measure } from './doors.ts';

/** The connectors of one stream plan; null where the plan names nothing. */
export interface Wires {
  obs: ObsConnector | null;
  rtmp: IngestWire | null;
  hls: HlsConnector | null;
  edge: HlsConnector | null;
  network: NetworkProbe | null;
}

export type StreamWireDoors = WireDoors & ObsDoors & { measure: Measure; watchesPicture: () => boolean };

export const NO_WIRES: Wires = { obs: null, rtmp: null, hls: null, edge: null, network: null };

/** Makes them; whoever made them starts and stops them. */
export function wiresFor(plan: StreamPlan, doors: StreamWireDoors): Wires {
  return {
    obs: plan.obs && new ObsConnector(plan.obs.url, doors, { ...doors, audioInputs: plan.audioInputs }),
    rtmp: ingestWire(plan, doors),
    hls: plan.hls && new HlsConnector('hls', plan.hls.url, doors),
    edge: plan.edge && new HlsConnector('edge', plan.edge.url, doors),
    network: networkProbe(plan, doors),
  };
}

function ingestWire({ mediamtx, rtmpStat }: StreamPlan, doors: StreamWireDoors): IngestWire | null {
  if (mediamtx !== null) return watchMediaMtx(mediamtx, doors);
  return rtmpStat === null ? null : watchNginxRtmp(rtmpStat, doors);
}

/** Something must be on the way out that can be probed: OBS tells its ingest, the plan its backup and the edge. */
function networkProbe(plan: StreamPlan, doors: StreamWireDoors): NetworkProbe | null {
  const edge = plan.edge !== null && URL.canParse(plan.edge.url) ? new URL(plan.edge.url).hostname : null;
  const hasTarget = plan.obs !== null || plan.primaryIngest !== null || plan.backupIngest !== null || edge !== null;
  return hasTarget ? new NetworkProbe(doors, edge, THIS_COMPUTER) : null;
}

/** While on air the sources are asked often; a probe more often still when anything looks wrong. */
export function steer(wires: Wires, health: Health, verdict: Verdict): void {
  const isLive = isExpected(health) || wires.obs === null;
  const { obs, rtmp, hls, edge, network } = wires;
  for (const wire of [obs, rtmp, hls, edge]) wire?.setLive(isLive);
  obs?.setStrained(health.grades.renderLagPct === 2);
  const uneasy = health.ingest.contact.errorsRunning > 0 || health.obs.contact.errorsRunning > 0;
  rtmp?.setUneasy(isStallInTheMaking(health));
  const probes = [...health.network.values()].some((probe) => probe.failedRunning > 0 || probe.handshakeFailed);
  const bad = verdict.level === 'warn' || verdict.level === 'critical';
  network?.setMood(!isLive ? 'idle' : uneasy || probes || bad ? 'troubled' : 'calm');
}

/** Half a second without a byte, which a healthy stream never has (measured: gaps under 250 ms). */
function isStallInTheMaking(health: Health): boolean {
  return health.ingest.newest?.grew === false || health.layers.transport.grade > 0;
}

/**
 * Only where to knock: of an ingest's address everything after the port may be the key.
 *
 * @param obsIngest where OBS sends to; behind a relay the way out begins at the relay, and the plan says where it leads
 */
export function targetsOf(obsIngest: URL | null, { primaryIngest, backupIngest }: StreamPlan): ProbedIngest[] {
  const first = primaryIngest === null ? obsIngest : rtmpHost(primaryIngest);
  const second = backupIngest === null ? null : rtmpHost(backupIngest);
  return [
    ...(first === null ? [] : [{ target: 'ingest' as const, url: first }]),
    ...(second === null ? [] : [{ target: 'backup' as const, url: second }]),
  ];
}
