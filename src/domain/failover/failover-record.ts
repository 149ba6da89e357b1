import type { BodyOf, Entry } from '../ledger.ts';
import type { Instant } from '../units.ts';
import type { FailoverAction, FailoverMode } from '../words.ts';

/** What the ledger tells of failover: how it is armed, every action with its end, the slate and the recording. */
export interface FailoverRecord {
  mode: FailoverMode;
  armedBy: string | null;
  lockedWhy: string | null;
  /** oldest first */
  actions: FailoverDeed[];
  /** the slate is on the air since, and what it hides; null: it is not, as far as the ledger knows */
  slate: { since: Instant; remembered: string | null } | null;
  /** how often the machine has started a recording by itself: once is all (STR-86) */
  recordingsEnsured: number;
}

export interface FailoverDeed {
  action: string;
  what: FailoverAction;
  from: string | null;
  to: string | null;
  why: string;
  /** who began it, or said no to it; null: nobody yet */
  by: string | null;
  /** of its first fact */
  at: Instant;
  startedAt: Instant | null;
  endedAt: Instant | null;
  state: 'would-have' | 'proposed' | 'started' | 'finished' | 'failed' | 'cancelled';
  tookMs: number | null;
}

export function initialFailoverRecord(): FailoverRecord {
  return { mode: 'observe', armedBy: null, lockedWhy: null, actions: [], slate: null, recordingsEnsured: 0 };
}

export function evolveFailover(record: FailoverRecord, entry: Entry): void {
  switch (entry.kind) {
    case 'failover.armed':
      Object.assign(record, { mode: entry.body.mode, armedBy: entry.body.by, lockedWhy: null });
      break;
    case 'failover.disarmed':
      Object.assign(record, { mode: 'observe', armedBy: null });
      // A person who turns it off has answered the lock too; an ended show needs no answer.
      record.lockedWhy = null;
      break;
    case 'failover.locked':
      record.lockedWhy = entry.body.why;
      break;
    case 'slate.shown':
      record.slate = { since: entry.at, remembered: entry.body.remembered };
      break;
    case 'slate.cleared':
      record.slate = null;
      break;
    case 'recording.ensured':
      if (entry.body.action === null) record.recordingsEnsured += 1;
      break;
    default:
      evolveDeeds(record, entry);
  }
}

/** Asked for and not answered, or under way: what a restart must settle, and what an alarm is about. */
export function openDeeds({ actions }: FailoverRecord): FailoverDeed[] {
  return actions.filter(({ state }) => state === 'proposed' || state === 'started');
}

function evolveDeeds(record: FailoverRecord, entry: Entry): void {
  const { at } = entry;
  switch (entry.kind) {
    case 'failover.proposed': {
      const state = entry.body.wouldHave ? 'would-have' : 'proposed';
      keep(record, entry.body, at, { why: entry.body.why, state, endedAt: entry.body.wouldHave ? at : null });
      break;
    }
    case 'failover.started':
      keep(record, entry.body, at, { why: entry.body.why, by: entry.body.by, state: 'started', startedAt: at });
      break;
    case 'failover.finished':
      keep(record, entry.body, at, { state: 'finished', tookMs: entry.body.tookMs, endedAt: at });
      break;
    case 'failover.failed':
      keep(record, entry.body, at, {
        why: entry.body.why,
        state: 'failed',
        tookMs: entry.body.tookMs,
        endedAt: at,
      });
      break;
    case 'failover.cancelled':
      keep(record, entry.body, at, { why: entry.body.why, by: entry.body.by, state: 'cancelled', endedAt: at });
      break;
  }
}

type Move = Pick<BodyOf<'failover.finished'>, 'action' | 'what' | 'from' | 'to'>;

function keep(record: FailoverRecord, move: Move, at: Instant, change: Partial<FailoverDeed>): void {
  const { action, what, from, to } = move;
  const known = record.actions.findLast((deed) => deed.action === action);
  if (known) Object.assign(known, change);
  else {
    const fresh = { why: '', by: null, startedAt: null, endedAt: null, tookMs: null, state: 'proposed' } as const;
    record.actions.push({ action, what, from, to, at, ...fresh, ...change });
  }
}
