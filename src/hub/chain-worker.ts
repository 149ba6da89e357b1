import { workerData } from 'node:worker_threads';
import { type ChainTask, FINDING } from './chain-check.ts';
import { openForReading } from './store/database.ts';
import { BrokenChain, Ledger } from './store/ledger.ts';

/** The thread behind chain-check.ts. */
const { path, cells } = workerData as ChainTask;
const FAILED = 3;
let finding: number = FAILED;
try {
  const db = openForReading(path);
  new Ledger(db).verify();
  db.close();
  finding = FINDING.whole;
} catch (error) {
  if (error instanceof BrokenChain) {
    Atomics.store(cells, 1, error.badSeq);
    finding = FINDING.broken;
  }
} finally {
  Atomics.store(cells, 0, finding);
  Atomics.notify(cells, 0);
}
