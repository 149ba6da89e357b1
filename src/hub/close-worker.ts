import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { CloseNews, CloseTask } from './close-thread.ts';
import { CloseWriteError } from './closing/close-job.ts';
import { writeClose } from './closing/write-close.ts';
import { measuredViewers } from './measured-viewers.ts';
import { openForReading } from './store/database.ts';
import { Ledger } from './store/ledger.ts';
import { SampleStore } from './store/samples.ts';

/** The thread behind close-thread.ts: reads the show by a connection of its own, writes the files, says how far it is. */
const task = workerData as CloseTask;
const say = (news: CloseNews): void => parentPort?.postMessage(news);
const db = openForReading(join(task.folder, 'show.db'));
const samples = new SampleStore(db);
try {
  const set = await writeClose({
    ...task,
    entries: new Ledger(db).entries(),
    readViewers: (from, to) => measuredViewers((...range) => samples.series(...range), from, to),
    readRecordClock: (from, to) =>
      samples.series('obs', 'recordMs', from, to).map(({ at, value }) => ({ at, outputMs: value })),
    onProgress: (progress) => say({ kind: 'progress', progress }),
  });
  say({ kind: 'written', set });
} catch (error) {
  if (!(error instanceof CloseWriteError)) throw error;
  say({ kind: 'write-failed', file: error.file, cause: error.reason });
} finally {
  db.close();
}
