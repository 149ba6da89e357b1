import { wallOf } from '../clock.ts';
import type { Cue, StreamPlan } from '../plan.ts';
import { type Decision, refuse } from '../refusal.ts';
import type { ShowState } from '../show.ts';
import { type HubTime, type Instant, SECOND, toIso } from '../units.ts';
import type { StreamLayer, StreamSource } from '../words.ts';

/** Without one of these viewers see nothing. A frozen picture or a lost recording does not keep anybody from buying. */
const CARRIERS = ['obs', 'transport', 'delivery'] as const satisfies readonly StreamLayer[];

/**
 * CUE-26: a drop waits while nobody can watch it. The ledger says so, so that a decision can be made again from it: an
 * open incident of what carries the stream, or no source that has answered for ten seconds. A weak stream holds nothing,
 * and a show without a stream is never held.
 *
 * @returns the refusal, or null when the drop may go
 */
export function streamHold(show: ShowState, cue: Cue, t: HubTime): (Decision & { ok: false }) | null {
  const hold = cue.kind === 'drop' ? holdOf(show) : null;
  if (hold === null) return null;
  const ago = clockOf(wallOf(show.clock, t) - hold.since);
  const message = `${hold.why} This has lasted ${ago}. Selling to viewers now would fail. Give a reason to start anyway.`;
  return refuse('held-by-stream', message, { cause: hold.cause, since: toIso(hold.since) });
}

interface Hold {
  cause: string;
  why: string;
  since: Instant;
}

function holdOf({ plan, stream }: ShowState): Hold | null {
  const asked = plan === null ? [] : plannedSources(plan.stream);
  if (asked.length === 0) return null;
  for (const layer of CARRIERS) {
    const incident = stream.open.get(layer);
    if (incident?.level === 'critical')
      return { cause: incident.cause, why: incident.message, since: incident.startedAt };
  }
  const silentSince = asked.map((source) => stream.unseen.get(source));
  const since = silentSince.every((at) => at !== undefined) ? Math.max(...silentSince) : null;
  return since === null ? null : { cause: 'unknown', why: 'Nothing tells how the stream is.', since };
}

/** Sources whose silence the ledger tells. */
function plannedSources({ obs, rtmpStat, mediamtx, hls, edge }: StreamPlan): StreamSource[] {
  const named = { obs, rtmp: rtmpStat ?? mediamtx, hls, edge };
  return (['obs', 'rtmp', 'hls', 'edge'] as const).filter((source) => named[source] !== null);
}

/** `mm:ss` */
function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}
