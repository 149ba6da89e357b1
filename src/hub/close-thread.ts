import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type CloseJob, type CloseProgress, CloseWriteError, type WrittenSet } from './closing/close-job.ts';

/** What the thread is told; everything else it reads from the show's file. */
export type CloseTask = Pick<CloseJob, 'showId' | 'folder' | 'version' | 'ledgerSeq' | 'settings' | 'cohorts'>;

/** What the thread says. */
export type CloseNews =
  | { kind: 'progress'; progress: CloseProgress }
  | { kind: 'written'; set: WrittenSet }
  | { kind: 'write-failed'; file: string; cause: string };

/** Built, this file and the thread's lie in out/main; unbuilt, both are TypeScript in src/hub. */
const SCRIPT = join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? 'close-worker.ts' : 'close-worker.js');

/**
 * Writes the files of a close in a thread of its own: for seconds it computes and packs, while the hub must answer tills
 * and heartbeats.
 *
 * @throws CloseWriteError when a file cannot be written; nothing is left then
 */
export function writeCloseApart(task: CloseTask, onProgress: (progress: CloseProgress) => void): Promise<WrittenSet> {
  return new Promise((done, fail) => {
    const worker = new Worker(SCRIPT, { workerData: task });
    worker.on('message', (news: CloseNews) => {
      if (news.kind === 'progress') onProgress(news.progress);
      else if (news.kind === 'written') done(news.set);
      else fail(new CloseWriteError(news.file, news.cause));
    });
    worker.once('error', (cause) => fail(new Error('write the files of the close', { cause })));
    worker.once('exit', (code) => fail(new Error(`the thread that writes the close ended with ${code}`)));
  });
}
