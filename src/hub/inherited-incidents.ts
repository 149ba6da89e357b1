import type { StreamIncident } from '../domain/stream-record.ts';
import { DARK_FROM_MS } from '../domain/health/flow.ts';
import type { Duration, Instant } from '../domain/units.ts';
import type { Inherited } from './incident-facts.ts';

/** Samples of a metric that are kept, oldest first. */
export type ReadSeries = (
  source: string,
  metric: string,
  from: Instant,
  to: Instant,
) => readonly { at: Instant; value: number }[];

const NOTHING: Inherited = { darkMs: 0, blindMs: 0 };

/**
 * What the samples of an earlier run of the hub say of an incident that outlived it (STR-66): how long it had been dark
 * by then, and for how long nobody looked. Read once an incident; a new watch makes a new one of these.
 */
export class InheritedIncidents {
  readonly #beganAt: Instant;
  readonly #series: ReadSeries;
  /** the counter that stands for arriving media, as in health/flow.ts */
  readonly #counter: readonly [source: string, metric: string];
  readonly #known = new Map<string, Inherited>();
  #heardAt: Instant | null = null;

  constructor(beganAt: Instant, hasIngest: boolean, series: ReadSeries) {
    this.#beganAt = beganAt;
    this.#series = series;
    this.#counter = hasIngest ? ['rtmp', 'ingestStallMs'] : ['obs', 'sendStallMs'];
  }

  /** A source has answered: the blind span ends with the first. */
  heard(at: Instant): void {
    this.#heardAt ??= at;
  }

  of(incident: StreamIncident, at: Instant): Inherited {
    if (incident.changedAt >= this.#beganAt && incident.startedAt >= this.#beganAt) return NOTHING;
    const known = this.#known.get(incident.id);
    if (known !== undefined) return known;
    const read = this.#read(incident, at);
    if (this.#heardAt !== null) this.#known.set(incident.id, read);
    return read;
  }

  #read({ layer, startedAt, changedAt }: StreamIncident, at: Instant): Inherited {
    const stalls = this.#series(...this.#counter, startedAt, this.#beganAt);
    const seenAt = Math.max(startedAt, Math.min(changedAt, this.#beganAt), stalls.at(-1)?.at ?? 0);
    const isViewed = layer === 'obs' || layer === 'transport';
    return {
      darkMs: isViewed ? darkIn(stalls) : 0,
      blindMs: Math.max(0, (this.#heardAt ?? at) - seenAt),
    };
  }
}

/** Each sample tells how long its counter had stood still by then; the gaps together, each counted once. */
function darkIn(stalls: readonly { at: Instant; value: number }[]): Duration {
  let [dark, until] = [0, -Infinity];
  for (const { at, value } of stalls) {
    if (value < DARK_FROM_MS) continue;
    const from = Math.max(at - value, until);
    dark += Math.max(0, at - from);
    until = Math.max(until, at);
  }
  return Math.round(dark);
}
