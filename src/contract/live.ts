import type { Instant } from '../domain/units.ts';
import type { ConnectorView, DeskState, ImportView, StorageView, WrittenFile } from './desk-state.ts';
import type { AuditView } from './audit-state.ts';
import type { FailoverView } from './failover-state.ts';
import type { StreamView } from './stream-state.ts';

/** What the hub knows besides the ledger: the present, gone at a restart. */
export interface Live {
  epoch: string | null;
  stream: StreamView;
  failover: FailoverView;
  audit: AuditView;
  recording: DeskState['recording'];
  /** device id → what its connection says */
  presence: ReadonlyMap<string, Presence>;
  storage: StorageView;
  connectors: ConnectorView[];
  imports: ImportView[];
  shows: DeskState['shows'];
  settings: Record<string, unknown>;
  floor: DeskState['floor'];
  ingest: DeskState['ingest'];
  /** files already written for this show */
  files: WrittenFile[];
  closeProgress: { step: string; done: number; total: number } | null;
  /** decided shows of the same series before this one that were not to be scaled (VER-10) */
  earlierWithoutScale: number;
  unsettledLetters: number;
  /** messages from outside that are kept and not booked yet; counted while the show closes */
  pendingLetters?: number;
  /** the newest of them */
  letters: { id: string; source: string; problem: string; at: Instant }[];
  /** shops that were not read since the show began to close, by name */
  behind: string[];
}

export interface Presence {
  state: 'online' | 'stale' | 'offline';
  lastSeen: number;
  awake: string | null;
  unsent: number;
  /** screens whose page is visible count as seen */
  visible: boolean;
}
