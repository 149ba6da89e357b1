import type Database from 'better-sqlite3';
import type { Figures } from '../../domain/health/metrics.ts';
import { type Duration, HOUR, type Instant, toIso } from '../../domain/units.ts';
import { type StoredRow, bufferOf, eachStep, numbersOf } from './sample-steps.ts';

/**
 * Measurements of the stream beside the ledger: what the charts draw. A row is one second of one source, kept for eight
 * hours, or ten seconds of it, kept for good; what was not measured is not there, so that a gap is drawn as a gap.
 *
 * `mean`, `low`, `high` are little-endian doubles, one per column in the order of `sample_column`, NaN for "not known";
 * `low` and `high` are null where a row is one measurement. Eight hours of a source are read from the ten-second rows.
 */
export const SAMPLES_MIGRATION = `
CREATE TABLE sample_column (
  source TEXT NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (source, position),
  UNIQUE (source, name)
) STRICT;
CREATE TABLE sample (
  source TEXT NOT NULL,
  at INTEGER NOT NULL,
  step INTEGER NOT NULL,
  mean BLOB NOT NULL,
  low BLOB,
  high BLOB,
  PRIMARY KEY (source, step, at)
) STRICT, WITHOUT ROWID;
`;

const SECOND_STEP = 1000;
const OLD_STEP = 10_000;
const KEPT_WHOLE_MS = 8 * HOUR;

export interface SampleRow {
  source: string;
  /** when the answer was taken, wall clock */
  at: Instant;
  metrics: Figures;
}

export interface SampleRange {
  source: string;
  from: Instant;
  to: Instant;
  /** at most about so many rows; null: as stored */
  points: number | null;
}

/** Body of `GET /api/samples`. Where `stepMs` is over a second, `x.min` and `x.max` stand beside the mean `x`. */
export interface SampleTable {
  source: string;
  from: string;
  to: string;
  stepMs: Duration;
  columns: string[];
  /** time first, as ISO text; null = not known */
  rows: (string | number | null)[][];
}

export class SampleStore {
  readonly #db: Database.Database;
  readonly #insertSecond: Database.Statement;
  readonly #insertTen: Database.Statement;
  readonly #select: Database.Statement;
  readonly #columns = new Map<string, Map<string, number>>();
  /** source → up to where ten-second rows have been made */
  readonly #rolledTo = new Map<string, Instant>();

  constructor(db: Database.Database) {
    this.#db = db;
    this.#insertSecond = db.prepare('INSERT OR IGNORE INTO sample (source, at, step, mean) VALUES (?, ?, ?, ?)');
    this.#insertTen = db.prepare(
      'INSERT OR REPLACE INTO sample (source, at, step, mean, low, high) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#select = db.prepare(
      'SELECT at, step, mean, low, high FROM sample WHERE source = ? AND step = ? AND at BETWEEN ? AND ? ORDER BY at',
    );
    const rows = db.prepare('SELECT source, position, name FROM sample_column').all() as {
      source: string;
      position: number;
      name: string;
    }[];
    for (const { source, position, name } of rows) this.#columnsOf(source).set(name, position);
  }

  /** One transaction for all of them. A second measurement of the same instant is left out. */
  write(rows: readonly SampleRow[]): void {
    if (rows.length === 0) return;
    this.#db.transaction(() => {
      for (const { source, at, metrics } of rows) {
        this.#insertSecond.run(source, Math.round(at), SECOND_STEP, this.#pack(source, metrics));
        this.#rollUp(source, at);
      }
    })();
  }

  read({ source, from, to, points }: SampleRange): SampleTable {
    const names = [...this.#columnsOf(source).keys()];
    const stepMs = stepFor(to - from, points);
    const rows = this.#rowsFor(source, from, to, stepMs);
    const whole = stepMs === SECOND_STEP;
    return {
      source,
      from: toIso(from),
      to: toIso(to),
      stepMs,
      columns: ['at', ...(whole ? names : names.flatMap((name) => [name, `${name}.min`, `${name}.max`]))],
      rows: whole ? rowsAsStored(rows, names.length) : rowsByStep(rows, names.length, stepMs),
    };
  }

  /** One figure of a source, as finely as it is kept, where it is known. */
  series(source: string, metric: string, from: Instant, to: Instant): { at: Instant; value: number }[] {
    const position = this.#columnsOf(source).get(metric);
    if (position === undefined) return [];
    return this.#rowsFor(source, from, to, SECOND_STEP).flatMap((row) => {
      const value = known(numbersOf(row.mean)[position]);
      return value === null ? [] : [{ at: row.at, value }];
    });
  }

  /** @returns instant of the newest row at which `metric` was `value`; null when there is none in the last `withinMs` */
  lastAt(source: string, metric: string, value: number, withinMs: Duration, now: Instant): Instant | null {
    const position = this.#columnsOf(source).get(metric);
    if (position === undefined) return null;
    const rows = this.#stored(source, SECOND_STEP, now - withinMs, now).toReversed();
    return rows.find((row) => numbersOf(row.mean)[position] === value)?.at ?? null;
  }

  /** Drops single seconds over eight hours old; their ten-second rows stay. */
  prune(now: Instant): void {
    this.#db.prepare('DELETE FROM sample WHERE step = ? AND at < ?').run(SECOND_STEP, now - KEPT_WHOLE_MS);
  }

  /** Makes the ten-second rows of the windows that were complete before `at`. */
  #rollUp(source: string, at: Instant): void {
    const window = windowOf(at);
    const from = this.#rolledTo.get(source) ?? this.#firstNotRolled(source, window);
    this.#rolledTo.set(source, Math.max(from, window));
    if (window <= from) return;
    const width = this.#columnsOf(source).size;
    const seconds = this.#stored(source, SECOND_STEP, from, window - 1);
    eachStep(seconds, width, OLD_STEP, ({ at: start, mean, low, high }) => {
      this.#insertTen.run(source, start, OLD_STEP, bufferOf(mean), bufferOf(low), bufferOf(high));
    });
  }

  /** After a restart: the window after the newest ten-second row, or that of the oldest second. */
  #firstNotRolled(source: string, otherwise: Instant): Instant {
    const edge = this.#db
      .prepare('SELECT max(at) AS newest FROM sample WHERE source = ? AND step = ?')
      .get(source, OLD_STEP) as { newest: number | null };
    if (edge.newest !== null) return edge.newest + OLD_STEP;
    const first = this.#db.prepare('SELECT min(at) AS oldest FROM sample WHERE source = ?').get(source) as {
      oldest: number | null;
    };
    return Math.min(windowOf(first.oldest ?? otherwise), otherwise);
  }

  /** The rows that tell a range best: seconds where they are wanted and still kept, else ten-second rows and the newest seconds. */
  #rowsFor(source: string, from: Instant, to: Instant, stepMs: Duration): StoredRow[] {
    const tens = this.#stored(source, OLD_STEP, from, to);
    const after = (tens.at(-1)?.at ?? -Infinity) + OLD_STEP;
    if (stepMs >= OLD_STEP) return [...tens, ...this.#stored(source, SECOND_STEP, Math.max(from, after), to)];
    const seconds = this.#stored(source, SECOND_STEP, from, to);
    const whole = seconds[0]?.at ?? Infinity;
    return [...tens.filter(({ at }) => at + OLD_STEP <= whole), ...seconds];
  }

  #stored(source: string, step: Duration, from: Instant, to: Instant): StoredRow[] {
    return this.#select.all(source, step, Math.floor(from), Math.ceil(to)) as StoredRow[];
  }

  #columnsOf(source: string): Map<string, number> {
    const columns = this.#columns.get(source) ?? new Map<string, number>();
    this.#columns.set(source, columns);
    return columns;
  }

  /** Only numbers and yes/no are kept; a metric that is new gets the next column. */
  #pack(source: string, metrics: Figures): Buffer {
    const columns = this.#columnsOf(source);
    const values = new Float64Array(columns.size + Object.keys(metrics).length).fill(NaN);
    for (const [name, value] of Object.entries(metrics)) {
      if (typeof value === 'string') continue;
      const position = columns.get(name) ?? this.#addColumn(source, columns, name);
      values[position] = value === null ? NaN : Number(value);
    }
    return bufferOf(values.subarray(0, columns.size));
  }

  #addColumn(source: string, columns: Map<string, number>, name: string): number {
    const position = columns.size;
    this.#db.prepare('INSERT INTO sample_column (source, position, name) VALUES (?, ?, ?)').run(source, position, name);
    columns.set(name, position);
    return position;
  }
}

/** Whole seconds, and whole tens of them where ten-second rows are read. */
function stepFor(spanMs: Duration, points: number | null): Duration {
  if (points === null || points <= 0) return SECOND_STEP;
  const step = spanMs / points;
  const unit = step > OLD_STEP ? OLD_STEP : SECOND_STEP;
  return Math.max(SECOND_STEP, Math.ceil(step / unit) * unit);
}

function windowOf(at: Instant): Instant {
  return Math.floor(at / OLD_STEP) * OLD_STEP;
}

function rowsAsStored(rows: readonly StoredRow[], width: number): SampleTable['rows'] {
  return rows.map((row) => {
    const values = numbersOf(row.mean);
    return [toIso(row.at), ...Array.from({ length: width }, (_, i) => known(values[i]))];
  });
}

function rowsByStep(rows: readonly StoredRow[], width: number, stepMs: Duration): SampleTable['rows'] {
  const table: SampleTable['rows'] = [];
  eachStep(rows, width, stepMs, ({ at, mean, low, high }) => {
    const cells: (string | number | null)[] = [toIso(at)];
    for (let i = 0; i < width; i += 1) cells.push(known(mean[i]), known(low[i]), known(high[i]));
    table.push(cells);
  });
  return table;
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : Math.round(value * 100) / 100;
}
