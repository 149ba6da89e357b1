import type { Verdict } from '../domain/health.ts';
import { type Health, isExpected } from '../domain/health/state.ts';
import type { StreamPlan } from '../domain/plan.ts';
import type { WireDoors } from './connectors/connector.ts';
import { HlsConnector } from './connectors/hls.ts';
import type { IngestWire } from './connectors/ingest-wire.ts';
import { watchMediaMtx } from './connectors/mediamtx.ts';
import { NetworkProbe, type ProbedIngest } from './connectors/network-probe.ts';
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
    network: plan.obs === null && plan.backupIngest === null ? null : new NetworkProbe(doors),
  };
}

function ingestWire({ mediamtx, rtmpStat }: StreamPlan, doors: StreamWireDoors): IngestWire | null {
  if (mediamtx !== null) return watchMediaMtx(mediamtx, doors);
  return rtmpStat === null ? null : watchNginxRtmp(rtmpStat, doors);
}

/** While on air the sources are asked often; a probe more often still when anything looks wrong. */
export function steer(wires: Wires, health: Health, verdict: Verdict): void {
  const isLive = isExpected(health) || wires.obs === null;
  const { obs, rtmp, hls, edge, network } = wires;
  for (const wire of [obs, rtmp, hls, edge]) wire?.setLive(isLive);
  obs?.setStrained(health.symptoms.get('renderLagPct/obs')?.grade === 2);
  const uneasy = health.ingest.contact.errorsRunning > 0 || health.obs.contact.errorsRunning > 0;
  const probes = [...health.network.values()].some((probe) => probe.failedRunning > 0 || probe.handshakeFailed);
  const bad = verdict.level === 'warn' || verdict.level === 'critical';
  network?.setMood(!isLive ? 'idle' : uneasy || probes || bad ? 'troubled' : 'calm');
}

/** Only where to knock: of an ingest's address everything after the port may be the key. */
export function targetsOf(ingest: URL | null, backup: string | null): ProbedIngest[] {
  const second = backup === null ? null : rtmpHost(backup);
  return [
    ...(ingest === null ? [] : [{ target: 'ingest' as const, url: ingest }]),
    ...(second === null ? [] : [{ target: 'backup' as const, url: second }]),
  ];
}
