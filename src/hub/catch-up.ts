import type { StreamFact } from '../domain/facts/stream-facts.ts';
import type { Health } from '../domain/health/state.ts';
import type { OriginFact } from '../domain/ledger.ts';
import type { ShowState } from '../domain/show.ts';
import type { StreamIncident } from '../domain/stream-record.ts';
import type { Duration, Instant, Now } from '../domain/units.ts';
import type { IngestLabel } from '../domain/words.ts';
import type { AirFacts } from './air-facts.ts';
import type { Log, ReadNow, RecordFacts } from './doors.ts';
import { type Inherited, nextIncidentFact } from './incident-facts.ts';
import { onAirFact } from './on-air-facts.ts';
import { nextUnseenFact } from './unseen-facts.ts';

const WRITE_AGAIN_MS = 1000;
/** More than this in one look would be a loop, not news. */
const MOST_FACTS = 10;

/** What is true of the stream now, for the ledger to say the same. */
export interface StreamNow {
  health: Health;
  air: AirFacts;
  watchedFromMs: Duration;
  /** where the stream goes, as failover has read it; null: not read */
  ingest: IngestLabel | null;
  inherited: (incident: StreamIncident, at: Instant) => Inherited;
  /** wall time of the newest sample that a former run kept of a recording; null: none */
  lastSeenRecording: (now: Now) => Instant | null;
}

/** Writes what the ledger lacks of the stream, whether it happened now or while the hub was away. */
export class CatchUp {
  readonly #doors: { readNow: ReadNow; record: RecordFacts; log: Log };
  #written = 0;
  #againAt: Duration = 0;

  constructor(doors: { readNow: ReadNow; record: RecordFacts; log: Log }) {
    this.#doors = doors;
  }

  /** One fact after the other, each named by the seq it will get, until the ledger says what is. */
  write(stream: StreamNow, show: ShowState): void {
    for (let i = 0; i < MOST_FACTS; i += 1) {
      const now = this.#doors.readNow();
      if (now.mono < this.#againAt) return;
      const fact = nextFact(stream, show, now);
      if (fact === null || !this.#record(fact, now)) return;
    }
  }

  /** @returns false when it could not be saved; the hub says so on the desk, and we try again a little later */
  #record(fact: StreamFact, now: Now): boolean {
    this.#written += 1;
    try {
      const named = { ...fact, origin: 'stream', originId: `${now.boot}:${this.#written}` } satisfies OriginFact;
      return this.#doors.record([named]).length > 0;
    } catch (error) {
      this.#againAt = now.mono + WRITE_AGAIN_MS;
      const name = error instanceof Error ? error.name : 'unknown';
      this.#doors.log({ level: 'error', kind: 'stream-fact', fact: fact.kind, error: name });
      return false;
    }
  }
}

/** What happened to the outputs comes before what follows from it. */
function nextFact(stream: StreamNow, show: ShowState, now: Now): StreamFact | null {
  const { health, air, watchedFromMs, ingest, inherited, lastSeenRecording } = stream;
  const seq = show.seq + 1;
  const of = (incident: StreamIncident): Inherited => inherited(incident, now.at);
  return (
    onAirFact(health, show, ingest, now) ??
    air.next(health, show.stream, seq, now, () => lastSeenRecording(now)) ??
    nextIncidentFact({ health, record: show.stream, seq, now, inherited: of }) ??
    nextUnseenFact({ health, record: show.stream, now, watchedFromMs })
  );
}
