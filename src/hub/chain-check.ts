import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Built, this file and the thread's lie in out/main; unbuilt, both are TypeScript in src/hub. */
const SCRIPT = join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? 'chain-worker.ts' : 'chain-worker.js');
const PATIENCE_MS = 60_000;

/** Cells that the thread shares: what it found, and where the chain breaks. */
export const FINDING = { pending: 0, whole: 1, broken: 2 } as const;
export interface ChainTask {
  path: string;
  cells: Int32Array;
}

export interface ChainCheck {
  /**
   * Waits for the thread, blocking: a show whose chain is unproven must not be sold into.
   *
   * @returns the first entry that does not follow, null when all do, `unknown` when the thread could not tell
   */
  finding(): number | null | 'unknown';
}

/** Checks a ledger's chain in a thread of its own, on the second core, while this one folds the same entries. */
export function checkChainApart(path: string): ChainCheck {
  const cells = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(SCRIPT, { workerData: { path, cells } satisfies ChainTask });
  // A thread that fails says nothing, and then the chain is checked here.
  worker.once('error', () => undefined);
  worker.unref();
  return {
    finding: () => {
      Atomics.wait(cells, 0, FINDING.pending, PATIENCE_MS);
      const found = Atomics.load(cells, 0);
      if (found === FINDING.whole) return null;
      return found === FINDING.broken ? Atomics.load(cells, 1) : 'unknown';
    },
  };
}
