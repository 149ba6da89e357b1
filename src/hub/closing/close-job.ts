import type { Entry } from '../../domain/ledger.ts';
import type { MomentSettings } from '../../domain/moments-input.ts';
import type { CohortSettings } from '../../domain/show-cohorts.ts';
import type { Instant } from '../../domain/units.ts';
import type { WrittenFile } from '../../contract/desk-state.ts';

/** Everything the writers need, handed over by the hub; they read no clock, no setting and no database of their own. */
export interface CloseJob {
  showId: string;
  /** the show's folder; `close-v<version>/` appears in it by one rename */
  folder: string;
  version: number;
  /** the whole ledger in order; read up to the pin and no further */
  entries: Iterable<Entry>;
  /** seq of `close.pinned` */
  ledgerSeq: number;
  settings: Partial<MomentSettings>;
  /** bar and clock of the verdict, and how many shows of the series went before */
  cohorts: CohortSettings;
  /** viewer counts between two instants, in order; empty when nobody counted */
  readViewers: (from: Instant, to: Instant) => { at: Instant; count: number }[];
  /** OBS's own clock of the recording, in order: what `GetRecordStatus` said and when */
  readRecordClock: (from: Instant, to: Instant) => { at: Instant; outputMs: number }[];
  onProgress: (progress: CloseProgress) => void;
}

export interface CloseProgress {
  step: CloseProgressStep;
  done: number;
  total: number;
}

export const CLOSE_STEPS = ['pin', 'moments', 'probe', 'clips', 'report', 'xlsx', 'csv', 'check', 'rename'] as const;
export type CloseProgressStep = (typeof CLOSE_STEPS)[number];

/** What `show.closed` says. Paths are relative to the show's folder. */
export interface WrittenSet {
  files: WrittenFile[];
  contentSha256: string;
  manifestSha256: string;
  /** rows of `checks` that do not tie; the report carries them in red */
  failedChecks: string[];
}

/** A file could not be written: `write-failed`, state unchanged, nothing left behind. */
export class CloseWriteError extends Error {
  readonly file: string;
  /** what the system said */
  readonly reason: string;
  constructor(file: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`write ${file}: ${reason}`, { cause });
    this.name = 'CloseWriteError';
    this.file = file;
    this.reason = reason;
  }
}
