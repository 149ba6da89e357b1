import type { SourceVerdict } from '../domain/health.ts';
import { type Duration, HOUR, type Instant, type Now } from '../domain/units.ts';
import type { StreamSource } from '../domain/words.ts';
import type { Log } from './doors.ts';
import type { Db } from './store/database.ts';
import { type SampleTable, SampleStore } from './store/samples.ts';

const STORE_MS = 1000;
const PRUNE_MS = HOUR;
const POINTS = 1200;
const MOST_POINTS = 5000;

export interface SampleQuery {
  from: Instant | null;
  to: Instant | null;
  source: string | null;
  points: number | null;
}

/** Keeps the figures of the stream's sources in the file of the show that is on the desk: a row a second and source. */
export class SampleKeeper {
  readonly #readDb: () => Db | null;
  readonly #log: Log;
  readonly #heard = new Map<StreamSource, Duration>();
  #store: { db: Db; samples: SampleStore } | null = null;
  #storedAt: Duration = 0;
  #prunedAt: Duration = 0;

  constructor(doors: { readDb: () => Db | null; log: Log }) {
    this.#readDb = doors.readDb;
    this.#log = doors.log;
  }

  /** A source has answered. @param ms on the hub's monotonic clock */
  heard(source: StreamSource, ms: Duration): void {
    this.#heard.set(source, ms);
  }

  forget(): void {
    this.#store = null;
    this.#heard.clear();
  }

  isDue(now: Now): boolean {
    return now.mono - this.#storedAt >= STORE_MS;
  }

  /** One transaction a second: the newest figures of each source that has answered since the last one. */
  keep(verdicts: Partial<Record<StreamSource, SourceVerdict>>, now: Now): void {
    this.#storedAt = now.mono;
    const samples = this.#samples();
    if (samples === null) return;
    const rows = [...this.#heard].flatMap(([source, ms]) => {
      const metrics = verdicts[source]?.metrics;
      return metrics === undefined ? [] : [{ source, at: Math.round(now.at - (now.mono - ms)), metrics }];
    });
    this.#heard.clear();
    try {
      samples.write(rows);
      if (now.mono - this.#prunedAt >= PRUNE_MS) {
        this.#prunedAt = now.mono;
        samples.prune(now.at);
      }
    } catch (error) {
      // Charts may miss a second; the show goes on. A disk that cannot be written is found by the next fact.
      this.#log({ level: 'error', kind: 'samples', error: error instanceof Error ? error.name : 'unknown' });
    }
  }

  /** Body of `GET /api/samples`; by default the last hour of OBS in 1200 points. */
  read(query: SampleQuery, now: Now): SampleTable {
    const to = query.to ?? now.at;
    const from = query.from ?? to - HOUR;
    const range = { source: query.source ?? 'obs', from, to, points: Math.min(query.points ?? POINTS, MOST_POINTS) };
    return this.#samples()?.read(range) ?? emptyTable(range);
  }

  /** When a recording was last seen going on, however long ago within half a day; also by an earlier run of the hub. */
  lastSeenRecording({ at }: Now): Instant | null {
    return this.#samples()?.lastAt('obs', 'recording', 1, 12 * HOUR, at) ?? null;
  }

  /** One metric as it was kept, a value a second, oldest first. */
  series(source: string, metric: string, from: Instant, to: Instant): { at: Instant; value: number }[] {
    return this.#samples()?.series(source, metric, from, to) ?? [];
  }

  #samples(): SampleStore | null {
    const db = this.#readDb();
    if (db === null) return null;
    if (this.#store?.db !== db) this.#store = { db, samples: new SampleStore(db) };
    return this.#store.samples;
  }
}

function emptyTable({ source, from, to }: { source: string; from: Instant; to: Instant }): SampleTable {
  return {
    source,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    stepMs: 1000,
    columns: ['at'],
    rows: [],
  };
}
