import Database from 'better-sqlite3';
import { chmodSync, existsSync } from 'node:fs';

export type Db = Database.Database;

/** SQLite's own code of an error or of what caused it (`SQLITE_FULL` …); null when no database was involved. */
export function sqliteCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const code = 'code' in error ? String(error.code) : '';
  return code.startsWith('SQLITE_') ? code : sqliteCode(error.cause);
}

/** Thrown when a file was written by a newer Dropdesk: it is left untouched. */
export class NewerFile extends Error {}

/** SQLite below this may lose a WAL reset (sqlite.org/wal.html#walresetbug). */
const LOWEST_SQLITE = [3, 51, 3] as const;

/**
 * Opens a database for writing with every pragma that durability rests on, runs the migrations that are missing, and
 * reads the pragmas back after that first write: better-sqlite3 is compiled so that WAL alone would run at NORMAL, and
 * the pragma only tells the truth once something was written.
 *
 * @param migrations SQL texts; number n brings `user_version` from n to n + 1
 * @throws NewerFile when the file has more migrations than this program knows
 */
export function openDatabase(path: string, migrations: readonly string[]): Db {
  const isNew = !existsSync(path);
  const db = new Database(path);
  try {
    assertVersion(db);
    setPragmas(db);
    migrate(db, path, migrations);
    db.exec('CREATE TABLE IF NOT EXISTS opened (id INTEGER PRIMARY KEY CHECK (id = 1), times INTEGER NOT NULL)');
    db.exec('INSERT INTO opened VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET times = times + 1');
    assertPragmas(db, path);
    if (isNew) chmodSync(path, 0o600);
    return db;
  } catch (cause) {
    db.close();
    throw cause;
  }
}

/** A second connection on a file that the hub has open, for a thread that reads while the hub goes on writing. */
export function openForReading(path: string): Db {
  return new Database(path, { readonly: true, fileMustExist: true });
}

/** What the connection really runs with; shown in `state.storage.pragmas`. */
export function readPragmas(db: Db): Record<string, string | number> {
  const names = [
    'journal_mode',
    'synchronous',
    'foreign_keys',
    'busy_timeout',
    'trusted_schema',
    'fullfsync',
    'secure_delete',
  ];
  return Object.fromEntries(names.map((name) => [name, db.pragma(name, { simple: true }) as string | number]));
}

function setPragmas(db: Db): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('busy_timeout = 5000');
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  db.pragma('mmap_size = 0');
  db.pragma('secure_delete = ON');
  db.pragma('wal_autocheckpoint = 1000');
  db.pragma('journal_size_limit = 67108864');
  // Plain fsync does not flush the drive on macOS (sqlite.org/pragma.html#pragma_fullfsync).
  if (process.platform === 'darwin') {
    db.pragma('fullfsync = ON');
    db.pragma('checkpoint_fullfsync = ON');
  }
}

function assertPragmas(db: Db, path: string): void {
  const is = readPragmas(db);
  const wrong = [
    is['journal_mode'] !== 'wal' && 'journal_mode is not WAL',
    is['synchronous'] !== 2 && 'synchronous is not FULL',
    is['foreign_keys'] !== 1 && 'foreign_keys is off',
    process.platform === 'darwin' && is['fullfsync'] !== 1 && 'fullfsync is off',
  ].filter(Boolean);
  if (wrong.length > 0) throw new Error(`${path} cannot be trusted with sales: ${wrong.join(', ')}`);
}

function assertVersion(db: Db): void {
  const version = String(db.prepare('SELECT sqlite_version()').pluck().get());
  const parts = version.split('.').map(Number);
  const isOlder = LOWEST_SQLITE.map((want, i) => (parts[i] ?? 0) - want).find((d) => d !== 0) ?? 0;
  if (isOlder < 0) throw new Error(`SQLite ${version} is too old, ${LOWEST_SQLITE.join('.')} is needed`);
}

function migrate(db: Db, path: string, migrations: readonly string[]): void {
  const at = db.pragma('user_version', { simple: true }) as number;
  if (at > migrations.length)
    throw new NewerFile(`${path} was written by a newer Dropdesk. Update Dropdesk to open it.`);
  if (at === migrations.length) return;
  db.transaction(() => {
    for (const sql of migrations.slice(at)) db.exec(sql);
    db.pragma(`user_version = ${migrations.length}`);
  })();
}
