import type { FailoverDeed, FailoverRecord } from '../../domain/failover/failover-record.ts';
import { noticeOf } from '../../domain/failover/machine.ts';
import type { FailoverMachine, Look } from '../../domain/failover/machine-state.ts';
import { type Duration, type Iso, type Now, toIso } from '../../domain/units.ts';
import type { FailoverView } from '../failover-state.ts';

const HISTORY = 20;

export interface FailoverSeen {
  machine: FailoverMachine;
  /** null while nothing is watched */
  look: Look | null;
  record: FailoverRecord | null;
  /** of the running action */
  step: string;
  can: FailoverView['can'];
  now: Now;
}

/** Failover as the desk shows it: what can be asked, what is proposed, counted down or running, and what was. */
export function failoverView({ machine, look, record, step, can, now }: FailoverSeen): FailoverView {
  const { pending, counting, running } = machine;
  const isoOf = (ms: Duration): Iso => toIso(Math.round(now.at + (ms - now.mono)));
  return {
    mode: machine.mode,
    state: machine.word,
    tier: look?.tier ?? null,
    ingest: look?.ingest ?? null,
    can,
    pending:
      pending === null || pending.action === null
        ? null
        : {
            action: pending.action,
            what: pending.what,
            why: pending.why,
            since: isoOf(pending.sinceMs),
            actsAt: pending.actsAtMs === null ? null : isoOf(pending.actsAtMs),
          },
    counting: counting === null ? null : { what: counting.what, dueAt: isoOf(counting.dueMs) },
    running:
      running === null || running.action === null
        ? null
        : { action: running.action, what: running.what, step, since: isoOf(running.sinceMs) },
    lockedWhy: machine.lockedWhy,
    slateOn: look !== null && look.slateScene !== null && look.sight.scene === look.slateScene,
    notice: look === null ? null : noticeOf(look),
    retryAt: look === null || look.retryInMs === null ? null : isoOf(look.ms + look.retryInMs),
    history: (record?.actions ?? []).slice(-HISTORY).reverse().map(deedView),
  };
}

function deedView({
  action,
  what,
  from,
  to,
  why,
  by,
  at,
  state,
  tookMs,
}: FailoverDeed): FailoverView['history'][number] {
  return { action, what, from, to, why, by, at: toIso(at), state, tookMs };
}
