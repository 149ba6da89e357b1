import Database from 'better-sqlite3';
import { join } from 'node:path';

/** Another hub holds this data folder: exit 3, nothing touched. */
export class FolderInUse extends Error {}

/**
 * Holds the data folder for this process by an exclusive transaction on a tiny database: the system lets go of it when
 * the process dies, however it dies.
 *
 * @returns lets go
 * @throws FolderInUse
 */
export function lockFolder(dataDir: string): () => void {
  const db = new Database(join(dataDir, 'lock.db'), { timeout: 200 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    db.close();
    throw new FolderInUse(
      `Another Dropdesk hub is using the data folder ${dataDir}. Stop it first, or choose another folder.`,
      { cause },
    );
  }
  return () => db.close();
}
