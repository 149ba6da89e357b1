import { join } from 'node:path';
import type { Phase } from '../../domain/words.ts';
import { type Db, openDatabase } from './database.ts';
import { DEVICES_MIGRATION } from './devices.ts';

const DESK_MIGRATION = `
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE show (
  id TEXT PRIMARY KEY, folder TEXT NOT NULL UNIQUE, name TEXT NOT NULL, phase TEXT NOT NULL,
  starts_at TEXT, demo INTEGER NOT NULL, made_at INTEGER NOT NULL
) STRICT;
`;

export interface ShowRow {
  id: string;
  /** relative to the data folder */
  folder: string;
  name: string;
  phase: Phase;
  startsAt: string | null;
  demo: boolean;
  madeAt: number;
}

/** desk.db: what outlives a show. Settings, the list of shows, devices kept for the venue. */
export class DeskStore {
  readonly db: Db;
  /** views ask for settings and shows many times a second; only this object writes them */
  readonly #settings: Map<string, unknown>;
  #shows: ShowRow[] | null = null;

  constructor(dataDir: string) {
    this.db = openDatabase(join(dataDir, 'desk.db'), [DESK_MIGRATION, DEVICES_MIGRATION]);
    const rows = this.db.prepare('SELECT key, value FROM setting').all() as { key: string; value: string }[];
    this.#settings = new Map(rows.map(({ key, value }) => [key, JSON.parse(value) as unknown]));
  }

  setting(key: string): unknown {
    return this.#settings.get(key);
  }

  setSetting(key: string, value: unknown): void {
    this.db
      .prepare('INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
      .run(key, JSON.stringify(value));
    this.#settings.set(key, value);
  }

  /** Newest first. */
  shows(): readonly ShowRow[] {
    return (this.#shows ??= this.#readShows());
  }

  #readShows(): ShowRow[] {
    const rows = this.db
      .prepare(
        'SELECT id, folder, name, phase, starts_at AS startsAt, demo, made_at AS madeAt FROM show ORDER BY made_at DESC, id',
      )
      .all() as (Omit<ShowRow, 'demo'> & { demo: number })[];
    return rows.map((row) => ({ ...row, demo: row.demo === 1 }));
  }

  saveShow(row: ShowRow): void {
    this.#shows = null;
    this.db
      .prepare(
        `INSERT INTO show (id, folder, name, phase, starts_at, demo, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, phase = excluded.phase, starts_at = excluded.starts_at`,
      )
      .run(row.id, row.folder, row.name, row.phase, row.startsAt, row.demo ? 1 : 0, row.madeAt);
  }

  forgetShow(id: string): void {
    this.#shows = null;
    this.db.prepare('DELETE FROM show WHERE id = ?').run(id);
  }

  close(): void {
    this.db.close();
  }
}
