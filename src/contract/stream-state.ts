import type { FailoverDeed } from '../domain/failover/failover-record.ts';
import type { IncidentSales } from '../domain/incident-sales.ts';
import type { Duration, Iso } from '../domain/units.ts';
import type { FailoverAction, Level, StreamLayer, StreamSource } from '../domain/words.ts';

export type Metrics = Record<string, number | string | boolean | null>;

export interface StreamView {
  level: Level;
  cause: string | null;
  message: string | null;
  advice: string | null;
  /** where the trouble is, in words ("The venue's network"); null: nowhere, or nobody can say */
  place: string | null;
  /** what OBS waits for, where that helps to know (STR-53) */
  second: string | null;
  since: Iso | null;
  layers: Partial<Record<StreamLayer, { level: Level; cause: string | null; place: string | null; since: Iso | null }>>;
  /** true symptoms that only follow from a worse trouble above, by the layer they follow from (STR-48) */
  follows: { id: string; from: StreamLayer }[];
  sources: Partial<
    Record<StreamSource, { level: Level; since: Iso | null; metrics: Metrics; message: string; ageMs: Duration | null }>
  >;
  incidents: IncidentView[];
  /** how many watch: counted by a server, else the newest count of the last 15 min that somebody told; null: not known */
  viewers: { count: number; source: 'ingest' | 'edge' | 'noted'; at: Iso } | null;
}

/** One stretch of one layer being bad, newest last. While it is open its figures grow with every look. */
export interface IncidentView {
  id: string;
  layer: StreamLayer;
  /** while it is open its level, afterwards the worst that was */
  level: Level;
  cause: string;
  /** every cause that was named, in order */
  causes: string[];
  message: string;
  startedAt: Iso;
  endedAt: Iso | null;
  /** without any media; null: not measured (the hub watches nothing, or was away) */
  darkMs: Duration | null;
  /** not dark, and less than half of the usual media */
  starvedMs: Duration | null;
  /** in which the hub itself was away and measured nothing */
  blindMs: Duration;
  /** what was on air when it began */
  cue: { id: string; title: string } | null;
  /** sales whose own time lies in it; `netAtRiskMinor` is an estimate and in no total */
  sales: IncidentSales;
  /** what failover did, or would have done, meanwhile */
  actions: {
    action: string;
    what: FailoverAction;
    from: string | null;
    to: string | null;
    state: FailoverDeed['state'];
    by: string | null;
    at: Iso;
  }[];
}
