import type { Duration, Iso } from '../domain/units.ts';
import type { Level, StreamLayer, StreamSource } from '../domain/words.ts';

export type Metrics = Record<string, number | string | boolean | null>;

export interface StreamView {
  level: Level;
  cause: string | null;
  message: string | null;
  advice: string | null;
  since: Iso | null;
  layers: Partial<Record<StreamLayer, { level: Level; cause: string | null; since: Iso | null }>>;
  sources: Partial<
    Record<StreamSource, { level: Level; since: Iso | null; metrics: Metrics; message: string; ageMs: Duration | null }>
  >;
  incidents: {
    id: string;
    layer: StreamLayer;
    level: Level;
    cause: string;
    message: string;
    startedAt: Iso;
    endedAt: Iso | null;
    darkMs: Duration | null;
  }[];
}
