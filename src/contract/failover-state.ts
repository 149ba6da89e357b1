import type { FailoverDeed } from '../domain/failover/failover-record.ts';
import type { Iso } from '../domain/units.ts';
import type { FailoverAction, FailoverMode, FailoverWord, IngestLabel } from '../domain/words.ts';

/** What can be done about a stream in trouble, and what is being done. */
export interface FailoverView {
  mode: FailoverMode;
  state: FailoverWord;
  /** how the ingest would be changed: behind our own relay, or in OBS; null: not at all */
  tier: 'relay' | 'direct' | null;
  /** which ingest the stream goes to, as far as we know */
  ingest: IngestLabel | null;
  /** what can be asked for now; a sentence says why not */
  can: Record<FailoverAction, { ready: boolean; why: string | null }>;
  /** a proposal that waits for a person, or an act that is counted down to (`actsAt`) */
  pending: { action: string; what: FailoverAction; why: string; since: Iso; actsAt: Iso | null } | null;
  /** guard time that runs until a proposal or an act */
  counting: { what: FailoverAction; dueAt: Iso } | null;
  running: { action: string; what: FailoverAction; step: string; since: Iso } | null;
  lockedWhy: string | null;
  slateOn: boolean;
  /** honest words about what a slate cannot do now (STR-85); null: nothing to say */
  notice: string | null;
  /** when OBS, waiting in its back-off, tries again by itself; null: it does not wait */
  retryAt: Iso | null;
  /** newest first, at most 20 */
  history: (Omit<FailoverDeed, 'at' | 'startedAt' | 'endedAt'> & { at: Iso })[];
}
