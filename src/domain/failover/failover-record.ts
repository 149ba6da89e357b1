import type { BodyOf, Entry } from '../ledger.ts';
import type { Instant } from '../units.ts';
import type { FailoverAction, FailoverMode } from '../words.ts';

/** What the ledger tells of failover: how it is armed, and every action with its end. */
export interface FailoverRecord {
  mode: FailoverMode;
  armedBy: string | null;
  lockedWhy: string | null;
  /** oldest first */
  actions: FailoverDeed[];
}

export interface FailoverDeed {
  action: string;
  what: FailoverAction;
  from: string | null;
  to: string | null;
  why: string;
  by: string | null;
  at: Instant;
  state: 'would-have' | 'proposed' | 'started' | 'finished' | 'failed' | 'cancelled';
  tookMs: number | null;
}

export function initialFailoverRecord(): FailoverRecord {
  return { mode: 'observe', armedBy: null, lockedWhy: null, actions: [] };
}

export function evolveFailover(record: FailoverRecord, entry: Entry): void {
  switch (entry.kind) {
    case 'failover.armed':
      Object.assign(record, { mode: entry.body.mode, armedBy: entry.body.by, lockedWhy: null });
      break;
    case 'failover.disarmed':
      Object.assign(record, { mode: 'observe', armedBy: null });
      break;
    case 'failover.proposed':
      keep(record, entry.body, entry.at, {
        why: entry.body.why,
        state: entry.body.wouldHave ? 'would-have' : 'proposed',
      });
      break;
    case 'failover.started':
      keep(record, entry.body, entry.at, { why: entry.body.why, by: entry.body.by, state: 'started' });
      break;
    case 'failover.finished':
      keep(record, entry.body, entry.at, { state: 'finished', tookMs: entry.body.tookMs });
      break;
    case 'failover.failed':
      keep(record, entry.body, entry.at, { why: entry.body.why, state: 'failed', tookMs: entry.body.tookMs });
      break;
    case 'failover.cancelled':
      keep(record, entry.body, entry.at, { why: entry.body.why, by: entry.body.by, state: 'cancelled' });
      break;
    case 'failover.locked':
      record.lockedWhy = entry.body.why;
      break;
  }
}

type Move = Pick<BodyOf<'failover.finished'>, 'action' | 'what' | 'from' | 'to'>;

function keep(
  record: FailoverRecord,
  { action, what, from, to }: Move,
  at: Instant,
  change: Partial<FailoverDeed>,
): void {
  const known = record.actions.findLast((deed) => deed.action === action);
  if (known) Object.assign(known, change);
  else
    record.actions.push({ action, what, from, to, why: '', by: null, at, state: 'proposed', tookMs: null, ...change });
}
