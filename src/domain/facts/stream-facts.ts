import type { Duration, Iso } from '../units.ts';
import type { Level, StreamLayer, StreamSource } from '../words.ts';

/** Newest value and age of every metric at that moment, ≤ 2 kB. */
export type Snapshot = Record<string, number | string | boolean | null>;

/** An incident is one stretch of one layer being bad: `i<seq of its stream.degraded>`. */
export type StreamFact =
  | { kind: 'stream.started'; body: { ingest: string; at: Iso } }
  | { kind: 'stream.stopped'; body: { ingest: string; by: 'operator' | 'dropdesk' | 'gave-up'; at: Iso } }
  | {
      kind: 'stream.degraded';
      body: {
        incident: string;
        layer: StreamLayer;
        level: Level;
        cause: string;
        message: string;
        startedAt: Iso;
        snapshot: Snapshot;
      };
    }
  | {
      kind: 'stream.worsened';
      body: { incident: string; layer: StreamLayer; level: Level; cause: string; message: string; snapshot: Snapshot };
    }
  | {
      kind: 'stream.eased';
      body: { incident: string; layer: StreamLayer; level: Level; cause: string; message: string; snapshot: Snapshot };
    }
  /** the cause was corrected, the level stayed */
  | {
      kind: 'stream.explained';
      body: { incident: string; layer: StreamLayer; level: Level; cause: string; message: string; snapshot: Snapshot };
    }
  | {
      kind: 'stream.recovered';
      body: {
        incident: string;
        layer: StreamLayer;
        endedAt: Iso;
        worst: Level;
        causes: string[];
        darkMs: Duration;
        starvedMs: Duration;
        /** the hub was away for this long of it: what is dark in there is not known (STR-66); absent: never */
        blindMs?: Duration;
      };
    }
  /** RCD-1. A run is one recording from start to stop: `rec<seq>`; a segment is one file of it. */
  | {
      kind: 'recording.started';
      body: {
        run: string;
        requestedAt: Iso | null;
        noticedAt: Iso;
        path: string | null;
        fps: { num: number; den: number } | null;
        width: number | null;
        height: number | null;
        encoder: 'own' | 'shared' | 'unknown';
        obsVersion: string | null;
        /** record folder as OBS names it; where splits are looked for at close (RCD-4) */
        folder: string | null;
      };
    }
  | { kind: 'recording.paused'; body: { run: string; requestedAt: Iso | null; noticedAt: Iso } }
  | { kind: 'recording.resumed'; body: { run: string; requestedAt: Iso | null; noticedAt: Iso } }
  | { kind: 'recording.split'; body: { run: string; index: number; path: string; noticedAt: Iso } }
  | { kind: 'recording.stopped'; body: { run: string; requestedAt: Iso | null; noticedAt: Iso; path: string | null } }
  | { kind: 'recording.lost'; body: { run: string; lastSampleAt: Iso } }
  /** At close: what the file itself says. */
  | {
      kind: 'recording.measured';
      body: {
        run: string;
        index: number;
        path: string;
        sizeBytes: number;
        videoFrames: number | null;
        durationMs: Duration;
        zeroAt: Iso;
        zeroLoMs: number;
        zeroHiMs: number;
        method: string;
      };
    }
  | { kind: 'recording.stalled'; body: { run: string; noticedAt: Iso } }
  | { kind: 'scene.changed'; body: { scene: string } }
  /** STR-58: a source that has not answered for ten seconds or more, and that it does again */
  | { kind: 'stream.unseen'; body: { source: StreamSource; since: Iso } }
  | { kind: 'stream.seen'; body: { source: StreamSource; forMs: Duration } }
  /** how many watched, told by a person, a script or a file; what ingest and edge say are samples */
  | { kind: 'viewers.noted'; body: { count: number; at: Iso; source: string; by: string } };
